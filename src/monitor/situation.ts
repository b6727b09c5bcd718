import { isIP } from 'node:net'
import { isPrivate } from '../connection/private-addresses.ts'
import { diagnose } from '../diagnosis/diagnose.ts'
import { evidenceOf } from '../diagnosis/evidence.ts'
import type { MonitorPlace, Place, Placed, Seen, Situation } from '../diagnosis/situation.ts'
import type { Diagnosis } from '../observation/diagnosis.ts'
import type { Kind, MeasurementsOf, Observation, State } from '../observation/observation.ts'
import type { DirectoryEntry } from './directory.ts'
import { isStale } from './newest.ts'
import type { MonitorState } from './state.ts'

/**
 * Where the fault of a target is: of a stream, or of something that streams depend on, then as the one of them shows it that
 * is worst off. Null where no stream tells.
 */
export function diagnosisOf(state: MonitorState, kind: string, name: string): Diagnosis | null {
  const names = kind === 'stream' ? [name] : streamsThatNeed(state, kind, name)
  const situations = names.flatMap((stream) => situationOf(state, stream) ?? [])
  const [worst] = situations.sort((one, other) => WORST.indexOf(one.stream.state) - WORST.indexOf(other.stream.state))
  return worst === undefined ? null : diagnose(evidenceOf(worst), worst.monitorAt)
}

const WORST: readonly State[] = ['down', 'degraded', 'unknown', 'off', 'ok']

/**
 * What one monitor knows freshly of a stream, of what it depends on and of the other streams: what a diagnosis is made
 * from. Null where the stream is not watched, or nothing fresh is known of it.
 */
export function situationOf(state: MonitorState, name: string): Situation | null {
  const entry = state.directory.get('stream', name)
  const stream = entry === undefined ? null : freshOf(state, 'stream', entry)
  if (entry === undefined || stream === null) return null
  const near = dependenciesOf(state, entry)
  const of = <K extends Kind>(kind: K, entries: readonly DirectoryEntry[]) =>
    entries.flatMap((one) => (one.kind === kind ? (freshOf(state, kind, one) ?? []) : []))
  const encoders = near.filter(({ kind }) => kind === 'encoder')
  const venue = new Set(encoders.flatMap((encoder) => dependenciesOf(state, encoder)))
  const placed = <K extends 'ping' | 'service'>(kind: K): Placed<K>[] =>
    state.directory.list(kind).flatMap((one) => {
      const places = placesOf(one, entry, near.includes(one), venue.has(one))
      const seen = places.length === 0 ? null : freshOf(state, kind, one)
      return seen === null ? [] : places.map((place) => ({ place, seen }))
    })
  const { host } = entry.links
  return {
    monitorAt: monitorPlace(entry, encoders),
    stream,
    encoders: of('encoder', encoders),
    hosts: placed('ping'),
    services: placed('service'),
    bandwidth: of('bandwidth', near),
    platforms: of('platform', near),
    others: state.directory.list('stream').flatMap((one) => {
      const seen = one === entry ? null : freshOf(state, 'stream', one)
      return seen === null || host === null ? [] : [{ sameServer: one.links.host === host, seen }]
    }),
  }
}

function streamsThatNeed(state: MonitorState, kind: string, name: string): string[] {
  const needs = (stream: DirectoryEntry) =>
    dependenciesOf(state, stream).some((one) => one.kind === kind && one.name === name)
  return state.directory
    .list('stream')
    .filter(needs)
    .map((stream) => stream.name)
}

/** All that a target depends on, directly or not, of whatever kind. Circles end. */
function dependenciesOf({ directory }: MonitorState, entry: DirectoryEntry): DirectoryEntry[] {
  // Of thousands of targets hardly any names another, and this is asked of every one that fires, each second.
  if (entry.links.dependsOn.length === 0 && entry.links.platform === null) return []
  const all = directory.list()
  const found = new Set<DirectoryEntry>()
  const open = [entry]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { dependsOn, platform } = next.links
    for (const one of all) {
      const isNamed = dependsOn.includes(one.name) || (one.kind === 'platform' && one.name === platform)
      if (!isNamed || one === entry || found.has(one)) continue
      found.add(one)
      open.push(one)
    }
  }
  return [...found]
}

/**
 * Where a host or a service stands, as the user says or as its address and its dependents tell; nowhere where it has nothing
 * to do with the stream. A control host may stand somewhere else, too: the gateway of a monitor at the venue is both.
 */
function placesOf(one: DirectoryEntry, stream: DirectoryEntry, isNear: boolean, isOfEncoder: boolean): Place[] {
  const place = placeOf(one, stream, isNear, isOfEncoder)
  const own: Place[] = place === null || (one.links.control && place === 'way') ? [] : [place]
  return one.links.control ? ['monitor', ...own] : own
}

function placeOf(one: DirectoryEntry, stream: DirectoryEntry, isNear: boolean, isOfEncoder: boolean): Place | null {
  const { at, host } = one.links
  const isOfServer = host !== null && host === stream.links.host
  if (at !== 'auto') return isNear || isOfServer || at !== 'server' ? at : null
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

function freshOf<K extends Kind>(state: MonitorState, kind: K, entry: DirectoryEntry): Seen<K> | null {
  const arrival = state.newest.get(kind, entry.name)
  if (arrival === undefined || isStale(entry, arrival, state.clock.monotonic())) return null
  // What is kept of a kind comes from a watch of that kind.
  return arrival.observation as Observation<K, MeasurementsOf[K]>
}
