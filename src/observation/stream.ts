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
] as const
export type SessionEnd = (typeof SESSION_ENDS)[number]

export const TIMESTAMP_FAULTS = ['regression', 'jump', 'gap'] as const
export type TimestampFault = (typeof TIMESTAMP_FAULTS)[number]

/** Cumulative since the watch began, across sessions. */
export interface Counts {
  packets: number
  bytes: number
}

/** Rates over a window. Null until known; 0 while stalled. */
export interface Rates {
  /** Over DTS time. */
  videoBytesPerSecond: number | null
  /** Over DTS time. */
  audioBytesPerSecond: number | null
  /** Over DTS time. */
  framesPerSecond: number | null
  /** Media seconds that arrived per second of monotonic time. */
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
}

/** Filled by content checks. */
export interface Content {
  black: boolean | null
  frozen: boolean | null
  silent: boolean | null
  /** LUFS, short-term. */
  loudness: number | null
}

export interface StreamMeasurements {
  /** Media arrives now: video, or audio where there is only audio. Null while unknown. */
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
  /** Over max(10 s, 3 GOPs): what the checks judge. */
  window: Rates
  /** Seconds: max(last closed interval, media time since the last key frame). */
  keyframeInterval: number | null
  /** Seconds: (arrival - DTS) less its minimum over the last 10 minutes. */
  drift: number | null
  /** Seconds: drift less its mean over the last 30 s. */
  driftDeviation: number | null
  /** Seconds: newest video DTS less newest audio DTS, median. Not lip sync. */
  trackTimestampSkew: number | null
  /** Seconds since the last packet of media arrived; null when none ever did. */
  lastPacketAge: number | null
  /** Which tracks this session has shown so far; null until the session has run long enough to say. */
  tracks: { video: boolean | null; audio: boolean | null }
  /** Seconds, this session: from its start to its first packet. */
  connectSeconds: number | null
  /** Connect times of sessions that began since the last observation, for the histogram. Seconds. */
  newConnectSeconds: number[]
  /** True until the first burst has passed and baselines stand. */
  warmingUp: boolean
  parameters: StreamParameters | null
  /** What changed in the parameters since the publisher began, as `name: before -> now`; empty when nothing did. */
  parameterChanges: string[]
  content: Content | null
}
