import { FRESH_INTERVALS } from '../../observation/clock.ts'
import { seconds, truncate } from '../../observation/words.ts'
import type { Check, CheckContext, Finding, Limits } from '../check.ts'
import { absenceOf } from '../nothing-arrives.ts'
import type { StreamCheck } from './stream-options.ts'

/**
 * Seconds that a probe may connect before that becomes an issue: 15 s for the analysis of a stream with a long GOP
 *, and as much again as a slow server needs for a second try.
 */
export const CONNECTING_PATIENCE = 25

/** Of every kind: the monitor does not know. It is the only issue that not knowing raises. */
export const notMeasured: Check<unknown, unknown> = {
  type: 'notMeasured',
  severity: 'error',
  weight: 0,
  limits: { enter: null, enterHold: 0, clear: null, clearHold: 0, window: 5 },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading, history, interval }, limits) {
    if (reading.outcome !== 'unknown') return { value: false }
    const unknownFor = history.unknownFor ?? 0
    const usual = Math.max(limits.window ?? 0, FRESH_INTERVALS * interval)
    const patience = reading.code === 'connecting' ? Math.max(usual, CONNECTING_PATIENCE) : usual
    if (unknownFor < patience) return 'unmeasured'
    return {
      value: true,
      measured: reading.code,
      expected: `a measurement every ${seconds(interval)}`,
      began: unknownFor,
    }
  },
  summary(_finding, { reading, interval }, _limits, lasted) {
    const why = reading.outcome === 'unknown' ? `: ${truncate(reading.message, 300)} (${reading.code})` : ''
    const missing = `Not measured for ${seconds(lasted)} (expected every ${seconds(interval)})`
    return `${missing}${why}`
  },
  remedy: [
    'Treat it as unwatched: look yourself, a stream with a player or on the platform.',
    'Read the reason in the summary: it names what the monitor lacks.',
    'On the host of the monitor, check whether CPU and memory are free and, for a stream, whether ffprobe is there; then deploy again.',
  ],
  text: {
    measures: 'whether the monitor measures at all',
    window: () => 'the time since the first reading that measured nothing',
    raised: (limits) =>
      `nothing measured for ${FRESH_INTERVALS} intervals, but at least ${limits.window} s; ${CONNECTING_PATIENCE} s while the probe is still connecting`,
    cleared: () => 'the first measurement, whatever it says',
    why: 'Not knowing is not well. It weighs nothing, because the score is absent while the state is unknown.',
    blindTo: 'What happens to the target meanwhile: other issues are neither raised nor cleared.',
  },
}

/** Seconds in which a target that is watched anew may come before anybody looks. */
const PATIENCE = 60

/** Of the newest settings: what was watched under others was another thing. */
const NEVER_SEEN = 'Never seen since watching began'

const LIMITS: Limits = { enter: PATIENCE, enterHold: 0, clear: null, clearHold: 0, window: null }

/** Where it is expected, its own checks tell why it is not there. */
function assess({ reading, expected, history }: CheckContext<unknown, unknown>, isAsked: boolean) {
  if (expected || !isAsked) return 'not-judged'
  if (reading.outcome === 'present') return { value: false }
  if (reading.outcome === 'unknown') return 'unmeasured'
  if (history.unseenFor === null) return 'not-judged'
  const unseen = Math.round(history.unseenFor)
  return { value: history.unseenFor, measured: unseen, expected: 0, began: history.unseenFor } as const
}

function summary(_finding: Finding, { reading }: CheckContext<unknown, unknown>): string {
  return reading.outcome === 'absent' ? neverSeenBecause(reading) : NEVER_SEEN
}

/** What is said of a stream that was never there: why, and what to suspect. */
function streamSummary(_finding: Finding, { reading }: CheckContext<unknown, unknown>): string {
  if (reading.outcome !== 'absent') return NEVER_SEEN
  const { suspect, suspectStream } = absenceOf(reading.reason)
  return `${neverSeenBecause(reading)} (${reading.beforeStream === true ? suspect : suspectStream})`
}

function neverSeenBecause({ reason, message }: { reason: string; message?: string }): string {
  return `${NEVER_SEEN}: ${message ?? absenceOf(reason).says}`
}

const remedyFor: StreamCheck['remedyFor'] = ({ reading }) =>
  reading.outcome === 'absent' ? absenceOf(reading.reason).remedy : null

const text = {
  measures: 'seconds since the target is watched, while it has never been there',
  window: () => 'the time since the watch began',
  cleared: () => 'it is there, or it is expected: then the checks of its absence tell why it is not',
}

/**
 * Of every kind: what is not expected was never there. Nobody need be told: an hour before an event that is as it should
 * be, but who looks at the overview must not take it for set up.
 */
export const neverSeen: Check<unknown, unknown> = {
  type: 'neverSeen',
  severity: 'info',
  weight: 0,
  limits: LIMITS,
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  unit: 's',
  whileOff: 'judged',
  assess: (context) => assess(context, true),
  summary,
  remedy: [
    'Check whether it is switched on and connected.',
    'Compare the address letter by letter with the one that it really has.',
  ],
  text: {
    ...text,
    raised: ({ enter }) => `${enter} s without ever having been there, while it is not expected`,
    why: 'A wrong address looks the same as something that is not switched on yet: grey, and calm. A minute is longer than anything takes to answer, and short enough to be seen while somebody still sets things up. It is no more than advice, because before an event it is as it should be.',
    blindTo: 'Whether the address is wrong or it is not switched on. What was there before the monitor was started.',
  },
}

/** The same of a stream, whose server answers, but has no media. */
export const streamNeverSeen: StreamCheck = {
  ...neverSeen,
  type: 'streamNeverSeen',
  assess: (context) => assess(context, context.reading.outcome !== 'absent' || context.reading.beforeStream !== true),
  summary: streamSummary,
  remedy: absenceOf('timeout').remedy,
  remedyFor,
  text: {
    ...neverSeen.text,
    raised: ({ enter }) =>
      `${enter} s in which the server answered and no media ever came, while the stream is not expected`,
    why: 'A wrong key looks the same as a stream that has not begun: grey, and calm. A minute is longer than an encoder takes to connect, and short enough to be seen while somebody still sets things up. It is no more than advice, because before an event it is as it should be.',
    blindTo:
      'Whether the key is wrong or nobody sends yet: most servers answer the same. What was there before the monitor was started.',
  },
}

/** Of streams: the server itself was never reached, so no start of the stream will mend it. */
export const streamNeverReached: StreamCheck = {
  ...streamNeverSeen,
  type: 'streamNeverReached',
  severity: 'warning',
  assess: (context) => assess(context, context.reading.outcome !== 'absent' || context.reading.beforeStream === true),
  remedy: absenceOf('unreachable').remedy,
  text: {
    ...text,
    raised: ({ enter }) =>
      `${enter} s in which no connection came about, while the stream is not expected: the host name is not known, nothing listens on the port, the certificate is not accepted, or what answers speaks another protocol`,
    why: 'A server is there before the stream is, so somebody has mistyped the host or the port, and should hear of it before the event. As long as for streamNeverSeen.',
    blindTo:
      'A wrong key or application, which streamNeverSeen tells. A server that is only started for the event is told, too: give the check other numbers for that stream, or switch it off.',
  },
}
