import type { Diagnosis } from '../observation/diagnosis.ts'
import type { Issue, Kind } from '../observation/observation.ts'
import type { Interval, StateInterval } from './accounting.ts'
import type { Happened } from './report.ts'

/** Everything that a report is made of, from wherever it was kept. Times are milliseconds since the epoch, UTC. */
export interface ReportInput {
  /** The stream that the report is about. */
  target: string
  kind: Kind
  /** Of the platform that the stream is held against; null where none is. */
  profile: string | null
  monitor: string
  site: string
  /** IANA name, in which times are written. */
  timezone: string
  /** Of the package. */
  version: string
  madeAt: number
  /** What the report covers. */
  span: Interval
  /** When the event was to be; null where nobody said. */
  planned: Interval | null
  /** When the target was expected, within the span. */
  expected: readonly Interval[]
  /** When the monitor did not run. */
  gaps: readonly Interval[]
  /** How often and by how much the clock was set meanwhile, in milliseconds. */
  clockSteps: readonly { at: number; by: number }[]
  /** The target first, then what it depends on and what shows it. */
  lanes: readonly LaneInput[]
  series: readonly SeriesInput[]
  issues: readonly IssueInput[]
  incidents: readonly IncidentInput[]
  messages: readonly MessageInput[]
  /** What happened, as the log says it. */
  events: readonly { at: number; kind: string; target: string; says: string; happened: Happened }[]
  pictures: readonly PictureInput[]
  /** What is usual for what is shown, by the target and the measure. */
  usual: readonly { kind: Kind; target: string; measure: string; low: number; high: number }[]
  /** What is promised of the event: the share of its time on the air, and its length (seconds). Null: nothing. */
  plan: { objective: number; planned: number | null } | null
  /** The last events of this target, the newest first. */
  past: readonly PastEvent[]
}

/** One target and what it was found to be. */
export interface LaneInput {
  kind: Kind
  target: string
  states: readonly StateInterval[]
}

/** One measure of one target, in stretches of some seconds. */
export interface SeriesInput {
  kind: Kind
  target: string
  /** As in the table of measures. */
  measure: string
  /** Seconds that a slice covers. */
  step: number
  slices: readonly Slice[]
}

export interface Slice {
  /** When it begins. */
  at: number
  mean: number
  min: number
  max: number
  /** Seconds of it in which it was measured, more than 0. */
  measured: number
}

/** An issue from when it was raised until it was cleared. */
export interface IssueInput {
  kind: Kind
  target: string
  from: number
  /** Null: it had not ended. */
  to: number | null
  /** With the worst that was measured. */
  issue: Issue
}

export interface IncidentInput {
  id: string
  severity: 'critical' | 'warning'
  from: number
  /** Null: it is open. */
  to: number | null
  members: readonly { kind: string; target: string }[]
  /** The last that was found. */
  diagnosis: Diagnosis | null
  /** The causes that it had and since when, the oldest first. */
  assessments: readonly { at: number; diagnosis: Diagnosis }[]
  /** Null: nobody. */
  acknowledgedBy: string | null
  acknowledgedAt: number | null
}

/** A message to people. */
export interface MessageInput {
  at: number
  /** The receiver's name. */
  receiver: string
  subject: string
  result: 'delivered' | 'given-up'
  /** What it told of. */
  about: readonly { kind: string; target: string }[]
}

export interface PictureInput {
  /** Those of a report stand in the order of time. */
  at: number
  jpeg: Uint8Array
}

/** What an earlier report of the same target said. Milliseconds, but for bytes per second. */
export interface PastEvent {
  from: number
  expected: number
  up: number
  degraded: number
  down: number
  unknown: number
  interruptions: number
  /** Of the video, the median over the event; null where it was not measured. */
  videoBytesPerSecond: number | null
}
