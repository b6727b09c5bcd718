/**
 * The networks of one world, each a namespace, joined by links like these:
 *
 *   encoder ──┐                                             ┌── server      (10.5.0.10, known as 44.2.0.10)
 *             ├── switch ── gateway ──uplink── internet ── centre
 *   at venue ─┘                                 │           └── beside the server (monitor)
 *                                               ├── far (another server)
 *                                               ├── platform
 *                                               ├── names
 *                                               └── elsewhere (monitor)
 */

import { spawnSync } from 'node:child_process'
import { makeDelayedLink, makePlainLink } from '../test/fixtures/network/joint.ts'
import { PREFIX, removeLeftovers } from '../test/fixtures/network/leftovers.ts'
import { makeNamespace, type Namespace } from '../test/fixtures/network/namespace.ts'

export const PLACES = [
  'encoder',
  'atVenue',
  'switch',
  'gateway',
  'internet',
  'centre',
  'server',
  'atServer',
  'far',
  'platform',
  'names',
  'elsewhere',
] as const
export type PlaceName = (typeof PLACES)[number]

/** The ports of the switch at the venue: who is there, and its address. */
const LAN = [
  ['encoder', '192.168.1.10'],
  ['atVenue', '192.168.1.20'],
  ['gateway', '192.168.1.1'],
] as const satisfies readonly (readonly [PlaceName, string])[]

/** Each end: the namespace, its device there and its address. */
const LINKS = [
  ['internet', 'venue', '44.0.1.1', 'gateway', 'uplink', '44.0.1.2'],
  ['internet', 'centre', '44.0.2.1', 'centre', 'out', '44.0.2.2'],
  ['centre', 'rack1', '10.5.0.1', 'server', 'lan', '10.5.0.10'],
  ['centre', 'rack2', '10.6.0.1', 'atServer', 'lan', '10.6.0.20'],
  ['internet', 'far', '44.0.3.1', 'far', 'out', '44.0.3.2'],
  ['internet', 'platform', '44.0.4.1', 'platform', 'out', '44.0.4.2'],
  ['internet', 'names', '44.0.5.1', 'names', 'out', '44.0.5.53'],
  ['internet', 'elsewhere', '44.0.6.1', 'elsewhere', 'out', '44.0.6.20'],
] as const satisfies readonly (readonly [PlaceName, string, string, PlaceName, string, string])[]

/** Ways beyond the default one: from where, to what, over which neighbour. */
const ROUTES = [
  ['internet', '192.168.0.0/16', '44.0.1.2'],
  ['internet', '44.1.0.0/24', '44.0.1.2'],
  ['internet', '10.0.0.0/8', '44.0.2.2'],
  ['internet', '44.2.0.0/24', '44.0.2.2'],
  ['centre', '44.2.0.10/32', '10.5.0.10'],
  ['gateway', '44.1.0.10/32', '192.168.1.10'],
] as const

export const ADDRESS = {
  encoderAtVenue: '192.168.1.10',
  gatewayInside: '192.168.1.1',
  encoder: '44.1.0.10',
  server: '44.2.0.10',
  serverInside: '10.5.0.10',
  gateway: '44.0.1.2',
  provider: '44.0.1.1',
} as const

export const NAMES = { 'ingest.lab': ADDRESS.server, 'far.lab': '44.0.3.2', 'api.lab': '44.0.4.2' } as const
export const NAME_SERVICE = '44.0.5.53'

export type Direction = 'forward' | 'input' | 'output'

export class Networks {
  readonly #spaces: ReadonlyMap<PlaceName, Namespace>
  readonly #endings: readonly (() => Promise<void>)[]
  readonly #delay: (seconds: number) => void

  private constructor(
    spaces: ReadonlyMap<PlaceName, Namespace>,
    endings: readonly (() => Promise<void>)[],
    delay: (seconds: number) => void,
  ) {
    this.#spaces = spaces
    this.#endings = endings
    this.#delay = delay
    process.once('exit', this.#removeNow)
  }

  /** @param isDelayed the uplink may be delayed later; such a link carries less */
  static async make(name: string, isDelayed: boolean): Promise<Networks> {
    if (process.getuid?.() !== 0) throw new Error('The laboratory makes network namespaces: run it as root')
    removeLeftovers()
    const spaces = new Map<PlaceName, Namespace>()
    const endings: (() => Promise<void>)[] = []
    let delay: (seconds: number) => void = () => {
      throw new Error('The uplink of this case was not made to be delayed')
    }
    const networks = new Networks(spaces, endings, (seconds) => delay(seconds))
    try {
      for (const place of PLACES) spaces.set(place, await makeNamespace(`${PREFIX}${process.pid}-${name}-${place}`))
      const commands = new Map<PlaceName, string[]>(PLACES.map((place) => [place, []]))
      const later = (place: PlaceName, command: string) => commands.get(place)?.push(command)
      later('switch', 'link add lan type bridge')
      for (const [place, address] of LAN) {
        const ends = [
          { space: networks.at('switch'), device: place },
          { space: networks.at(place), device: 'lan' },
        ] as const
        endings.push((await makePlainLink(...ends)).end)
        later('switch', `link set ${place} master lan`)
        later('switch', `link set ${place} up`)
        later(place, `address add ${address}/24 dev lan`)
        later(place, 'link set lan up')
        if (place !== 'gateway') later(place, `route add default via ${ADDRESS.gatewayInside}`)
      }
      later('switch', 'link set lan up')
      for (const [one, device, address, other, farDevice, farAddress] of LINKS) {
        const ends = [
          { space: networks.at(one), device },
          { space: networks.at(other), device: farDevice },
        ] as const
        const isUplink = farDevice === 'uplink'
        const joint = isUplink && isDelayed ? await makeDelayedLink(...ends, 0) : await makePlainLink(...ends)
        if (isUplink && isDelayed) delay = joint.delay
        endings.push(joint.end)
        later(one, `address add ${address}/24 dev ${device}`)
        later(one, `link set ${device} up`)
        later(other, `address add ${farAddress}/24 dev ${farDevice}`)
        later(other, `link set ${farDevice} up`)
        later(other, `route add default via ${address}`)
      }
      later('encoder', `address add ${ADDRESS.encoder}/32 dev lan`)
      later('server', `address add ${ADDRESS.server}/32 dev lan`)
      for (const [at, to, via] of ROUTES) later(at, `route add ${to} via ${via}`)
      for (const [place, lines] of commands) {
        // One program for all of them: each costs a while on a machine that is busy.
        await networks.at(place).run('sh', '-c', `printf '%s\\n' "$@" | ip -batch -`, 'sh', ...lines)
      }
      for (const router of ['gateway', 'internet', 'centre'] as const) await networks.forward(router, true)
      return networks
    } catch (error) {
      await networks.remove()
      throw error
    }
  }

  at(place: PlaceName): Namespace {
    const space = this.#spaces.get(place)
    if (space === undefined) throw new Error(`There is no ${place}`)
    return space
  }

  async forward(router: PlaceName, isOn: boolean): Promise<void> {
    await this.at(router).run('sysctl', '-qw', `net.ipv4.ip_forward=${isOn ? 1 : 0}`)
  }

  /** The rules of nftables at one place, in the place of those before. */
  async rules(place: PlaceName, rules: readonly (readonly [Direction, string])[]): Promise<void> {
    const chains = (['forward', 'input', 'output'] as const).map((chain) => {
      const own = rules.filter(([of]) => of === chain).map(([, rule]) => `${rule};`)
      return `chain ${chain} { type filter hook ${chain} priority 0; policy accept; ${own.join(' ')} }`
    })
    const script = `table inet faults\ndelete table inet faults\ntable inet faults {\n${chains.join('\n')}\n}`
    await this.at(place).run('nft', script)
  }

  /** What leaves a device, in bits per second; null: as much as there is. @param queue milliseconds that wait */
  async rate(place: PlaceName, device: string, bitsPerSecond: number | null, queue = 300): Promise<void> {
    const space = this.at(place)
    if (bitsPerSecond === null) {
      await space.run('tc', 'qdisc', 'del', 'dev', device, 'root').catch(() => {})
      return
    }
    const bucket = Math.max(3000, Math.ceil((bitsPerSecond / 8) * 0.005))
    const limits = ['rate', `${Math.round(bitsPerSecond)}bit`, 'burst', `${bucket}b`, 'latency', `${queue}ms`]
    await space.run('tc', 'qdisc', 'replace', 'dev', device, 'root', 'tbf', ...limits)
  }

  /** Seconds of one way over the uplink. */
  delayUplink(seconds: number): void {
    this.#delay(seconds)
  }

  async cable(place: PlaceName, device: string, isIn: boolean): Promise<void> {
    await this.at(place).run('ip', 'link', 'set', device, isIn ? 'up' : 'down')
  }

  async remove(): Promise<void> {
    process.removeListener('exit', this.#removeNow)
    for (const space of this.#spaces.values()) await space.killAll().catch(() => {})
    for (const end of this.#endings) await end()
    this.#removeNow()
  }

  readonly #removeNow = () => {
    for (const { name } of this.#spaces.values()) spawnSync('ip', ['netns', 'delete', name])
  }
}
