import type { Cause, Dependent, Other, OtherTargets } from '../health/other.ts'
import { isFresh } from '../observation/clock.ts'
import { kindsOf } from '../observation/kind.ts'
import type { Kind, MeasurementsOf, Observation } from '../observation/observation.ts'
import type { DirectoryEntry } from './directory.ts'
import type { MonitorState } from './state.ts'

/** What a target may know of the others in its monitor: what was observed last of each. */
export function othersOf(state: MonitorState, kind: Kind, name: string): OtherTargets {
  return {
    get: (otherKind, otherName) => newestOf(state, otherKind, otherName),
    dependents: (otherKind) =>
      state.directory.relations
        .naming(name)
        .filter((entry) => entry.kind === otherKind && isDependent(entry, kind, name))
        .map((entry) => dependentOf(state, otherKind, entry)),
    causes: () => causesOf(state, kind, name),
  }
}

/** Names are unique per kind only: what names the target may mean another kind, but never itself. */
export function isDependent({ kind, name, links }: DirectoryEntry, onKind: Kind, onName: string): boolean {
  if (kind === onKind && name === onName) return false
  return links.dependsOn.includes(onName) || (onKind === 'platform' && links.platform === onName)
}

/** What it names itself; what that depends on is told by that. */
function causesOf(state: MonitorState, kind: Kind, name: string): Cause[] {
  const names = state.directory.get(kind, name)?.links.dependsOn ?? []
  return names.flatMap((other) =>
    kindsOf(state.kinds).flatMap((otherKind): Cause[] => {
      const newest = otherKind === kind && other === name ? null : newestOf(state, otherKind, other)
      if (newest === null || !isFresh(newest)) return []
      const { issues } = state.newest.get(otherKind, other)?.observation ?? { issues: [] }
      return [{ kind: otherKind, name: other, issues }]
    }),
  )
}

function dependentOf<K extends Kind>(
  state: MonitorState,
  kind: K,
  entry: DirectoryEntry,
): Dependent<MeasurementsOf[K]> {
  const newest = newestOf(state, kind, entry.name)
  const expected =
    newest !== null && isFresh(newest) ? (state.newest.get(kind, entry.name)?.observation.expected ?? null) : null
  const isOver = kind === 'stream' && [...state.followers].some(({ name, isOver }) => name === entry.name && isOver())
  return { name: entry.name, dependsOn: entry.links.dependsOn, expected, isOver, newest }
}

function newestOf<K extends Kind>(state: MonitorState, kind: K, name: string): Other<MeasurementsOf[K]> | null {
  const { newest, directory, clock } = state
  const arrival = newest.get(kind, name)
  const interval = directory.get(kind, name)?.interval
  if (arrival === undefined || interval === undefined) return null
  // What is kept of a kind comes from a watch of that kind.
  const { state: at, measurements } = arrival.observation as Observation<K, MeasurementsOf[K]>
  return { state: at, measurements, age: clock.monotonic() - arrival.arrived, interval }
}
