import type { BandwidthFailure, BandwidthMeasurements } from './bandwidth.ts'
import type { EncoderFailure, EncoderMeasurements } from './encoder.ts'
import type { ErrorCode } from './errors.ts'
import type { EventBudget } from './event-budget.ts'
import type { PingFailure, PingMeasurements } from './ping.ts'
import type { PlatformFailure, PlatformMeasurements } from './platform.ts'
import type { ServiceFailure, ServiceFaultKind, ServiceMeasurements } from './service.ts'
import type { SessionEnd, StreamFailure, StreamMeasurements } from './stream.ts'
import type { Usual } from './usual.ts'

/** What a target can be. Names are unique per kind. */
export type Kind = keyof MeasurementsOf

export const STATES = ['unknown', 'ok', 'degraded', 'down', 'off'] as const
export type State = (typeof STATES)[number]

export const SEVERITIES = ['info', 'warning', 'error'] as const
export type Severity = (typeof SEVERITIES)[number]

/** From what only matters in a search to what somebody has to act on. Names: those that most log tools know. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** A fault that is active now. */
export interface Issue {
  /** The field's own name for it, for example `videoIngestionStarved`. */
  type: string
  severity: Severity
  /** ISO 8601, UTC. */
  since: string
  measured?: number | string
  expected?: number | string
  /** Of `measured` and `expected` where they are numbers, such as `s`. Absent: they have none. */
  unit?: string
  /** One sentence that begins with what is wrong; the number, and the expected number. */
  summary: string
  /** What to do now, in order. */
  remedy: string[]
  /** Types of issues of the same target that say less of the same fact: while this one is active, they are not. */
  supersedes?: string[]
  /** Types of issues of the same target that follow from this one, where they are active too. */
  explains?: string[]
}

/** Why a target that was looked for is not there. */
export interface Absence {
  reason: AbsenceReason
  /** Not even a connection came about, so that nothing could be asked for. */
  beforeStream?: true
}

/** What one watch says of its target at one moment: output 1 of every probe node. */
export interface Observation<K extends Kind = Kind, M = unknown> {
  kind: K
  /** The configured name, never the URL. */
  target: string
  /** The user's own labels. */
  labels: Record<string, string>
  /** ISO 8601, UTC. */
  time: string
  /** Grows by one per observation of this watch. */
  sequence: number
  state: State
  /** Should it be on the air now. */
  expected: boolean
  /** 0 to 100; null while unknown or off. */
  score: number | null
  measurements: M
  issues: Issue[]
  /** How it stands to what is usual for it; absent where too little is known. */
  usual?: readonly Usual[]
  /** How much of what its event may miss is gone; absent where no event is on, or nothing is planned. */
  budget?: EventBudget
  /** It was looked for and is not there. */
  absence?: Absence
  /** The probe itself failed. */
  error?: { code: string; message: string }
}

/** Output 2 of every probe node: for display and logs. */
export interface MonitorEvent {
  /** Each issue that was `raised` ends with `cleared`, or with `superseded` where the issue in `to` says more of the same. */
  event: 'state' | 'raised' | 'superseded' | 'cleared' | 'session' | 'restart'
  kind: Kind
  target: string
  labels: Record<string, string>
  /** ISO 8601, UTC. */
  time: string
  from?: string
  to?: string
  issue?: Issue
  /** Seconds. Of `cleared` and `superseded`: how long the issue lasted; of `session`: how long the session lasted. */
  duration?: number
  /** Of `cleared`: nothing was measured to be over, the target is only watched no more, or anew with other settings. */
  endedBy?: 'not-watched'
}

/** What is measured of a target of each kind. */
export interface MeasurementsOf {
  stream: StreamMeasurements
  ping: PingMeasurements
  service: ServiceMeasurements
  bandwidth: BandwidthMeasurements
  encoder: EncoderMeasurements
  platform: PlatformMeasurements
}

/** Why nothing may be known of a target of whatever kind: of the probe itself, or of the monitor around it. */
type CommonFailure = 'connecting' | 'late' | 'observer-network' | ErrorCode

/** Why nothing is known of a target: the closed list of what may stand as `error.code` of what a probe observes. */
export type FailureCode =
  | CommonFailure
  | BandwidthFailure
  | EncoderFailure
  | PingFailure
  | PlatformFailure
  | ServiceFailure
  | StreamFailure

/** Why a target that was looked for is not there. */
export type AbsenceReason = 'stalled' | Exclude<SessionEnd, StreamFailure> | ServiceFaultKind
