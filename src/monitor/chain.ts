import { isIP } from 'node:net'
import { isPrivate } from '../connection/private-addresses.ts'
import type { MonitorPlace, Place } from '../diagnosis/situation.ts'
import type { DirectoryEntry } from './directory.ts'
import type { Relations } from './relations.ts'
import type { MonitorState } from './state.ts'

/** From the encoder to the platform: what a stream depends on and passes by, as the settings of all targets say. */
export interface Chain {
  monitorAt: MonitorPlace
  /** What the stream depends on, directly or not, nearest first, and the platform that shows it. */
  near: readonly DirectoryEntry[]
  /** Hosts and services, and where each of them stands. */
  placed: readonly { entry: DirectoryEntry; places: readonly Place[] }[]
}

/** The chains of one monitor's streams, found once and then known until what is watched changes. */
export class Chains {
  readonly #state: MonitorState
  #found = new Map<DirectoryEntry, Chain>()
  #relations: Relations<DirectoryEntry> | null = null
  /** Hosts and services that concern every stream, for all that is known. */
  #everywhere: readonly DirectoryEntry[] = []

  constructor(state: MonitorState) {
    this.#state = state
  }

  of(stream: DirectoryEntry): Chain {
    const { relations } = this.#state.directory
    if (this.#relations !== relations) {
      this.#relations = relations
      this.#found = new Map()
      this.#everywhere = this.#state.directory.list().filter((one) => concernsAll(one, relations))
    }
    const known = this.#found.get(stream)
    if (known !== undefined) return known
    const chain = chainOf(stream, relations, this.#everywhere)
    this.#found.set(stream, chain)
    return chain
  }
}

function chainOf(
  stream: DirectoryEntry,
  relations: Relations<DirectoryEntry>,
  everywhere: readonly DirectoryEntry[],
): Chain {
  const near = relations.needs.causesOf(stream)
  const isNear = new Set(near)
  const encoders = near.filter(({ kind }) => kind === 'encoder')
  const venue = new Set(encoders.flatMap((encoder) => relations.needs.causesOf(encoder)))
  const isPlaced = ({ kind }: DirectoryEntry) => kind === 'ping' || kind === 'service'
  const candidates = [...near, ...relations.onHost(stream.links.host), ...everywhere].filter(isPlaced)
  return {
    monitorAt: monitorPlace(stream, encoders),
    near,
    placed: relations.inOrder(candidates).flatMap((entry) => {
      const concerned = { isNear: isNear.has(entry), isOfEncoder: venue.has(entry), isFree: isFree(entry, relations) }
      const places = placesOf(entry, stream, concerned)
      return places.length === 0 ? [] : [{ entry, places }]
    }),
  }
}

/** A control host, and what the user says stands at the venue or on the way where no stream says that it needs it. */
function concernsAll(one: DirectoryEntry, relations: Relations<DirectoryEntry>): boolean {
  const { at, control } = one.links
  return control || ((at === 'venue' || at === 'way') && isFree(one, relations))
}

/** How a host or a service stands to a stream. */
interface Concern {
  /** The stream needs it, directly or not. */
  isNear: boolean
  /** An encoder of the stream needs it. */
  isOfEncoder: boolean
  /** No stream says that it needs it, so that it may concern any. */
  isFree: boolean
}

function isFree(one: DirectoryEntry, { needs }: Relations<DirectoryEntry>): boolean {
  return !needs.effectsOf(one).some(({ kind }) => kind === 'stream')
}

/**
 * Where a host or a service stands, as the user says or as its address and its dependents tell; nowhere where it has nothing
 * to do with the stream. A control host may stand somewhere else, too: the gateway of a monitor at the venue is both.
 */
function placesOf(one: DirectoryEntry, stream: DirectoryEntry, concern: Concern): Place[] {
  const place = placeOf(one, stream, concern)
  const own: Place[] = place === null || (one.links.control && place === 'way') ? [] : [place]
  return one.links.control ? ['monitor', ...own] : own
}

function placeOf(one: DirectoryEntry, stream: DirectoryEntry, { isNear, isOfEncoder, isFree }: Concern): Place | null {
  const { at, host } = one.links
  const isOfServer = host !== null && host === stream.links.host
  if (at !== 'auto') return isNear || isOfServer || (isFree && at !== 'server') ? at : null
  if (isOfServer) return 'server'
  if (isOfEncoder) return 'venue'
  if (!isNear) return null
  return one.kind === 'service' ? 'server' : 'way'
}

/**
 * Where the monitor stands, by the addresses at which it reaches what: an encoder on a private network is beside it, and so
 * is a server on its own machine.
 */
function monitorPlace(stream: DirectoryEntry, encoders: readonly DirectoryEntry[]): MonitorPlace {
  if (encoders.some(({ links }) => isPrivateHost(links.host))) return 'venue'
  return isPrivateHost(stream.links.host) ? 'server' : 'elsewhere'
}

function isPrivateHost(host: string | null): boolean {
  const family = isIP(host ?? '')
  return host !== null && (host === 'localhost' || (family !== 0 && isPrivate({ address: host, family })))
}
