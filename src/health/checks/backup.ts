import type { AudioParameters, StreamMeasurements, VideoParameters } from '../../observation/stream.ts'
import { bitrate, hundredths, seconds } from '../../observation/words.ts'
import type { Assessment, Finding, Limits } from '../check.ts'
import type { StreamCheck, StreamContext } from './stream-options.ts'

const SAME_SETTINGS = [
  'Set the backup encoder exactly as the main one: load the same preset on both.',
  'Stop the stream on the backup encoder and start it again; leave the main one alone while it is live.',
  'Check whether each encoder sends to its own address: main to main, backup to backup.',
]

const WHY =
  "YouTube's name. Viewers who are moved to the backup see a break or lose the stream, but as long as the main stream runs nothing is lost: a warning."

const BLIND =
  'Anything while one of the two is off air or its newest observation is older than three of its intervals: then nothing is judged.'

interface Comparison {
  type: string
  unit?: string
  severity: StreamCheck['severity']
  weight: number
  /** What is compared, as in: `the picture size`. */
  what: string
  limits: Limits
  compare(own: StreamMeasurements, main: StreamMeasurements): Finding | null
  raised(limits: Limits): string
  cleared(limits: Limits): string
  why?: string
  blindTo?: string
}

/** A row that holds a stream against the one whose backup it is. */
function mismatch(row: Comparison): StreamCheck {
  return {
    type: row.type,
    ...(row.unit !== undefined && { unit: row.unit }),
    severity: row.severity,
    weight: row.weight,
    limits: row.limits,
    worse: 'higher',
    warmUp: 'suspended',
    resets: ['publisher restart', 'new session'],
    needs: 'backupOf',
    assess({ options, reading, others }: StreamContext): Assessment {
      if (options.backupOf == null) return 'not-judged'
      const main = reading.outcome === 'present' ? others.get('stream', options.backupOf) : null
      return (main && row.compare(reading.measurements, main.measurements)) ?? 'unmeasured'
    },
    summary: (finding, { options }) =>
      `Backup differs from ${options.backupOf}: ${row.what} is ${finding.measured} (expected ${finding.expected})`,
    remedy: SAME_SETTINGS,
    text: {
      measures: `${row.what} of this stream and of the one that \`backupOf\` names`,
      window: () => 'the newest observation of both',
      raised: row.raised,
      cleared: row.cleared,
      why: row.why ?? WHY,
      blindTo: row.blindTo === undefined ? BLIND : `${row.blindTo} ${BLIND}`,
    },
  }
}

const video = ({ parameters }: StreamMeasurements) => parameters?.video[0]
const audio = ({ parameters }: StreamMeasurements) => parameters?.audio[0]

type Texted = string | number | null | undefined

/** Both must be known; what is not the same is a mismatch. */
function sameText<T>(
  track: (measurements: StreamMeasurements) => T | undefined,
  read: (parameters: T) => Texted,
): Pick<Comparison, 'compare' | 'limits' | 'raised' | 'cleared'> {
  return {
    limits: { enter: null, enterHold: 10, clear: null, clearHold: 5, window: null },
    compare(own, main) {
      const [ours, theirs] = [own, main].map((measurements) => {
        const parameters = track(measurements)
        return parameters === undefined ? null : (read(parameters) ?? null)
      })
      return ours == null || theirs == null ? null : { value: ours !== theirs, measured: ours, expected: theirs }
    },
    raised: () => 'not the same',
    cleared: () => 'the same',
  }
}

/** How many times the larger of two numbers is the smaller. */
function sameNumber(
  read: (own: StreamMeasurements, main: StreamMeasurements) => (number | null)[],
  words: (value: number) => string | number,
  [enter, clear]: [number, number],
): Pick<Comparison, 'compare' | 'limits' | 'raised' | 'cleared'> {
  return {
    limits: { enter, enterHold: 15, clear, clearHold: 10, window: null },
    compare(own, main) {
      const [ours, theirs] = read(own, main)
      if (!ours || !theirs) return null
      return { value: Math.max(ours / theirs, theirs / ours), measured: words(ours), expected: words(theirs) }
    },
    raised: (limits) => `one is ${limits.enter} times the other, or more`,
    cleared: (limits) => `one is ${limits.clear} times the other, or less`,
  }
}

/** What both declare, where both do; else what both send. A setting is compared rather than what it comes to. */
function declaredOrMeasured(
  declared: (measurements: StreamMeasurements) => number | null | undefined,
  measured: (measurements: StreamMeasurements) => number | null,
) {
  return (...both: StreamMeasurements[]): (number | null)[] => {
    const settings = both.map((measurements) => declared(measurements) ?? null)
    return settings.includes(null) ? both.map(measured) : settings
  }
}

const videoText = (read: (parameters: VideoParameters) => Texted) => sameText(video, read)
const audioText = (read: (parameters: AudioParameters) => Texted) => sameText(audio, read)
const scan = (order: string | null) =>
  order === null || order === 'unknown' ? null : order === 'progressive' ? order : 'interlaced'

export const BACKUP_CHECKS: readonly StreamCheck[] = [
  mismatch({
    type: 'resolutionMismatch',
    severity: 'warning',
    weight: 10,
    what: 'the picture size',
    ...videoText(({ width, height }) => (width > 0 && height > 0 ? `${width}×${height}` : null)),
  }),
  mismatch({
    type: 'videoCodecMismatch',
    severity: 'warning',
    weight: 10,
    what: 'the video codec',
    ...videoText(({ codec }) => codec),
  }),
  mismatch({
    type: 'videoProfileMismatch',
    severity: 'warning',
    weight: 5,
    what: 'the profile of the video codec',
    ...videoText(({ profile }) => profile),
  }),
  mismatch({
    type: 'videoInterlaceMismatch',
    severity: 'warning',
    weight: 5,
    what: 'the scan of the video',
    ...videoText(({ fieldOrder }) => scan(fieldOrder)),
  }),
  mismatch({
    type: 'framerateMismatch',
    unit: 'frames per second',
    severity: 'warning',
    weight: 5,
    what: 'the frame rate',
    ...sameNumber(
      declaredOrMeasured(
        (measurements) => video(measurements)?.declaredFrameRate,
        ({ window }) => window.framesPerSecond,
      ),
      hundredths,
      [1.03, 1.015],
    ),
    blindTo: 'Differences such as that of 29.97 and 30, which are below the measuring error.',
  }),
  mismatch({
    type: 'gopMismatch',
    severity: 'warning',
    weight: 5,
    what: 'the key frame interval',
    ...sameNumber((...both) => both.map(({ keyframeInterval }) => keyframeInterval), seconds, [1.2, 1.1]),
    blindTo: 'Key frames that are as far apart in both streams, but not at the same moments.',
  }),
  mismatch({
    type: 'videoBitrateMismatch',
    severity: 'info',
    weight: 2,
    what: 'the video bitrate',
    ...sameNumber(
      declaredOrMeasured(
        (measurements) => video(measurements)?.declaredBytesPerSecond,
        ({ window }) => window.videoBytesPerSecond,
      ),
      bitrate,
      [1.3, 1.2],
    ),
    why: "YouTube's name, whose message asks to check it. Two encoders never send exactly the same, and a change to the backup works all the same: information.",
    blindTo: 'Encoders that declare one bitrate and send another.',
  }),
  mismatch({
    type: 'audioCodecMismatch',
    severity: 'warning',
    weight: 10,
    what: 'the audio codec',
    ...audioText(({ codec }) => codec),
  }),
  mismatch({
    type: 'audioSampleRateMismatch',
    unit: 'Hz',
    severity: 'warning',
    weight: 5,
    what: 'the sample rate of the audio in Hz',
    ...audioText(({ sampleRate }) => sampleRate),
  }),
  mismatch({
    type: 'audioStereoMismatch',
    unit: 'channels',
    severity: 'warning',
    weight: 5,
    what: 'the number of audio channels',
    ...audioText(({ channels }) => channels),
  }),
  mismatch({
    type: 'audioBitrateMismatch',
    severity: 'info',
    weight: 2,
    what: 'the audio bitrate',
    ...sameNumber(
      declaredOrMeasured(
        (measurements) => audio(measurements)?.declaredBytesPerSecond,
        ({ window }) => window.audioBytesPerSecond,
      ),
      bitrate,
      [1.3, 1.2],
    ),
    why: "YouTube's name, whose message asks to check it. It is not heard when the backup takes over: information.",
    blindTo: 'Encoders that declare one bitrate and send another.',
  }),
]
