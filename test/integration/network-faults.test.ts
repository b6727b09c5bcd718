import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Kind, Observation } from '../../src/observation/observation.ts'
import { type Certificate, selfSignedCertificate } from '../fixtures/certificate.ts'
import { makeNetwork, type Network } from '../fixtures/network-namespace.ts'
import { until } from '../fixtures/wait.ts'
import type { Place } from './network-faults.child.ts'

const PORTS = { reset: 7001, silent: 7002, untrusted: 7003, nothing: 7004 } as const
const file = (name: string) => fileURLToPath(new URL(name, import.meta.url))

/** What a fault of the network makes of a target of each kind. `-`: it does not befall that kind. */
interface Fault {
  what: string
  place: Omit<Place, 'name'>
  /** Of the kinds whose target is the server itself: it is down, for one of these reasons. */
  down: RegExp | null
  /** Of those that measure something else by way of a server: nothing is known of that. */
  code: RegExp
  /** What a ping, which knows no ports, finds. */
  ping: 'ok' | RegExp
}

/** Their target is no server, but what is behind it: an event, the room of a connection. */
const BY_WAY_OF: ReadonlySet<Kind> = new Set(['bandwidth', 'platform'])

const faults = (host: string): Record<string, Fault> => ({
  silentnames: {
    what: 'a name service that does not answer',
    place: { host: 'silent.example.test', port: PORTS.silent, tls: false },
    down: null,
    code: /^dns-failed$/,
    ping: /^dns-failed$/,
  },
  noname: {
    what: 'a name that the name service does not know',
    place: { host: 'unknown.example.test', port: PORTS.silent, tls: false },
    down: /name/,
    code: /^(name-not-found|unreachable)$/,
    ping: /^name-not-found$/,
  },
  refused: {
    what: 'a port on which nothing listens',
    place: { host, port: PORTS.nothing, tls: false },
    down: /refuse|nothing listens/,
    code: /^(refused|unreachable)$/,
    ping: 'ok',
  },
  noroute: {
    what: 'a network to which there is no route',
    place: { host: '10.250.0.1', port: PORTS.silent, tls: false },
    down: /no route|no way|cannot be reached/,
    code: /^unreachable$/,
    ping: /^no-network$/,
  },
  reset: {
    what: 'a server that resets every connection',
    place: { host, port: PORTS.reset, tls: false },
    down: /clos|end|break/,
    code: /^(wrong-answer|unreachable)$/,
    ping: 'ok',
  },
  silent: {
    what: 'a server that accepts connections and is silent',
    place: { host, port: PORTS.silent, tls: false },
    down: /does not answer|in time|no media|not go on|stays silent/,
    code: /^timeout$/,
    ping: 'ok',
  },
  untrusted: {
    what: 'a certificate that nobody vouches for',
    place: { host, port: PORTS.untrusted, tls: true },
    down: /certificate|TLS|clos|end/,
    code: /^(tls-invalid|unreachable)$/,
    ping: 'ok',
  },
})

describe('One fault of the network is one verdict, whatever the kind', () => {
  let network: Network
  let certificate: Certificate
  let folder: string
  let table: Record<string, Fault>
  const all = new Map<string, Observation[]>()

  before(async () => {
    network = await makeNetwork()
    certificate = await selfSignedCertificate()
    folder = await mkdtemp(join(tmpdir(), 'network-faults-'))
    const server = await network.addHost()
    table = faults(server.address)
    let isListening = false
    const { key, cert } = certificate
    await server.start(process.execPath, [file('network-faults.peer.ts'), JSON.stringify([PORTS, { key, cert }])], {
      onOutput: (text) => {
        isListening ||= text.includes('listening')
      },
    })
    await until(() => isListening, 20, 'the servers listen')
    await writeFile(join(folder, 'resolv.conf'), `nameserver ${server.address}\n`)
    // A name that hangs takes one of the two threads that look up names, so it has a process of its own.
    const places = Object.entries(table).map(([name, { place }]) => ({ name, ...place }))
    await watch(places.filter(({ name }) => name === 'silentnames'))
    await watch(places.filter(({ name }) => name !== 'silentnames'))
  })
  after(async () => {
    await network.remove()
    await certificate.remove()
    await rm(folder, { recursive: true, force: true })
  })

  /** With the name service of the test: what is mounted within a namespace is seen by nobody else. */
  async function watch(places: readonly Place[]): Promise<void> {
    let text = ''
    const script = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'
    const command = [process.execPath, file('network-faults.child.ts'), JSON.stringify(places)]
    await network.monitor.start('sh', ['-c', script, 'sh', join(folder, 'resolv.conf'), ...command], {
      onOutput: (chunk) => {
        const lines = (text + chunk).split('\n')
        text = lines.pop() ?? ''
        for (const line of lines.filter((one) => one.startsWith('{'))) {
          const observation: Observation = JSON.parse(line)
          all.set(observation.target, [...(all.get(observation.target) ?? []), observation])
        }
      },
    })
  }

  const targets = (kind: Kind, name: string) =>
    kind === 'stream' ? [`stream-${name}-static`, `stream-${name}-system`] : [`${kind}-${name}`]
  const words = ({ error, issues }: Observation) =>
    [error?.message, ...issues.map(({ summary }) => summary)].filter(Boolean).join(' ')

  for (const name of Object.keys(faults(''))) {
    for (const kind of Object.keys(KINDS) as Kind[]) {
      it(`${faults('')[name]?.what}: ${kind}`, async () => {
        const fault = table[name]
        assert.ok(fault)
        for (const target of targets(kind, name)) {
          const seen = () => all.get(target) ?? []
          const code = kind === 'ping' ? fault.ping : fault.code
          const isDown = fault.down !== null && kind !== 'ping' && !BY_WAY_OF.has(kind)
          const isRight = (one: Observation) => {
            if (code === 'ok' && kind === 'ping') return one.state === 'ok'
            if (isDown) return one.state === 'down' && fault.down?.test(words(one)) === true
            return one.state === 'unknown' && code instanceof RegExp && code.test(one.error?.code ?? '')
          }
          await until(
            () => seen().some(isRight),
            40,
            () => `${target}: ${JSON.stringify(seen().map((one) => [one.state, one.error?.code, words(one)]))}`,
          )
          if (isDown || code === 'ok') continue
          const others = seen().filter(({ state }) => state !== 'unknown')
          assert.deepEqual(
            others.map((one) => [one.state, words(one)]),
            [],
            `${target} is never anything but unknown`,
          )
        }
      })
    }
  }
})
