import type { Kind, State } from '../observation/observation.ts'

/** Milliseconds that a slice is long. Slices of all targets begin at whole tens of seconds of the wall clock, UTC. */
export const SLICE = 10_000

/** Which target of one monitor. */
export interface TargetName {
  readonly kind: Kind
  readonly target: string
}

/** What one measure was in one slice. A value stands until the next observation, so means are over time. */
export interface SliceValue {
  readonly mean: number
  readonly min: number
  readonly max: number
  /** Observations that had a value. 0: the value of an earlier one stood. */
  readonly count: number
  /** Seconds of the slice in which it was measured, more than 0 and at most 10. The rest is unmeasured, not 0. */
  readonly measured: number
}

/** Ten seconds of one target. */
export interface Slice extends TargetName {
  /** Milliseconds since the epoch, UTC: a multiple of `SLICE`. */
  readonly from: number
  /** By the name of the measure. What was not measured at all is left out; a slice without any is none. */
  readonly values: Readonly<Record<string, SliceValue>>
}

/** A stretch of time in which nothing changed. `from` and `to` in milliseconds since the epoch, UTC; `from` < `to`. */
export interface StateInterval extends TargetName {
  readonly from: number
  readonly to: number
  /** `unknown`: the monitor ran and could not tell. */
  readonly state: State
  /** Whether it should have been on the air. */
  readonly expected: boolean
}

/** Time in which nobody watched: the monitor did not run, or the target was not watched. */
export interface Unmeasured {
  readonly from: number
  readonly to: number
  readonly state: 'unmeasured'
}

/** What happened at a moment, or over a time, beside states and measures. */
export interface HistoryEntry {
  /**
   * `event`: what the log gets of a target. `alert`: a moment of an alert's life. `incident`: as it is now, one entry
   * for its whole life. `message`: somebody was told. `picture`: a file beside the store.
   */
  readonly type: EntryType
  /** Of whom; null where it is of several, or of the monitor. */
  readonly of: TargetName | null
  /** Milliseconds since the epoch, UTC: when it happened or began. */
  readonly time: number
  /** When it ended; null: a moment, or it goes on. */
  readonly ended: number | null
  /** An entry with the same type and key takes the place of the one before; null: there are as many as come. */
  readonly key: string | null
  /** What it was, as its part says it, without secrets. It must be JSON. */
  readonly content: unknown
}

export type EntryType = 'event' | 'alert' | 'incident' | 'message' | 'picture'
