import { AbortScope } from '../connection/abort-scope.ts'
import { type Lookup, lookUp } from '../connection/connect.ts'
import type { Clock } from '../observation/clock.ts'
import { addressText, askPeer, type Bounds, type Heard, type PeerAddress, type PeerQuestion } from './ask-peer.ts'
import type { PeerIdentity } from './peer-identity.ts'
import { MOST_PEERS } from './peer-settings.ts'

/** Seconds for which the addresses of a name are kept: a pod that is new is found within them. */
const LOOKED_UP_FOR = 5

/** How a name is looked up: tests have one of their own. */
export type LookUp = (host: string, signal: AbortSignal) => Promise<Lookup>

/** What became of a question to all. */
export interface HeardAll {
  /** Of each monitor but this one, once. */
  readonly answers: readonly Answered[]
  /** Where no monitor answered, in words. */
  readonly faults: readonly Fault[]
}

/** Why nobody answered at an address. */
export interface Fault {
  readonly address: string
  readonly fault: string
  /** It may only be slow. */
  readonly isLate: boolean
}

/** What a monitor answered. */
type Answered = Extract<Heard, { identity: PeerIdentity }>

/** The other monitors, wherever they are at the moment. */
export class Peers {
  readonly #origins: readonly string[]
  readonly #own: string
  readonly #clock: Clock
  readonly #lookUp: LookUp
  readonly #known = new Map<string, { at: number; addresses: readonly PeerAddress[] }>()
  /** Addresses that lead to this monitor. */
  readonly #self = new Set<string>()
  /** By address: who answered there last. */
  readonly #identities = new Map<string, PeerIdentity>()

  /** @param own what this monitor says as its instance */
  constructor(
    origins: readonly string[],
    own: string,
    clock: Clock,
    find: LookUp = (host, signal) => lookUp(host, 'any', signal),
  ) {
    this.#origins = origins
    this.#own = own
    this.#clock = clock
    this.#lookUp = find
  }

  /** The first address that led to this monitor; null where none has so far. */
  get ownAddress(): string | null {
    const [address] = this.#self
    return address ?? null
  }

  /** Who has answered where, also where nobody answers now. */
  get identities(): ReadonlyMap<string, PeerIdentity> {
    return this.#identities
  }

  /** Asks all that are chosen in parallel. Never rejects but for a fault of our own. */
  async ask(
    question: PeerQuestion,
    token: string,
    bounds: Bounds,
    isAsked: (identity: PeerIdentity | undefined) => boolean = () => true,
  ): Promise<HeardAll> {
    const looking = new AbortScope(bounds.signal, bounds.within)
    const { addresses, faults } = await this.#addresses(looking.signal).finally(() => looking.end())
    const asked = addresses.filter((at) => {
      const text = addressText(at)
      return !this.#self.has(text) && isAsked(this.#identities.get(text))
    })
    const heard = await Promise.all(asked.map((at) => askPeer(at, question, token, bounds)))
    const answers = new Map<string, Answered>()
    const silent = [...faults]
    for (const one of heard) {
      const address = addressText(one.at)
      if (one.identity === null) {
        silent.push({ address, fault: one.fault, isLate: one.isLate })
      } else if (one.identity.instance === this.#own) {
        this.#self.add(address)
      } else {
        this.#identities.set(address, one.identity)
        if (!answers.has(one.identity.instance)) answers.set(one.identity.instance, one)
      }
    }
    return { answers: [...answers.values()], faults: silent }
  }

  async #addresses(signal: AbortSignal): Promise<{ addresses: readonly PeerAddress[]; faults: Fault[] }> {
    const faults: Fault[] = []
    const lists = await Promise.all(
      this.#origins.map(async (origin) => {
        const known = this.#known.get(origin)
        if (known !== undefined && this.#clock.monotonic() - known.at < LOOKED_UP_FOR) return known.addresses
        const found = await this.#lookUp(new URL(origin).hostname, signal)
        if (!found.found) {
          faults.push({ address: origin, fault: found.message, isLate: found.code === 'dns-failed' })
          // A name service that is away for a moment has not taken the peers away.
          return found.code === 'dns-failed' ? (known?.addresses ?? []) : []
        }
        const addresses = found.addresses.map((address) => ({ origin, address }))
        this.#known.set(origin, { at: this.#clock.monotonic(), addresses })
        return addresses
      }),
    )
    return { addresses: distinct(lists.flat()).slice(0, MOST_PEERS), faults }
  }
}

function distinct(addresses: readonly PeerAddress[]): PeerAddress[] {
  return [...new Map(addresses.map((at) => [addressText(at), at])).values()]
}
