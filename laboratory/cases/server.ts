/** The name service, the certificate, and the server. */
import { setTimeout as wait } from 'node:timers/promises'
import type { LaboratoryCase } from '../case.ts'

export const NAME_SERVICE: readonly LaboratoryCase[] = [
  {
    name: 'names-silent',
    what: 'the name service answers nobody',
    truth: ['name-service'],
    from: ['venue', 'elsewhere'],
    disturbs: ['venue', 'elsewhere'],
    make: (world) => world.order('names', 'mode', 'silent'),
  },
  {
    name: 'names-fail',
    what: 'the name service answers that it cannot answer',
    truth: ['name-service'],
    from: ['venue', 'elsewhere'],
    disturbs: ['venue', 'elsewhere'],
    make: (world) => world.order('names', 'mode', 'fails'),
  },
  {
    name: 'name-forgotten',
    what: "the name service does not know the server's name any more, and the encoder has to connect again",
    truth: ['name-service'],
    from: ['venue', 'elsewhere'],
    make: async (world) => {
      await world.order('names', 'forget', 'ingest.lab')
      await world.order('encoder', 'crash')
    },
  },
  {
    name: 'certificate-expired',
    what: "the server's certificate ran out yesterday",
    truth: ['name-service'],
    from: ['venue', 'elsewhere'],
    secure: true,
    make: async (world) => {
      const request = { names: ['DNS:ingest.lab'], from: '20260101000000Z', until: '20260201000000Z' }
      await world.order('secure', 'certificate', JSON.stringify(await world.certificate(request)))
    },
  },
  {
    name: 'certificate-of-another',
    what: "the server's certificate is for another name",
    truth: ['name-service'],
    from: ['venue', 'elsewhere'],
    secure: true,
    make: async (world) => {
      const certificate = await world.certificate({ names: ['DNS:other.lab'] })
      await world.order('secure', 'certificate', JSON.stringify(certificate))
    },
  },
  {
    name: 'certificate-of-nobody',
    what: "the server's certificate vouches for itself",
    truth: ['name-service'],
    from: ['venue', 'elsewhere'],
    secure: true,
    make: async (world) => {
      const certificate = await world.certificate({ names: ['DNS:ingest.lab'], selfSigned: true })
      await world.order('secure', 'certificate', JSON.stringify(certificate))
    },
  },
]

const PUSH = { push: 'rtmp://44.0.4.2/live/main' }

export const SERVER: readonly LaboratoryCase[] = [
  {
    name: 'server-killed',
    what: 'the server is killed',
    truth: ['server'],
    make: (world) => world.process('nginx-server').kill(),
  },
  {
    name: 'server-hangs',
    what: 'the server hangs (SIGSTOP)',
    truth: ['server'],
    make: (world) => world.process('nginx-server').freeze(),
  },
  {
    name: 'server-computer-off',
    what: 'the computer of the server loses its network',
    truth: ['server'],
    make: ({ networks }) => networks.cable('centre', 'rack1', false),
  },
  {
    name: 'server-centre-cut',
    what: 'the data centre of the server is cut from the internet',
    truth: { venue: ['server'], server: ['server', 'monitor-network'], elsewhere: ['server'] },
    disturbs: ['server'],
    make: ({ networks }) => networks.cable('centre', 'out', false),
  },
  {
    name: 'server-refuses-publisher',
    what: 'the server begins anew and takes no publisher any more',
    truth: ['server'],
    make: (world) => world.serve('server', { application: 'deny publish all;' }),
  },
  {
    name: 'server-refuses-players',
    what: 'the server begins anew and lets nobody play',
    truth: ['server'],
    make: (world) => world.serve('server', { ...PUSH, application: 'deny play all;' }),
  },
  {
    name: 'server-full',
    what: 'the server begins anew and takes a single connection',
    truth: ['server'],
    make: (world) => world.serve('server', { ...PUSH, maxConnections: 1 }),
  },
  {
    name: 'server-without-application',
    what: 'the server begins anew without the application',
    truth: ['server'],
    make: (world) => world.serve('server', { name: 'other' }),
  },
  {
    name: 'server-sends-slowly',
    what: 'what leaves the server is narrowed to 700 kb/s',
    truth: ['server'],
    make: ({ networks }) => networks.rate('server', 'lan', 700_000),
  },
  {
    name: 'server-loses',
    what: 'the server loses 50 % of what it sends',
    truth: ['server'],
    make: ({ networks }) => networks.rules('server', [['output', 'numgen random mod 100 < 50 drop']]),
  },
  {
    name: 'server-starved',
    what: 'the server gets no time for 3 of 4 s (SIGSTOP and SIGCONT)',
    truth: ['server'],
    make: (world) =>
      world.again(4000, async () => {
        world.process('nginx-server').freeze()
        await wait(3000)
        world.process('nginx-server').resume()
      }),
  },
  {
    name: 'server-port-closed',
    what: 'a firewall at the server drops RTMP without a word',
    truth: ['server'],
    make: ({ networks }) =>
      networks.rules('server', [
        ['input', 'tcp dport 1935 drop'],
        ['output', 'tcp sport 1935 drop'],
      ]),
  },
]
