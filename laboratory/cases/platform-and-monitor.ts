/** The platform, the monitor itself, and two faults at once. */
import { setTimeout as wait } from 'node:timers/promises'
import type { MonitorPlace } from '../../src/diagnosis/situation.ts'
import type { Location } from '../../src/observation/diagnosis.ts'
import type { LaboratoryCase } from '../case.ts'

const ONLY_THERE: readonly Location[] = []

/** Wrong where this monitor is, and well for every other one. */
const at = (place: MonitorPlace, location: Location) => ({
  ...{ venue: ONLY_THERE, server: ONLY_THERE, elsewhere: ONLY_THERE },
  [place]: [location],
})

export const PLATFORM: readonly LaboratoryCase[] = [
  {
    name: 'platform-takes-nothing',
    what: 'the ingest of the platform is killed',
    truth: ['platform'],
    watched: 90,
    make: (world) => world.process('nginx-platform').kill(),
  },
  {
    name: 'platform-refuses',
    what: 'the ingest of the platform begins anew and takes no publisher',
    truth: ['platform'],
    watched: 90,
    make: (world) => world.serve('platform', { tells: true, application: 'deny publish all;' }),
  },
  {
    name: 'platform-error',
    what: 'the platform ends the stream with an error',
    truth: ['platform'],
    make: (world) => world.order('platform', 'phase', 'streamingError'),
  },
  {
    name: 'platform-api-fails',
    what: 'the API of the platform answers 503',
    truth: ['platform'],
    watched: 60,
    make: (world) => world.order('platform', 'fault', JSON.stringify({ fault: 'status', status: 503 })),
  },
  {
    name: 'platform-api-hangs',
    what: 'the API of the platform answers nothing',
    truth: ['platform'],
    watched: 60,
    make: (world) => world.order('platform', 'fault', JSON.stringify({ fault: 'hang' })),
  },
  {
    name: 'platform-token',
    what: 'the token of the account is taken back',
    truth: ['platform'],
    watched: 60,
    make: (world) => world.order('platform', 'token', 'another-token'),
  },
  {
    name: 'platform-event-deleted',
    what: 'the event is deleted',
    truth: ['platform'],
    watched: 60,
    make: (world) => world.order('platform', 'forget'),
  },
  {
    name: 'platform-cut',
    what: 'the whole platform is cut from the internet',
    truth: ['platform'],
    watched: 60,
    make: ({ networks }) => networks.cable('internet', 'platform', false),
  },
]

const CUT = 'the cable of the monitor is pulled'

export const MONITOR: readonly LaboratoryCase[] = [
  {
    name: 'monitor-cable-elsewhere',
    what: `${CUT}, elsewhere`,
    truth: at('elsewhere', 'monitor-network'),
    from: ['venue', 'elsewhere'],
    disturbs: ['elsewhere'],
    make: ({ networks }) => networks.cable('elsewhere', 'out', false),
  },
  {
    name: 'monitor-cable-server',
    what: `${CUT}, beside the server`,
    truth: at('server', 'monitor-network'),
    from: ['venue', 'server'],
    disturbs: ['server'],
    make: ({ networks }) => networks.cable('atServer', 'lan', false),
  },
  {
    name: 'monitor-cable-venue',
    what: `${CUT}, at the venue`,
    truth: at('venue', 'monitor-network'),
    from: ['venue', 'elsewhere'],
    disturbs: ['venue'],
    blind: { venue: 'nothing is reached from there at all: its own cable, or the switch of the venue' },
    make: ({ networks }) => networks.cable('atVenue', 'lan', false),
  },
  {
    name: 'monitor-line-cut',
    what: 'the line of the monitor elsewhere passes nothing on, and its own router answers',
    truth: at('elsewhere', 'monitor-network'),
    from: ['elsewhere'],
    disturbs: ['elsewhere'],
    make: ({ networks }) =>
      networks.rules('internet', [
        ['forward', 'iifname "elsewhere" drop'],
        ['forward', 'oifname "elsewhere" drop'],
      ]),
  },
  {
    name: 'monitor-line-loses',
    what: 'the line of the monitor elsewhere loses 60 % both ways',
    truth: at('elsewhere', 'monitor-network'),
    from: ['venue', 'elsewhere'],
    disturbs: ['elsewhere'],
    make: ({ networks }) =>
      networks.rules('elsewhere', [
        ['input', 'numgen random mod 100 < 60 drop'],
        ['output', 'numgen random mod 100 < 60 drop'],
      ]),
  },
  {
    name: 'monitor-line-narrow',
    what: 'the line of the monitor elsewhere carries 1.2 Mb/s of the 6 that it reads',
    truth: at('elsewhere', 'monitor-network'),
    from: ['elsewhere'],
    disturbs: ['elsewhere'],
    make: ({ networks }) => networks.rate('internet', 'elsewhere', 1_200_000),
  },
  {
    name: 'monitor-stands-still',
    what: 'the monitor elsewhere gets no time for 6 of 9 s (SIGSTOP and SIGCONT)',
    truth: at('elsewhere', 'monitor'),
    from: ['elsewhere'],
    disturbs: ['elsewhere'],
    make: (world) =>
      world.again(9000, async () => {
        world.process('elsewhere').freeze()
        await wait(6000)
        world.process('elsewhere').resume()
      }),
  },
  {
    name: 'monitor-overloaded',
    what: 'something else takes 950 ms of each second in the process of the monitor at the venue',
    truth: at('venue', 'monitor'),
    from: ['venue'],
    disturbs: ['venue'],
    make: (world) => world.order('venue', 'burn', '950'),
  },
]

export const TWO: readonly LaboratoryCase[] = [
  {
    name: 'black-and-api',
    what: 'the picture turns black while the API of the platform fails',
    truth: ['source', 'platform'],
    becomes: { picture: 'black' },
    watched: 60,
    make: async (world) => {
      await world.order('platform', 'fault', JSON.stringify({ fault: 'status', status: 503 }))
      await world.untilThen()
    },
  },
  {
    name: 'narrow-and-silent',
    what: 'the uplink is narrow while the sound is gone',
    truth: ['source', 'uplink'],
    becomes: { sound: 'silence' },
    watched: 60,
    make: async (world) => {
      await world.untilThen()
      await world.networks.rate('gateway', 'uplink', 500_000)
    },
  },
  {
    name: 'server-and-names',
    what: 'the server is killed, and the name service is silent',
    truth: ['server', 'name-service'],
    from: ['venue', 'elsewhere'],
    disturbs: ['venue', 'elsewhere'],
    make: async (world) => {
      await world.process('nginx-server').kill()
      await world.order('names', 'mode', 'silent')
    },
  },
  {
    name: 'uplink-and-platform',
    what: 'the uplink is narrow, and the ingest of the platform is killed',
    truth: ['uplink', 'platform'],
    make: async (world) => {
      await world.networks.rate('gateway', 'uplink', 500_000)
      await world.process('nginx-platform').kill()
    },
  },
  {
    name: 'stopped-and-server',
    what: 'the device is stopped, and then the server is killed',
    truth: ['operator', 'server'],
    make: async (world) => {
      await world.order('encoder', 'stop')
      await world.process('nginx-server').kill()
    },
  },
]
