import type { TimestampFault } from '../../observation/stream.ts'
import { hundredths, seconds, times } from '../../observation/words.ts'
import type { Assessment } from '../check.ts'
import { occurrences } from '../history.ts'
import { isSegmented, type StreamCheck, type StreamContext } from './stream-options.ts'

/** Seconds of media that arrive per second; media that comes a segment at a time says nothing by it. */
function realtimeRatio(context: StreamContext): Assessment {
  const { reading } = context
  const { window } = reading.measurements
  if (isSegmented(context)) return 'not-judged'
  if (reading.outcome !== 'present' || window.realtimeRatio === null) return 'unmeasured'
  const measured = Math.round(window.realtimeRatio * 1000) / 1000
  return { value: window.realtimeRatio, measured, expected: 1 }
}

export const videoIngestionStarved: StreamCheck = {
  type: 'videoIngestionStarved',
  unit: 'times real time',
  severity: 'error',
  weight: 40,
  limits: { enter: 0.95, enterHold: 3, clear: 0.98, clearHold: 5, window: null },
  worse: 'lower',
  warmUp: 'suspended',
  resets: ['publisher restart', 'new session'],
  assess: realtimeRatio,
  summary: (finding) =>
    `Media arrives at ${Number(finding.measured).toFixed(2)} times real time (expected 1.00): viewers will see it buffer`,
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

export const timestampsStandStill: StreamCheck = {
  type: 'timestampsStandStill',
  unit: 's',
  severity: 'error',
  weight: 40,
  limits: { enter: 1, enterHold: 2, clear: 0.5, clearHold: 5, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: ['publisher restart', 'new session'],
  assess({ reading }) {
    const stands = reading.measurements.clockStandsFor ?? null
    if (reading.outcome !== 'present' || stands === null) return 'unmeasured'
    return { value: stands, measured: hundredths(stands), expected: 0 }
  },
  summary: ({ measured }) =>
    `The clock of the stream stands still: packets come, and their time stamps have not moved for ${measured} s (expected 0): players show a still picture, or nothing`,
  remedy: [
    'Stop the stream on the encoder and start it again: its clock has stopped.',
    'If it comes back, restart the encoder itself, and look whether its source still delivers: camera, capture card, cable.',
    'If something passes the stream on (a relay, a bonding service), restart it there too, or go around it.',
  ],
  text: {
    measures: 'how long packets have come while their time stamps (DTS) are all the same',
    window: () => 'since the last time stamp that was later than the one before',
    raised: (limits) => `${limits.enter} s or more`,
    cleared: (limits) => `${limits.clear} s or less`,
    why: 'Every decoder plays by time stamps (ISO/IEC 13818-1, 2.4.2; Adobe RTMP, section 4). By the bytes alone such a stream looks like one that comes too slowly, which it does not: nothing is wrong with the network. 1 s is longer than any packets of one time stamp take to come, as the fields of a picture.',
    blindTo:
      'A clock that moves, but too slowly (videoIngestionStarved), and streams whose reader makes the time stamps up.',
  },
}

export const videoIngestionFasterThanRealtime: StreamCheck = {
  type: 'videoIngestionFasterThanRealtime',
  unit: 'times real time',
  severity: 'warning',
  weight: 10,
  limits: { enter: 1.05, enterHold: 15, clear: 1.02, clearHold: 5, window: null },
  worse: 'higher',
  warmUp: 'suspended',
  resets: ['publisher restart', 'new session'],
  assess: realtimeRatio,
  summary: (finding) =>
    `Media arrives at ${Number(finding.measured).toFixed(2)} times real time (expected 1.00): what is sent is not live, or its clock is wrong`,
  remedy: [
    'Check what the encoder sends: a file must be played at its own speed (ffmpeg: -re).',
    'On the encoder, check whether the frame rate that it is set to is that of the camera.',
    'Stop the stream on the encoder and start it again.',
  ],
  text: {
    measures: 'real-time ratio: seconds of media that arrive per second',
    window: () => 'the longer of 10 s and 3 key frame intervals',
    raised: (limits) => `a ratio of ${limits.enter} or more`,
    cleared: (limits) => `a ratio of ${limits.clear} or less`,
    why: "YouTube's name. Media that was held up and is made good also comes faster than real time, so it must go on for longer than the window. Viewers still see it, so it is a warning.",
    blindTo:
      'A clock that is fast by less than 5 %, and HLS and DASH, which arrive a segment at a time and are not judged.',
  },
}

export const driftDeviation: StreamCheck = {
  type: 'driftDeviation',
  unit: 's',
  severity: 'warning',
  weight: 10,
  limits: { enter: 1, enterHold: 3, clear: 0.5, clearHold: 5, window: null },
  worse: 'higher',
  warmUp: 'suspended',
  resets: ['publisher restart', 'new session'],
  assess(context) {
    const { reading } = context
    const deviation = reading.measurements.driftDeviation
    if (isSegmented(context)) return 'not-judged'
    if (reading.outcome !== 'present' || deviation === null) return 'unmeasured'
    return { value: deviation, measured: hundredths(deviation), expected: 0.5 }
  },
  summary: (finding, _context, limits) =>
    `Media arrives ${finding.measured} s later than its 30 s mean (expected ${limits.clear} s or less): viewers will see it buffer`,
  remedy: [
    'Stop whatever else uses the uplink: uploads, backups, guests on the Wi-Fi.',
    'Put the encoder on a cable instead of Wi-Fi.',
    'If it comes again, lower the bitrate of the encoder, by a quarter to begin with.',
  ],
  text: {
    measures: 'drift, which is how late media arrives, less its mean of the last 30 s',
    window: () => '30 s',
    raised: (limits) => `${limits.enter} s or more`,
    cleared: (limits) => `${limits.clear} s or less`,
    why: 'Mux rates the deviation of the drift from its rolling average: up to 0.5 s is excellent, up to 1 s good, more is poor. Between the two nothing changes.',
    blindTo:
      'A delay that stays: after half a minute it is the mean. Media that comes early, and HLS and DASH, which arrive a segment at a time and are not judged. It cannot tell the connection of the sender from that of the monitor.',
  },
}

/** Rows that count what the meter has counted: faults of the time stamps within a window. */
function timestampCheck(row: { type: string; counter: TimestampFault; what: string; blindTo: string }): StreamCheck {
  return {
    type: row.type,
    unit: 'times',
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
      `Time stamps ${row.what} ${times(Number(finding.measured))} in the last ${seconds(limits.window ?? 0)} of media (expected: never)`,
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
