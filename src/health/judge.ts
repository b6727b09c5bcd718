import type { Instant } from '../observation/clock.ts'
import type { EventBudget } from '../observation/event-budget.ts'
import type { Issue, State } from '../observation/observation.ts'
import type { Reading } from '../observation/reading.ts'
import type { StreamMeasurements } from '../observation/stream.ts'
import type { Usual } from '../observation/usual.ts'
import {
  type Check,
  type CheckContext,
  type Finding,
  type KindRules,
  type LimitOverrides,
  type Limits,
  type Reset,
  sideOf,
} from './check.ts'
import { STREAM_RULES } from './checks/stream.ts'
import type { StreamOptions } from './checks/stream-options.ts'
import { advance, type History } from './history.ts'
import { end, type Hold, IDLE, isActive, lengthOf, restartHolds, type Step, step } from './hold.ts'
import { NO_OTHERS, type OtherTargets, presentOthers } from './other.ts'
import { advice, inOrder, type Standing, supersederOf } from './precedence.ts'
import { scoreOf, stateOf } from './score.ts'

/** Turns readings of one target into issues, a state and a score. It remembers, so each target has its own. */
export interface Judge<M> {
  judge(input: JudgeInput<M>): Verdict
}

export interface JudgeInput<M> {
  reading: Reading<M>
  /** Whether the target should be on the air now. */
  expected: boolean
  at: Instant
  /** Seconds between readings. */
  interval: number
  /** The other targets of the monitor, for checks that compare two. */
  others?: OtherTargets
  /** How it stands to what is usual for it. */
  usual?: readonly Usual[]
  /** What of its event it may miss; absent where that is not known. */
  budget?: EventBudget | null
}

export interface Verdict {
  state: State
  /** 0 to 100, null while unknown or off. */
  score: number | null
  /** All that are active now: causes before what follows from them, then the gravest first. */
  issues: Issue[]
  /** One that supersedes others stands in their place: they are among `superseded` and not among `cleared`. */
  raised: Issue[]
  /** `by`: the issue that says more of the same fact now; `duration`: seconds from the beginning of the fault until then. */
  superseded: { issue: Issue; duration: number; by: string }[]
  /** `duration`: seconds from the beginning of the fault to its end, without the hold time of the clearing. */
  cleared: { issue: Issue; duration: number }[]
}

export interface StreamJudgeOptions extends StreamOptions {
  target: string
  limits?: LimitOverrides
}

export function createStreamJudge(options: StreamJudgeOptions): Judge<StreamMeasurements> {
  return createJudge(STREAM_RULES, options, options.limits)
}

interface Tracking {
  hold: Hold
  issue: Issue | null
  /** Says the issue again, as old as it is then; null where its age is not in it. */
  again: ((at: Instant) => Issue) | null
  /** The issue is among those that were told of. */
  isShown: boolean
}

const NOT_RAISED: Tracking = { hold: IDLE, issue: null, again: null, isShown: false }

/** What one reading made of one row. */
interface Outcome<M, O> extends Pick<Tracking, 'issue' | 'again'> {
  check: Check<M, O>
  before: Tracking
  step: Step
  isAtFault: boolean
}

/** A judge of one target of any kind. A throw in a check leaves the judge as it was before the reading. */
export function createJudge<M, O>(rules: KindRules<M, O>, options: O, overrides: LimitOverrides = {}): Judge<M> {
  const rows = rules.checks
    .filter(({ type }) => overrides[type] !== null)
    .map((check) => ({ check, limits: { ...check.limits, ...overrides[check.type] } }))
  let history: History | null = null
  let tracking = new Map<string, Tracking>()

  return {
    judge({ reading, expected, at, interval, others, usual = [], budget = null }) {
      const tracked = rules.tracked(reading.measurements)
      const seen = advance(history, { outcome: reading.outcome, expected, tracked, at: at.monotonic })
      const present = presentOthers(others ?? NO_OTHERS)
      const context: CheckContext<M, O> = {
        reading,
        options,
        expected,
        interval,
        history: seen,
        others: present,
        usual,
        budget,
      }
      const over = reading.outcome === 'absent' && !expected
      const begun = new Set(
        Object.entries(rules.resets).flatMap(([counter, reset]) => (seen.grown.has(counter) ? [reset] : [])),
      )
      const warmingUp = rules.warmingUp(reading.measurements)
      const moment: Moment = { at, begun, warmingUp }
      const outcomes: Outcome<M, O>[] = []
      for (const { check, limits } of rows) {
        const before = tracking.get(check.type) ?? NOT_RAISED
        const outcome =
          !over || check.whileOff === 'judged'
            ? judgeRow(check, limits, context, moment, before)
            : { check, before, step: end(before.hold, at), issue: before.issue, again: null, isAtFault: false }
        // Idle before and after, as nearly all are: there is nothing to tell, and nothing to keep.
        if (before !== NOT_RAISED || outcome.step.hold !== IDLE) outcomes.push(outcome)
      }
      const { active, after, ...news } = settle(outcomes, at)

      history = seen
      tracking = after
      const state = stateOf(
        reading.outcome,
        expected,
        active.map(({ issue }) => issue.severity),
      )
      const score = scoreOf(
        state,
        active.map(({ weight }) => weight),
      )
      return { state, score, issues: inOrder(active.map(({ issue }) => copy(issue))), ...news }
    },
  }
}

/** What is the same for every row of one reading. */
interface Moment {
  at: Instant
  /** What began anew with this reading. */
  begun: ReadonlySet<Reset>
  warmingUp: boolean
}

function judgeRow<M, O>(
  check: Check<M, O>,
  limits: Limits,
  context: CheckContext<M, O>,
  { at, begun, warmingUp }: Moment,
  before: Tracking,
): Outcome<M, O> {
  const anew = begun.size > 0 && check.resets.some((reset) => begun.has(reset))
  const hold = anew ? restartHolds(before.hold) : before.hold
  const suspended = warmingUp && check.warmUp === 'suspended'
  const assessment = suspended ? 'unmeasured' : check.assess(context, limits)
  const { issue, again } = before
  if (assessment === 'not-judged') return { check, before, step: end(hold, at), issue, again, isAtFault: false }
  const side = assessment === 'unmeasured' ? assessment : sideOf(assessment, limits, check.worse)
  const stepped = step(hold, side, at, limits, assessment === 'unmeasured' ? undefined : assessment.began)
  const { state } = stepped.hold
  // The text stays that of the last value at fault: while the clearing holds, the value would contradict it.
  if (state.phase !== 'active') return { check, before, step: stepped, issue, again, isAtFault: false }
  if (assessment === 'unmeasured' || side === 'unmeasured') {
    return { check, before, step: stepped, issue: again?.(at) ?? issue, again, isAtFault: false }
  }
  const said = sayings(check, assessment, context, limits, state.since)
  return { check, before, step: stepped, issue: said.say(at), again: said.again, isAtFault: side === 'fault' }
}

/** Apart from `judgeRow`, which would else make room for what these need at every row, and nearly all are idle. */
function sayings<M, O>(
  check: Check<M, O>,
  given: Finding,
  context: CheckContext<M, O>,
  limits: Limits,
  since: Instant,
): { say: (at: Instant) => Issue; again: Tracking['again'] } {
  const say = (at: Instant) => describe(check, given, context, limits, since, at)
  return { say, again: given.lasts === true ? say : null }
}

/** What is told of all rows together, without those that are idle before and after: one fact once. */
function settle<M, O>(
  outcomes: readonly Outcome<M, O>[],
  at: Instant,
): Pick<Verdict, 'raised' | 'superseded' | 'cleared'> & {
  active: { issue: Issue; weight: number }[]
  after: Map<string, Tracking>
} {
  const standings = outcomes.map(
    ({ check, step, isAtFault }): Standing => ({ row: check, isActive: isActive(step.hold), isAtFault }),
  )
  const raised: Issue[] = []
  const superseded: Verdict['superseded'] = []
  const cleared: Verdict['cleared'] = []
  const active: { issue: Issue; weight: number }[] = []
  const after = new Map<string, Tracking>()
  for (const [index, { check, before, step, issue, again, isAtFault }] of outcomes.entries()) {
    const standing = standings[index]
    const superseder = standing && (standing.isActive || before.isShown) ? supersederOf(standing, standings) : undefined
    // What was hidden and is not measured to be a fault now that it would be seen has ended with what hid it.
    const endsUnseen =
      before.issue !== null && !before.isShown && superseder === undefined && isActive(step.hold) && !isAtFault
    const replaced = superseder?.isAtFault === true && !isAtFault
    const hold = endsUnseen || replaced ? IDLE : step.hold
    const stays = isActive(hold) ? issue : null
    const isShown = stays !== null && superseder === undefined
    if (stays && isShown) active.push({ issue: stays, weight: check.weight })
    if (stays && isShown && !before.isShown) raised.push(copy(stays))
    if (issue && step.change === 'cleared' && before.isShown && superseder === undefined) {
      cleared.push({ issue: copy(issue), duration: step.duration })
    }
    if (issue && before.isShown && superseder !== undefined) {
      const duration = step.change === 'cleared' ? step.duration : lengthOf(step.hold, at)
      superseded.push({ issue: copy(issue), duration, by: superseder.row.type })
    }
    if (hold !== IDLE) after.set(check.type, { hold, issue: stays, again: stays && again, isShown })
  }
  return { raised, superseded, cleared, active, after }
}

function describe<M, O>(
  check: Check<M, O>,
  given: Finding,
  context: CheckContext<M, O>,
  limits: Limits,
  since: Instant,
  at: Instant,
): Issue {
  const lasted = Math.max(0, at.monotonic - since.monotonic)
  const finding = given.lasts === true ? { ...given, measured: Math.round(lasted * 10) / 10 } : given
  const { measured, expected } = finding
  const isNumber = typeof measured === 'number' || typeof expected === 'number'
  return {
    type: check.type,
    severity: check.severity,
    since: new Date(since.wall).toISOString(),
    ...(measured === undefined ? {} : { measured }),
    ...(expected === undefined ? {} : { expected }),
    ...(check.unit === undefined || !isNumber ? {} : { unit: check.unit }),
    summary: check.summary(finding, context, limits, lasted),
    remedy: advice(check.remedyFor?.(context) ?? check.remedy, check.explainedBy, () => context.others.causes()),
    ...(check.supersedes === undefined ? {} : { supersedes: [...check.supersedes] }),
    ...(check.explains === undefined ? {} : { explains: [...check.explains] }),
  }
}

/** What leaves the judge may be changed by whoever receives it. */
function copy(issue: Issue): Issue {
  const { remedy, supersedes, explains } = issue
  return {
    ...issue,
    remedy: [...remedy],
    ...(supersedes && { supersedes: [...supersedes] }),
    ...(explains && { explains: [...explains] }),
  }
}
