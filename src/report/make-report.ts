import { eventBudget } from '../objectives/event-budget.ts'
import { iso } from '../observation/local-time.ts'
import { type Account, account, type Counted, type Interval, union, within } from './accounting.ts'
import { degradationsOf, remediesOf } from './degradations.ts'
import { interruptionsOf } from './interruptions.ts'
import { TEXTS } from './languages.ts'
import { chartedSeries, comparisonOf, momentsOf, percentilesOf, usualBitrate, viewersOf } from './measured.ts'
import { type Interruption, type Lane, REPORT_VERSION, type Report, type VerdictWord } from './report.ts'
import type { LaneInput, PastEvent, ReportInput } from './report-input.ts'
import { verdictSentence } from './verdict-sentence.ts'

/** Makes the report of what is known: pure, the same for the same input. */
export function makeReport(input: ReportInput): Report {
  const { kind, target, span, planned, gaps } = input
  const states = input.lanes.find((lane) => lane.kind === kind && lane.target === target)?.states ?? []
  const found = account(within(input.expected, span), states, gaps)
  const interruptions = interruptionsOf(input, found)
  const report: Report = {
    version: REPORT_VERSION,
    ...{ kind, target, profile: input.profile, monitor: input.monitor, site: input.site, timezone: input.timezone },
    ...{ madeAt: iso(input.madeAt), madeBy: `RTMP HMonitor ${input.version}`, ...times(span) },
    planned: planned === null ? null : times(planned),
    onAir: onAirOf(found),
    verdict: { word: wordOf(found), says: '' },
    account: inSeconds(found),
    budget: budgetFor(input, found),
    interruptions,
    degradations: degradationsOf(input),
    moments: momentsOf(input, found),
    lanes: input.lanes.map((lane) => laneOf(lane, input)),
    series: chartedSeries(input),
    percentiles: percentilesOf(input),
    viewers: viewersOf(input, found),
    comparison: comparisonOf(input, pastOf(input, found, interruptions)),
    remedies: remediesOf(input),
    gaps: within(union(gaps), span).map((gap) => ({ ...times(gap), seconds: (gap.to - gap.from) / 1000 })),
    clockSteps: input.clockSteps.map(({ at, by }) => ({ at: iso(at), seconds: by / 1000 })),
    events: input.events.map(({ at, ...event }) => ({ at: iso(at), ...event })),
  }
  return { ...report, verdict: { ...report.verdict, says: verdictSentence(report, TEXTS.en) } }
}

const times = ({ from, to }: Interval) => ({ from: iso(from), to: iso(to) })

function inSeconds({ expected, up, degraded, down, unknown }: Account): Report['account'] {
  return {
    expected: expected / 1000,
    ...{ up: up / 1000, degraded: degraded / 1000, down: down / 1000, unknown: unknown / 1000 },
  }
}

/** By the planned length, or the expected one where that is longer or nobody has planned it. */
function budgetFor({ plan }: ReportInput, { expected, up, degraded, down }: Account): Report['budget'] {
  const measured = up + degraded + down
  if (plan === null || expected === 0 || measured === 0) return null
  const { objective, planned } = plan
  const times = { expected: expected / 1000, measured: measured / 1000, bad: down / 1000 }
  const { allowed, bad } = eventBudget(times, { objective, planned: planned ?? times.expected })
  return { objective, allowed, missed: bad, isKept: bad < allowed || bad === 0 }
}

function onAirOf({ intervals }: Account): Report['onAir'] {
  const onAir = intervals.filter(({ counted }) => counted === 'up' || counted === 'degraded')
  const [first, last] = [onAir[0], onAir.at(-1)]
  return first === undefined || last === undefined ? null : times({ from: first.from, to: last.to })
}

function wordOf({ expected, up, degraded, down }: Account): VerdictWord {
  if (expected === 0) return 'not-expected'
  if (up + degraded + down === 0) return 'unmeasured'
  if (up + degraded === 0) return 'down'
  if (down > 0) return 'interrupted'
  return degraded > 0 ? 'degraded' : 'clean'
}

function pastOf(input: ReportInput, found: Account, interruptions: readonly Interruption[]): Omit<PastEvent, 'from'> {
  const { expected, up, degraded, down, unknown } = found
  return {
    ...{ expected, up, degraded, down, unknown },
    interruptions: interruptions.length,
    videoBytesPerSecond: usualBitrate(input),
  }
}

const SHOWN: Readonly<Record<LaneInput['states'][number]['state'], Counted | 'off'>> = {
  ok: 'up',
  degraded: 'degraded',
  down: 'down',
  off: 'off',
  unknown: 'unknown',
}

/** What is shown of a target: all of the span, also what nobody expected; what was not recorded is not known. */
function laneOf({ kind, target, states }: LaneInput, { span, gaps }: ReportInput): Lane {
  const shown = (['up', 'degraded', 'down', 'off'] as const).map((state) => ({
    state,
    own: union(states.filter((each) => SHOWN[each.state] === state)),
  }))
  const intervals: Lane['intervals'] = []
  const edges = [...shown.flatMap(({ own }) => own), ...gaps].flatMap(({ from, to }) => [from, to])
  const inside = [...new Set([span.from, ...edges, span.to])].filter((at) => at >= span.from && at <= span.to)
  const moments = inside.sort((one, other) => one - other)
  const holds = (own: readonly Interval[], at: number) => own.some(({ from, to }) => from <= at && at < to)
  for (const [index, from] of moments.entries()) {
    const to = moments[index + 1]
    if (to === undefined) continue
    const worst = LANE_ORDER.find((state) => holds(shown.find((each) => each.state === state)?.own ?? [], from))
    const state = holds(gaps, from) ? 'unknown' : (worst ?? 'unknown')
    const last = intervals.at(-1)
    if (last?.state === state) last.to = iso(to)
    else intervals.push({ ...times({ from, to }), state })
  }
  return { kind, target, intervals }
}

const LANE_ORDER = ['down', 'degraded', 'up', 'off'] as const
