import type { Confidence, DiagnosisAnswer, Location, OtherPlace } from '../observation/diagnosis.ts'
import type { Severity } from '../observation/observation.ts'
import type { Counted } from './accounting.ts'

/** The version of `report.json`: it grows where a field goes or means something else. */
export const REPORT_VERSION = 1

/** `clean`: on the air without a fault. `unmeasured`: nothing is known. `not-expected`: nothing was to be on the air. */
export const VERDICTS = ['clean', 'degraded', 'interrupted', 'down', 'unmeasured', 'not-expected'] as const
export type VerdictWord = (typeof VERDICTS)[number]

/**
 * What happened at an event, for people and programs, in no language but for `says` and what the log, a check or a
 * diagnosis says. Times are ISO 8601, UTC; lengths are seconds. `report.schema.json` beside this says the same of it.
 */
export interface Report {
  version: typeof REPORT_VERSION
  kind: string
  target: string
  profile: string | null
  monitor: string
  site: string
  timezone: string
  madeAt: string
  madeBy: string
  from: string
  to: string
  planned: { from: string; to: string } | null
  /** The first and the last media that arrived while it was expected; null: none did. */
  onAir: { from: string; to: string } | null
  verdict: { word: VerdictWord; says: string }
  account: Record<Counted | 'expected', number>
  /** Null where nothing is promised, or nothing was measured. */
  budget: Budget | null
  interruptions: Interruption[]
  degradations: Degradation[]
  moments: Moment[]
  lanes: Lane[]
  series: Series[]
  percentiles: Percentiles[]
  /** Null where nobody knows how many watched. */
  viewers: Viewers | null
  /** Null where no earlier event is known. */
  comparison: Comparison | null
  /** What to do before the next one. */
  remedies: Remedy[]
  gaps: { from: string; to: string; seconds: number }[]
  clockSteps: { at: string; seconds: number }[]
  events: ReportEvent[]
}

/** A stretch in which the target was looked for and was not there. */
export interface Interruption {
  from: string
  to: string
  seconds: number
  /** What was seen: the issues of the target. */
  seen: string[]
  /** The types of these issues. */
  issues: string[]
  cause: Cause | null
  /** The first message about it, and how long after it began; null: nobody was told. */
  told: { at: string; after: number; receiver: string; result: 'delivered' | 'given-up' } | null
  acknowledged: { by: string; at: string | null } | null
  /** The last one before it and the first one after it, where some were kept. */
  pictures: Picture[]
  /** `media`: it came again. `end`: nothing was expected any more. `unmeasured`: the monitor lost sight of it. */
  endedBy: 'media' | 'end' | 'unmeasured'
}

export interface Cause {
  location: Location
  says: string
  confidence: Confidence
  /** Where what was known looked the same with another cause elsewhere. */
  orElse?: Pick<OtherPlace, 'location' | 'says'>
  evidence: string[]
  /** The questions that the evidence answers, in its order; empty where they are not known. */
  answers: DiagnosisAnswer[]
}

/** One line of what happened. */
export interface ReportEvent {
  at: string
  kind: string
  target: string
  says: string
  happened: Happened
}

/** What happened, for who says it in another language. */
export interface Happened {
  /** As in `MonitorEvent`, or that an alert has changed. */
  event: 'state' | 'raised' | 'superseded' | 'cleared' | 'session' | 'restart' | 'alert'
  /** What an alert did. */
  alert?: string
  /** The type of the issue. */
  issue?: string
  /** Of a state, of how a session ended, and of the issue that says more. */
  from?: string
  to?: string
  /** How long it lasted. */
  seconds?: number
  /** Of an issue that nobody measured to be over. */
  endedBy?: 'not-watched'
  /** Who acknowledged it. */
  by?: string
}

/** All times of one issue of one target. */
export interface Degradation {
  kind: string
  target: string
  issue: string
  severity: Severity
  times: number
  /** Of all times; those that overlap count once. */
  seconds: number
  longest: number
  worst: number | string | null
  expected: number | string | null
  unit: string | null
  /** Of the worst time. */
  says: string
}

/** One slice that was far from what is usual of this event. */
export interface Moment {
  at: string
  seconds: number
  /** The furthest first. */
  values: { measure: string; value: number; usual: number }[]
  /** The nearest to it; null: none was kept. */
  picture: Picture | null
}

export interface Picture {
  at: string
  /** In base 64. */
  jpeg: string
}

export interface Lane {
  kind: string
  target: string
  intervals: { from: string; to: string; state: Counted | 'off' }[]
}

/** Of the target and what shows it: at most so many columns as a chart has room for. `[at, mean, min, max]`. */
export interface Series {
  kind: string
  target: string
  measure: string
  step: number
  slices: [at: string, mean: number, min: number, max: number][]
  /** What is usual for it, by its last broadcasts; null: that is not known. */
  usual: UsualSpan | null
}

/** Of the means over some seconds; `min` and `max` of all that was measured. */
export interface Percentiles {
  kind: string
  target: string
  measure: string
  min: number
  median: number
  p95: number
  max: number
  usual: UsualSpan | null
}

export interface UsualSpan {
  low: number
  high: number
}

/** How much of what the event was allowed to miss is gone. Lengths are seconds. */
export interface Budget {
  /** Share of the time in which it should be on the air. */
  objective: number
  allowed: number
  missed: number
  isKept: boolean
}

export interface Viewers {
  most: number
  mean: number
  /** Viewers times seconds. */
  total: number
  lost: number
}

export interface Comparison {
  events: number
  rows: {
    what: 'share' | 'interruptions' | 'down' | 'videoBytesPerSecond'
    now: number
    least: number
    median: number
    most: number
    /** Against all of them. */
    word: 'better' | 'usual' | 'worse'
  }[]
}

export interface Remedy {
  step: string
  /** The causes and issues that it is against. */
  against: string[]
}
