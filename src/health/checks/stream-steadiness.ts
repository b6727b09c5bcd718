import { hundredths, seconds, times } from '../../observation/words.ts'
import { episodes, occurrences, RETURNS } from '../history.ts'
import { isSegmented, type StreamCheck } from './stream-options.ts'

/**
 * Seconds within which publishers that begin anew are one. node-media-server lets the first frames of a publisher pass
 * before it refuses it (measured with 4.4.3): its clock and that of the one who stays then come in turn.
 */
const ONE_RESTART = 3

export const streamFlapping: StreamCheck = {
  type: 'streamFlapping',
  unit: 'times',
  severity: 'warning',
  weight: 15,
  limits: { enter: 3, enterHold: 0, clear: 1, clearHold: 0, window: 300 },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading, history, expected }, limits) {
    if (!expected) return 'not-judged'
    if (reading.outcome !== 'present') return 'unmeasured'
    const window = limits.window ?? 0
    // A publisher that is away for a moment and begins anew shows as both.
    const count = Math.max(
      occurrences(history, RETURNS, window),
      episodes(history, 'publisherRestarts', window, ONE_RESTART),
    )
    return { value: count, measured: count, expected: 0 }
  },
  summary: ({ measured }, _context, limits) =>
    `The stream dropped out and came back ${times(Number(measured))} in the last ${seconds(limits.window ?? 0)} of media (expected: never)`,
  remedy: [
    'On the encoder, look why it reconnects: its log, or its status, says whether the network or the server ended it.',
    'Check whether a second encoder sends with the same stream key: each then throws the other out.',
    'Put the encoder on a cable instead of Wi-Fi, or on your second connection.',
    'Lower the bitrate of the encoder, by a quarter to begin with.',
  ],
  text: {
    measures: `how often the stream came back after it had been away, or its publisher restarted; within ${ONE_RESTART} s is once`,
    window: (limits) => `${limits.window} s of measured media`,
    raised: (limits) => `${times(limits.enter ?? 0)} or more within the window`,
    cleared: (limits) => `${times(limits.clear ?? 0)} or less within the window`,
    why: 'Each break for itself is told by streamStalled and streamOffline and passes; that they come again and again has a cause that stays. Time in which the stream is away is not counted, so that long pauses do not hide it.',
    blindTo:
      'Breaks shorter than the stall time in which the publisher goes on. Not judged while the stream is not expected: trying out an encoder before an event is no fault.',
  },
}

export const trackTimestampSkew: StreamCheck = {
  type: 'trackTimestampSkew',
  unit: 's',
  severity: 'warning',
  weight: 10,
  limits: { enter: 0.5, enterHold: 5, clear: 0.3, clearHold: 5, window: null },
  worse: 'higher',
  warmUp: 'suspended',
  resets: ['publisher restart', 'new session'],
  assess(context) {
    const { reading } = context
    if (isSegmented(context)) return 'not-judged'
    const skew = reading.measurements.trackTimestampSkew
    if (reading.outcome !== 'present' || skew === null) return 'unmeasured'
    return { value: Math.abs(skew), measured: hundredths(skew), expected: 0 }
  },
  summary({ measured }) {
    const skew = Number(measured)
    const [late, early] = skew > 0 ? ['audio', 'video'] : ['video', 'audio']
    return `The ${late} time stamps lag ${hundredths(Math.abs(skew))} s behind those of the ${early} (expected: together)`
  },
  remedy: [
    'Watch the stream: do lips and voice go together?',
    'If not, stop the stream on the encoder and start it again.',
    'If it comes back, check the delays that are set on the encoder, and whether picture and sound come from one device.',
  ],
  text: {
    measures: 'the newest time stamp of the video less that of the audio, median of the last 3 s',
    window: () => 'the last 3 s',
    raised: (limits) => `${limits.enter} s or more, either way`,
    cleared: (limits) => `${limits.clear} s or less`,
    why: 'Containers send both tracks in the order of their time stamps, so that they are rarely more than 0.2 s apart. From half a second on, players buffer or let sound and picture part.',
    blindTo:
      'Lip sync: sound that was delayed before it got its time stamps looks healthy. HLS and DASH, which arrive a segment at a time, are not judged.',
  },
}

export const keyframeIntervalVaries: StreamCheck = {
  type: 'keyframeIntervalVaries',
  severity: 'info',
  weight: 2,
  limits: { enter: 1.5, enterHold: 10, clear: 1.2, clearHold: 10, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: ['publisher restart', 'new session'],
  assess({ reading }) {
    const range = reading.measurements.keyframeIntervalRange ?? null
    if (reading.outcome !== 'present' || range === null || !(range.shortest > 0)) return 'unmeasured'
    const measured = `${hundredths(range.shortest)} to ${hundredths(range.longest)} s`
    return { value: range.longest / range.shortest, measured, expected: 'the same interval throughout' }
  },
  summary: ({ measured }) => `Key frames are ${measured} apart (expected: a constant interval)`,
  remedy: [
    'On the encoder, set a fixed key frame interval of 2 s.',
    'Switch off scene detection (x264: scenecut=0) and adaptive GOP.',
    'If viewers see no trouble, it can stay until the event is over.',
  ],
  text: {
    measures: 'the longest of the newest key frame intervals as a multiple of the shortest',
    window: () => 'the newest key frame intervals',
    raised: (limits) => `${limits.enter} times the shortest, or more`,
    cleared: (limits) => `${limits.clear} times the shortest, or less`,
    why: "Cloudflare's guide to its key frame chart asks for a flat line. Segments of players become as uneven as the intervals, which most platforms even out: information.",
    blindTo: 'What the platform makes of it. Intervals that are too long for a platform are gopSizeLong.',
  },
}
