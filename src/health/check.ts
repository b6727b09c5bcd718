import type { EventBudget } from '../observation/event-budget.ts'
import type { Kind, Severity } from '../observation/observation.ts'
import type { Reading } from '../observation/reading.ts'
import type { Usual } from '../observation/usual.ts'
import type { History, Tracked } from './history.ts'
import type { HoldTimes, Side } from './hold.ts'
import type { OtherTargets } from './other.ts'

/** The numbers of a check, all of which a target may override. */
export interface Limits extends HoldTimes {
  /** A value here or worse is a fault. Null where the check says yes or no. */
  enter: number | null
  /** A value here or better is fine; between the two nothing changes. Null where only yes or no clears. */
  clear: number | null
  /** Seconds that one value covers, where the check counts over a window of its own; at most `LONGEST_WINDOW`. */
  window: number | null
}

/** Other numbers for some checks of one target, by the check's type. Null: it is not judged at all. */
export type LimitOverrides = Readonly<Record<string, Partial<Limits> | null>>

/** What a check found in one reading. */
export interface Finding {
  /** A number is held against the thresholds; `true` is a fault and `false` is fine whatever they say. */
  value: number | boolean
  measured?: number | string
  expected?: number | string
  /** Seconds ago at which the fault began, where that is known better than "now". */
  began?: number
  /** `measured` is how long it goes on, in seconds: said from `since` to now, so that the two never differ. */
  lasts?: true
}

/** `unmeasured` changes nothing; `not-judged` ends the issue, because the check does not apply to the target now. */
export type Assessment = Finding | 'unmeasured' | 'not-judged'

/** @typeParam O what the target's settings say that its checks need to know */
export interface CheckContext<M, O> {
  reading: Reading<M>
  options: O
  /** Whether the target should be on the air now. */
  expected: boolean
  /** Seconds between readings. */
  interval: number
  history: History
  /** What other targets measure now; null where that is not known. */
  others: OtherTargets
  /** How it stands to what is usual for it; empty where that is not known. */
  usual: readonly Usual[]
  /** What of its event it may miss, and how much of that is gone; null where there is no such plan. */
  budget: EventBudget | null
}

/** What a check needs the target to say before it judges anything. */
export type Need = 'profile' | 'backupOf' | 'content'

/** What begins the hold times of a check anew. */
export type Reset = 'publisher restart' | 'new session'

/** An issue of a target of some kind. */
export interface OtherIssue {
  kind: Kind
  type: string
}

/** One row of the table of checks. The documentation is made from the same row. */
export interface Check<M, O> {
  /** The field's own name for the issue. */
  type: string
  severity: Severity
  /** What an active issue takes from the score, 0 to 100. */
  weight: number
  limits: Limits
  /** Whether a higher or a lower number is the worse one. */
  worse: 'higher' | 'lower'
  /** While the first burst passes, `suspended` checks measure nothing. */
  warmUp: 'suspended' | 'judged'
  resets: readonly Reset[]
  /** Absent: it judges every target. */
  needs?: Need
  /** It also judges what is neither there nor expected, where every other issue ends. */
  whileOff?: 'judged'
  /**
   * Types of the same table that say less of the same fact. While this one is active, they are not: one fact is one
   * issue. Of two rows that name each other, the one that is at fault now stands.
   */
  supersedes?: readonly string[]
  /** Types of the same table that follow from this one: where both are active, this one comes first. */
  explains?: readonly string[]
  /** Issues of the targets that the judged one depends on, which explain this one: the advice begins with theirs. */
  explainedBy?: readonly OtherIssue[]
  /** Of `measured` and `expected` where they are numbers, such as `s`. */
  unit?: string
  /** Pure. */
  assess(context: CheckContext<M, O>, limits: Limits): Assessment
  /**
   * One sentence that begins with what is wrong, because lists cut it; the number, and the expected number.
   *
   * @param lasted seconds since the issue began
   */
  summary(finding: Finding, context: CheckContext<M, O>, limits: Limits, lasted: number): string
  /** What a volunteer does now, in order. */
  remedy: readonly string[]
  /** The same, where more is known; null: `remedy`. Pure. */
  remedyFor?(context: CheckContext<M, O>): readonly string[] | null
  /** For the documentation. */
  text: CheckText
}

/** What there is to say of a check of whatever kind, without judging by it. */
export type CheckRow = Pick<
  Check<never, never>,
  | 'type'
  | 'severity'
  | 'weight'
  | 'limits'
  | 'worse'
  | 'warmUp'
  | 'resets'
  | 'needs'
  | 'supersedes'
  | 'explains'
  | 'explainedBy'
  | 'unit'
  | 'remedy'
  | 'text'
>

export interface CheckText {
  /** What is measured. */
  measures: string
  /** The time one value covers. */
  window(limits: Limits): string
  /** The fault, without its hold time. */
  raised(limits: Limits): string
  /** What is fine, without its hold time. */
  cleared(limits: Limits): string
  /** Why the numbers are what they are, with the source. */
  why: string
  /** What the check cannot see. */
  blindTo: string
}

/** Everything that is special about judging one kind of target. */
export interface KindRules<M, O> {
  checks: readonly Check<M, O>[]
  tracked(measurements: M): Tracked
  warmingUp(measurements: M): boolean
  /** The names of counters whose growth means that something began anew. */
  resets: Readonly<Record<string, Reset>>
}

/** Holds a finding against the thresholds. A number that is none counts as not measured. */
export function sideOf(finding: Finding, limits: Limits, worse: 'higher' | 'lower'): Side {
  const { value } = finding
  if (typeof value === 'boolean') return value ? 'fault' : 'fine'
  if (!Number.isFinite(value)) return 'unmeasured'
  const sign = worse === 'higher' ? 1 : -1
  if (limits.enter !== null && value * sign >= limits.enter * sign) return 'fault'
  if (limits.clear !== null && value * sign <= limits.clear * sign) return 'fine'
  return 'between'
}
