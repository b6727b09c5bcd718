import { seconds } from '../../observation/words.ts'
import type { History } from '../history.ts'
import { absenceOf } from '../nothing-arrives.ts'
import type { StreamCheck, StreamContext } from './stream-options.ts'

/** What the probe's reason for absence means to a person. */
const REASONS: Readonly<Record<string, string>> = {
  stalled: 'the connection stays open, but nothing arrives',
  ended: 'the server ended the stream',
  refused: 'the server refuses the connection',
  'not-found': 'the server does not know this stream',
  timeout: 'the server accepts the connection and sends nothing',
  unreachable: 'the server cannot be reached',
}

/** The server itself says that there is no stream, so no silence need be waited for. */
const SAID_SO: ReadonlySet<string> = new Set(['ended', 'refused', 'not-found'])

/** Seconds in which an encoder that was stopped says so: two polls and more. */
const ENCODER_SAYS_SO = 3

export const streamStalled: StreamCheck = {
  type: 'streamStalled',
  unit: 's',
  severity: 'warning',
  weight: 20,
  limits: { enter: null, enterHold: 0, clear: null, clearHold: 5, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading, expected, history }) {
    if (!expected) return 'not-judged'
    if (reading.outcome === 'present') return { value: false }
    if (reading.outcome === 'unknown' || reading.reason !== 'stalled') return 'unmeasured'
    const silence = missingFor(history)
    return { value: true, measured: tenths(silence), expected: 0, began: silence, lasts: true }
  },
  summary: (_finding, context, _limits, lasted) => stalledFor(lasted, context),
  remedy: [
    'Check the encoder: is it still sending, and is its picture moving?',
    'Check the network of the encoder: cable, Wi-Fi, and whether something else uses the uplink.',
    'If it does not come back within seconds, stop the stream on the encoder and start it again.',
  ],
  text: {
    measures: 'whether media arrives on the open connection',
    window: () => 'the time since the last packet',
    raised: () =>
      'no media for the stall time: 2 s on RTMP, SRT, RTSP and HTTP-FLV, three target durations on HLS, or what the target sets as `stallAfter`; video that comes more slowly than that, as of slides, has three of its own intervals, 30 s at most',
    cleared: () => 'media arrives',
    why: 'The state is down from the stall on; this says that it may be no more than a hiccup. For comparison, AWS MediaLive fails over after 1.5 s without input, and clears after 3 s.',
    blindTo:
      'Pauses shorter than the stall time, and a picture that stands still while packets go on. Not judged while the stream is not expected.',
  },
}

export const streamOffline: StreamCheck = {
  type: 'streamOffline',
  unit: 's',
  severity: 'error',
  weight: 60,
  limits: { enter: 6, enterHold: 0, clear: null, clearHold: 5, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess(context) {
    const { reading, expected, history } = context
    if (!expected) return 'not-judged'
    if (reading.outcome === 'present') return { value: false }
    if (reading.outcome === 'unknown') return 'unmeasured'
    const silence = missingFor(history)
    const isCertain = SAID_SO.has(reading.reason) && !(silence < ENCODER_SAYS_SO && hasEncoder(context))
    const value = isCertain ? true : silence
    return { value, measured: tenths(silence), expected: 0, began: silence, lasts: true }
  },
  summary(_finding, context, _limits, lasted) {
    const { reading } = context
    if (reading.outcome === 'absent' && reading.reason === 'stalled' && reading.message === undefined) {
      return stalledFor(lasted, context)
    }
    const reason = reading.outcome === 'absent' ? (reading.message ?? REASONS[reading.reason]) : undefined
    const why = reason === undefined ? '' : `: ${reason}`
    return `No data from the stream for ${seconds(lasted)}${why}`
  },
  remedy: [
    'Check the encoder: is it on, does it say that it is streaming, and to the right server and stream key?',
    'Start the stream on the encoder again; if it says that it is live, compare its server and stream key letter by letter.',
    'Check the internet connection of the encoder; if you have a second one, change to it.',
    'Check whether the server or platform reports a fault; if you have a backup stream, change to it.',
    'If the event is over, tell the monitor so: "Event is over" on the page Stream of its dashboard, or an expect message.',
  ],
  // What was never there is set up wrongly more often than lost.
  remedyFor: ({ reading, history }) =>
    reading.outcome === 'absent' && history.unseenFor !== null ? absenceOf(reading.reason).remedy : null,
  text: {
    measures: 'seconds without media',
    window: () => 'the time since the last packet, but no longer than the stream has been expected',
    raised: (limits) =>
      `${limits.enter} s without media; at once when the server ends the stream, refuses it or does not know it, but after ${ENCODER_SAYS_SO} s where it is expected \`manual\` and an encoder that it depends on answers, because that may have been stopped; a session that has yet to show its first media is given 18 s before that`,
    cleared: () => 'media arrives',
    why: 'Long enough for an encoder to connect again by itself, short enough to act before viewers leave.',
    blindTo:
      'Where the stream was lost: at the encoder, on the way, or between the server and the monitor. Not judged while the stream is not expected.',
  },
}

/** What has stopped: sound alone may go on. */
function stalledFor(lasted: number, { reading }: StreamContext): string {
  const hasSound = (reading.measurements.last1s.audioBytesPerSecond ?? 0) > 0
  return hasSound
    ? `No video for ${seconds(lasted)}, though audio goes on (connection open)`
    : `No data from the stream for ${seconds(lasted)} (connection open)`
}

/** Whether an encoder answers that may end the event. */
function hasEncoder({ options, others }: StreamContext): boolean {
  return (options.eventEndsWith ?? []).some((name) => others.get('encoder', name) !== null)
}

/** Seconds for which the stream has been missed: absent, and expected. */
function missingFor(history: History): number {
  return Math.min(history.absentFor ?? 0, history.expectedFor ?? 0)
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10
}
