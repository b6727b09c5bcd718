import type { StreamMeasurements, TimestampFault } from '../../observation/stream.ts'
import type { Check } from '../check.ts'
import { occurrences } from '../history.ts'
import { seconds, times } from '../words.ts'
import type { StreamOptions } from './stream.ts'

type StreamCheck = Check<StreamMeasurements, StreamOptions>

/** Containers that arrive a segment at a time, by ffprobe's names. */
const SEGMENTED: ReadonlySet<string> = new Set(['hls', 'applehttp', 'dash'])

/** ffprobe names a container by one name or several, with commas between them. */
function isSegmented(format = ''): boolean {
  return format.split(',').some((name) => SEGMENTED.has(name))
}

export const videoIngestionStarved: StreamCheck = {
  type: 'videoIngestionStarved',
  severity: 'error',
  weight: 40,
  limits: { enter: 0.95, enterHold: 3, clear: 0.98, clearHold: 5, window: null },
  worse: 'lower',
  warmUp: 'suspended',
  resets: ['publisher restart', 'new session'],
  assess({ reading, options }) {
    const { parameters, window } = reading.measurements
    if (options.segmented || isSegmented(parameters?.format)) return 'not-judged'
    if (reading.outcome !== 'present' || window.realtimeRatio === null) return 'unmeasured'
    const measured = Math.round(window.realtimeRatio * 1000) / 1000
    return { value: window.realtimeRatio, measured, expected: 1 }
  },
  summary: (finding) =>
    `Media arrives at ${Number(finding.measured).toFixed(2)} times real time, where smooth playback needs 1.00: viewers will see it buffer`,
  remedy: [
    'On the encoder, look for dropped frames, network congestion or an overloaded CPU.',
    'Stop whatever else uses the uplink: uploads, backups, guests on the Wi-Fi.',
    'Lower the bitrate of the encoder, by a quarter to begin with.',
    'Put the encoder on a cable instead of Wi-Fi.',
  ],
  text: {
    measures: 'real-time ratio: seconds of media that arrive per second',
    window: () => 'the longer of 10 s and 3 key frame intervals',
    raised: (limits) => `a ratio of ${limits.enter} or less`,
    cleared: (limits) => `a ratio of ${limits.clear} or more`,
    why: "YouTube's name; its API reports it as an error. A perfect stream, read by ffprobe, measures within 1 % of 1 over 10 s, but only within 3.4 % over 1 s, so the longer window is judged and 5 % is no noise; the hold lets a pause that the network makes good pass.",
    blindTo:
      'A lack of less than 5 %; frames that the encoder drops before it sends, because the time stamps of what is left still keep real time; HLS and DASH, which arrive a segment at a time and are not judged; and whether it is the sender or the monitor whose connection is too slow.',
  },
}

/** Rows that count what the meter has counted: faults of the time stamps within a window. */
function timestampCheck(row: { type: string; counter: TimestampFault; what: string; blindTo: string }): StreamCheck {
  return {
    type: row.type,
    severity: 'warning',
    weight: 10,
    limits: { enter: 1, enterHold: 0, clear: 0, clearHold: 0, window: 60 },
    worse: 'higher',
    warmUp: 'judged',
    resets: [],
    assess({ reading, history }, limits) {
      if (reading.outcome !== 'present') return 'unmeasured'
      const window = limits.window ?? 0
      const count = occurrences(history, row.counter, window)
      return { value: count, measured: count, expected: 0 }
    },
    summary: (finding, _context, limits) =>
      `Time stamps ${row.what} ${times(Number(finding.measured))} in the last ${seconds(limits.window ?? 0)} of media, where 0 is expected`,
    remedy: [
      'Watch the stream yourself for a minute: does the picture stutter, or does sound leave the picture?',
      'If it does, stop the stream on the encoder and start it again.',
      'If it comes back, look for a clock change, a switch of source or a second sender with the same stream key.',
    ],
    text: {
      measures: `how often time stamps ${row.what}`,
      window: (limits) => `${limits.window} s of measured media`,
      raised: (limits) => `${times(limits.enter ?? 0)} or more within the window`,
      cleared: (limits) => `${times(limits.clear ?? 0)} within the window`,
      why: 'Each one is a fault by itself; the window keeps it in sight long enough for people and for a scrape, and makes a series of them one issue.',
      blindTo: row.blindTo,
    },
  }
}

export const timestampJump = timestampCheck({
  type: 'timestampJump',
  counter: 'jump',
  what: 'jumped ahead of real time',
  blindTo:
    'Steps too small to be told from a dropped frame. Media that is missing after a pause is no jump: streamStalled and videoIngestionStarved see it. A publisher that starts again and a wrap of the clock of the container are no jump.',
})

export const timestampRegression = timestampCheck({
  type: 'timestampRegression',
  counter: 'regression',
  what: 'went back',
  blindTo:
    'What a server mends before it passes the stream on. A publisher that starts again and a wrap of the clock of the container are no regression.',
})
