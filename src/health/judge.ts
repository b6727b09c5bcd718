import type { Instant } from '../observation/clock.ts'
import { type Issue, SEVERITIES, type State } from '../observation/observation.ts'
import type { Reading } from '../observation/reading.ts'
import type { StreamMeasurements } from '../observation/stream.ts'
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
import { end, type Hold, IDLE, isActive, restartHolds, type Step, step } from './hold.ts'
import { NO_OTHERS, type OtherTargets, presentOthers } from './other.ts'
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
}

export interface Verdict {
  state: State
  /** 0 to 100, null while unknown or off. */
  score: number | null
  /** All that are active now, the gravest first. */
  issues: Issue[]
  raised: Issue[]
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
}

/** A judge of one target of any kind. A throw in a check leaves the judge as it was before the reading. */
export function createJudge<M, O>(rules: KindRules<M, O>, options: O, overrides: LimitOverrides = {}): Judge<M> {
  const rows = rules.checks
    .filter(({ type }) => overrides[type] !== null)
    .map((check) => ({ check, limits: { ...check.limits, ...overrides[check.type] } }))
  let history: History | null = null
  let tracking = new Map<string, Tracking>()

  return {
    judge({ reading, expected, at, interval, others }) {
      const tracked = rules.tracked(reading.measurements)
      const seen = advance(history, { outcome: reading.outcome, expected, tracked, at: at.monotonic })
      const present = presentOthers(others ?? NO_OTHERS)
      const context: CheckContext<M, O> = { reading, options, expected, interval, history: seen, others: present }
      const over = reading.outcome === 'absent' && !expected
      const begun = new Set(
        Object.entries(rules.resets).flatMap(([counter, reset]) => (seen.grown.has(counter) ? [reset] : [])),
      )
      const warmingUp = rules.warmingUp(reading.measurements)
      const verdict: Pick<Verdict, 'raised' | 'cleared'> = { raised: [], cleared: [] }
      const after = new Map<string, Tracking>()
      const active: { issue: Issue; weight: number }[] = []

      for (const { check, limits } of rows) {
        const before = tracking.get(check.type) ?? { hold: IDLE, issue: null }
        const result =
          over && check.whileOff !== 'judged'
            ? { step: end(before.hold, at), issue: before.issue }
            : judgeRow(check, limits, context, { begun, warmingUp }, before, at)
        const { issue } = result
        if (issue && result.step.change === 'raised') verdict.raised.push(copy(issue))
        if (issue && result.step.change === 'cleared') {
          verdict.cleared.push({ issue: copy(issue), duration: result.step.duration })
        }
        const stays = isActive(result.step.hold) ? issue : null
        if (stays) active.push({ issue: stays, weight: check.weight })
        after.set(check.type, { hold: result.step.hold, issue: stays })
      }

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
      return { state, score, issues: active.map(({ issue }) => copy(issue)).sort(gravestFirst), ...verdict }
    },
  }
}

/** What is the same for every row of one reading. */
interface Moment {
  /** What began anew with this reading. */
  begun: ReadonlySet<Reset>
  warmingUp: boolean
}

function judgeRow<M, O>(
  check: Check<M, O>,
  limits: Limits,
  context: CheckContext<M, O>,
  { begun, warmingUp }: Moment,
  before: Tracking,
  at: Instant,
): { step: Step; issue: Issue | null } {
  const anew = begun.size > 0 && check.resets.some((reset) => begun.has(reset))
  const hold = anew ? restartHolds(before.hold) : before.hold
  const suspended = warmingUp && check.warmUp === 'suspended'
  const assessment = suspended ? 'unmeasured' : check.assess(context, limits)
  if (assessment === 'not-judged') return { step: end(hold, at), issue: before.issue }
  if (assessment === 'unmeasured') return { step: step(hold, 'unmeasured', at, limits), issue: before.issue }

  const side = sideOf(assessment, limits, check.worse)
  const stepped = step(hold, side, at, limits, assessment.began)
  const { state } = stepped.hold
  // The text stays that of the last value at fault: while the clearing holds, the value would contradict it.
  if (state.phase !== 'active' || side === 'unmeasured') return { step: stepped, issue: before.issue }
  return { step: stepped, issue: describe(check, assessment, context, limits, state.since) }
}

function describe<M, O>(
  check: Check<M, O>,
  finding: Finding,
  context: CheckContext<M, O>,
  limits: Limits,
  since: Instant,
): Issue {
  return {
    type: check.type,
    severity: check.severity,
    since: new Date(since.wall).toISOString(),
    ...(finding.measured === undefined ? {} : { measured: finding.measured }),
    ...(finding.expected === undefined ? {} : { expected: finding.expected }),
    summary: check.summary(finding, context, limits),
    remedy: [...(check.remedyFor?.(context) ?? check.remedy)],
  }
}

/** What leaves the judge may be changed by whoever receives it. */
function copy(issue: Issue): Issue {
  return { ...issue, remedy: [...issue.remedy] }
}

function gravestFirst(a: Issue, b: Issue): number {
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || a.since.localeCompare(b.since)
}
