import type { Content } from './content.ts'
import { handover } from './handover.ts'

/** Why a stream session ended: a closed list, also the values of the label `end`. */
export const SESSION_ENDS = [
  'refused',
  'unreachable',
  'not-found',
  'timeout',
  'ended',
  'killed',
  'crashed',
  'bad-output',
  'out-of-memory',
  'no-resources',
  'dns-failed',
] as const
export type SessionEnd = (typeof SESSION_ENDS)[number]

/**
 * What the time stamps of a publisher did that they should not. A fault that shows on both tracks counts once; neither a
 * publisher restart nor a wrap of the container's clock is one, and the first burst of a session is not judged.
 *
 * - `regression`: DTS goes back.
 * - `jump`: DTS leaps forward by more than 1 s (and three usual steps) to more than 0.5 s ahead of real time.
 * - `gap`: DTS leaps forward as far, but no further than real time, after a pause in which nothing arrived: media is
 *   missing. Where one track leaps while the other goes on, frames were dropped, and the rates show it. Of a stream
 *   without audio only a stall counts as pause, because its frame rate may vary.
 *
 * After the counters that Azure Media Services kept per track (`discontinuityCount`, `nonincreasingCount`).
 */
export const TIMESTAMP_FAULTS = ['regression', 'jump', 'gap'] as const
export type TimestampFault = (typeof TIMESTAMP_FAULTS)[number]

/** Cumulative since the watch began, across sessions. */
export interface Counts {
  packets: number
  bytes: number
}

/**
 * Rates over a window, from packet to packet. Null until the window has been filled once; 0 while the track is stalled,
 * or is known not to be there.
 */
export interface Rates {
  /** Over DTS time. */
  videoBytesPerSecond: number | null
  /** Over DTS time. */
  audioBytesPerSecond: number | null
  /** Over DTS time. */
  framesPerSecond: number | null
  /** Media seconds that arrived per second of monotonic time, over whole seconds since the first burst has passed. */
  realtimeRatio: number | null
}

export interface VideoParameters {
  codec: string
  profile: string | null
  level: number | null
  width: number
  height: number
  /** Frames per second as declared by the stream, not measured. */
  declaredFrameRate: number | null
  /** Bytes per second as declared by the publisher, not measured. */
  declaredBytesPerSecond: number | null
  pixelFormat: string | null
  /** `progressive`, or another field order as ffprobe names it. */
  fieldOrder: string | null
  /** Number of B-frames the decoder must reorder; 0 means none. */
  bFrames: number | null
  /**
   * Whether there are key frames at which a decoder cannot begin, because frames after them refer to frames before
   * them. Seen by the presentation times of H.264; null or absent where it is not known.
   */
  openGop?: boolean | null
}

export interface AudioParameters {
  codec: string
  profile: string | null
  /** Hz. */
  sampleRate: number | null
  channels: number | null
  declaredBytesPerSecond: number | null
}

/** What the stream says of itself, read by an inspection. */
export interface StreamParameters {
  /** Container as ffprobe names it: `flv`, `hls`, `mpegts` … */
  format: string
  video: VideoParameters[]
  audio: AudioParameters[]
  /** The publisher's software where it says so (`encoder` in onMetaData). */
  encoder: string | null
  /** Why nobody has looked at its frames, so that only what its headers say is known; absent where somebody has. */
  unseen?: string
}

/**
 * How deep a stream is looked at: its packets alone, with the pictures of its key frames and its sound, or with every
 * picture. `auto`: its packets, and now and then the content.
 */
export const CHECKS = ['packets', 'content', 'full', 'auto'] as const
export type Checks = (typeof CHECKS)[number]

/** What of a stream's target says how it is read. */
export interface StreamReadOptions {
  /** May hold `${NAME}`. */
  url: string
  checks: Checks
  /** What the stream must have; the other track is no fault when it lacks. */
  media: 'both' | 'video' | 'audio'
  /** Seconds without media; null: by protocol. */
  stallAfter: number | null
  verifyTls: boolean
  /** Whether a picture that stands still under sound is a fault. */
  stillPicture: 'allowed' | 'fault'
  /** Which of several variants of HLS is read, as `720p` or `2500k`; null, the default: the best. */
  variant?: string | null
  /** What reads it. `auto`: the monitor itself, as far as it can. `ffprobe`: FFmpeg's programs, by the address, always. */
  reader: 'auto' | 'ffprobe'
}

/** Why nothing may be known of one. */
export const STREAM_FAILURES = [
  'no-ffprobe',
  'no-ffmpeg',
  'unsupported',
  'no-resources',
  'killed',
  'crashed',
  'bad-output',
  'out-of-memory',
  'dns-failed',
  'loop-late',
] as const
export type StreamFailure = (typeof STREAM_FAILURES)[number]

/** Whether a session ended by the probe's own fault, which says nothing of the stream. */
export function isStreamFailure(end: SessionEnd): end is SessionEnd & StreamFailure {
  return STREAM_FAILURES.some((failure) => failure === end)
}

export interface StreamMeasurements {
  /**
   * Media arrives now: video, or audio where there is only audio. Null while unknown: before the first packet, while
   * only audio has come and it is open whether that is all (5 s), and after a session that the probe itself lost. A
   * stream that has shown video is not up when its video stops, though its audio goes on: `tracks` then shows both,
   * and the video rates are 0.
   */
  up: boolean | null
  total: {
    video: Counts
    audio: Counts
    keyframes: number
    publisherRestarts: number
    sessions: Record<SessionEnd, number>
    timestampFaults: Record<TimestampFault, number>
  }
  /** For display. */
  last1s: Rates
  /** For metrics. */
  last10s: Rates
  /** Over max(10 s, 3 GOPs), at most 60 s: what the checks judge. Known as soon as there are 10 s. */
  window: Rates
  /**
   * Seconds: max(last closed interval, media time since the last key frame). Null while stalled, and before the first
   * interval has closed unless that already takes longer than 5 s.
   */
  keyframeInterval: number | null
  /** Seconds: the shortest and the longest of the newest closed key frame intervals; null until there are enough. */
  keyframeIntervalRange?: { shortest: number; longest: number } | null
  /** Seconds: (arrival - DTS) less its minimum over the last 10 minutes. Null while warming up or stalled. */
  drift: number | null
  /** Seconds: drift less its mean over the last 30 s. */
  driftDeviation: number | null
  /** Seconds: newest video DTS less newest audio DTS, median of the last 3 s. Not lip sync. Null unless both go on. */
  trackTimestampSkew: number | null
  /**
   * Whether the encoder leaves frames out where the picture stands still, by the sizes of those behind: then a frame rate
   * that falls is none that is missing. Null where none are left out, and while nothing flows.
   */
  variableFrameRate?: boolean | null
  /** Seconds for which packets have come while the time stamps stand still; null while nothing flows. */
  clockStandsFor?: number | null
  /** Seconds since the last packet of what counts for `up` arrived, across sessions; null when none ever did. */
  lastPacketAge: number | null
  /**
   * Which tracks the present publisher carries. One that has not shown is null until packets have come for 5 s (or
   * `stallAfter`, where that is longer), then false; one that stops is false after 10 s (or `stallAfter`) in which the
   * media went on without it.
   */
  tracks: { video: boolean | null; audio: boolean | null }
  /**
   * Whether the configuration of a track's codec has come (RTMP's sequence header), without which no player can decode it.
   * Null while the track does not flow, where what reads the stream does not know, and of a codec that needs none.
   */
  configured: { video: boolean | null; audio: boolean | null }
  /** Seconds, this session: from its start to its first packet. */
  connectSeconds: number | null
  /** Connect times of sessions that began since the last observation, for the histogram. Seconds. */
  newConnectSeconds: number[]
  /** True until the first burst has passed and baselines stand. */
  warmingUp: boolean
  parameters: StreamParameters | null
  /**
   * What differs from the parameters with which the broadcast began, as `name: before -> now`; empty when nothing does.
   * A publisher that returns within 60 s goes on with the same broadcast.
   */
  parameterChanges: string[]
  content: Content | null
}

const NO_RATES: Rates = {
  videoBytesPerSecond: null,
  audioBytesPerSecond: null,
  framesPerSecond: null,
  realtimeRatio: null,
}

/** Connect times that a watch gathers which nobody listens to. */
const MOST_CONNECT_TIMES = 100

export const STREAM_HANDOVER = handover<StreamMeasurements>({
  up: 'moment',
  total: 'stays',
  last1s: { nothing: NO_RATES },
  last10s: { nothing: NO_RATES },
  window: { nothing: NO_RATES },
  keyframeInterval: 'moment',
  keyframeIntervalRange: 'moment',
  drift: 'moment',
  driftDeviation: 'moment',
  trackTimestampSkew: 'moment',
  variableFrameRate: 'moment',
  clockStandsFor: 'moment',
  lastPacketAge: 'stays',
  tracks: 'stays',
  configured: { nothing: { video: null, audio: null } },
  connectSeconds: 'stays',
  newConnectSeconds: { news: MOST_CONNECT_TIMES },
  warmingUp: 'stays',
  parameters: 'stays',
  parameterChanges: 'stays',
  content: 'moment',
})
