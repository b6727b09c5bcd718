import { isFresh } from '../observation/clock.ts'
import type { Issue, Kind, MeasurementsOf, State } from '../observation/observation.ts'

/** The newest observation of another target, for the checks that compare two. */
export interface Other<M> {
  state: State
  measurements: M
  /** Seconds since it came, on the monotonic clock. */
  age: number
  /** Seconds between its observations. */
  interval: number
}

/** A target that names the judged one in its settings. */
export interface Dependent<M> {
  name: string
  /** All that it depends on, the judged one among them. */
  dependsOn: readonly string[]
  /** Whether it should be on the air now; null where that is not freshly known. */
  expected: boolean | null
  /** Somebody has said that its event is over, and no other has begun. */
  isOver: boolean
  newest: Other<M> | null
}

/** A target that the judged one depends on, and what is wrong with it now. */
export interface Cause {
  kind: Kind
  name: string
  issues: readonly Issue[]
}

/** The other targets of the monitor, as a target that is judged may ask for them. */
export interface OtherTargets {
  /** Null where there is none, or nothing has been observed of it. */
  get<K extends Kind>(kind: K, name: string): Other<MeasurementsOf[K]> | null
  /** Those of a kind that depend on the judged target, or are shown by it. */
  dependents<K extends Kind>(kind: K): Dependent<MeasurementsOf[K]>[]
  /** Those that the judged target depends on, of whatever kind, where that is freshly known. */
  causes(): Cause[]
}

export const NO_OTHERS: OtherTargets = { get: () => null, dependents: () => [], causes: () => [] }

/** The other where it is there now and says so freshly, else null. Pure. */
export function presentOther<M>(other: Other<M> | null): Other<M> | null {
  if (other === null || !isFresh(other)) return null
  return other.state === 'ok' || other.state === 'degraded' ? other : null
}

/** The same targets, of which only those have a newest observation that are there now and say so freshly. */
export function presentOthers(others: OtherTargets): OtherTargets {
  return {
    get: (kind, name) => presentOther(others.get(kind, name)),
    dependents: (kind) =>
      others.dependents(kind).map((dependent) => ({ ...dependent, newest: presentOther(dependent.newest) })),
    causes: () => others.causes(),
  }
}
