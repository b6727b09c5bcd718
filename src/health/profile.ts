/** Where a limit comes from. */
export interface Source {
  /** A key of the profile's documents, or `own`: a choice of this project. */
  document: string
  /** The place in the document, or the reason for the choice. */
  section: string
}

export interface Sourced {
  sources?: readonly Source[]
}

/** Only these are taken: names as ffprobe has them, or Hz. */
export interface Allowed<T> extends Sourced {
  allowed: readonly T[]
}

export interface Requirement extends Sourced {
  required: boolean
}

export interface Max extends Sourced {
  max: number
}

/** Lines are those of the shorter side. */
export interface ResolutionLimit extends Sourced {
  /** The sizes that suit the platform; empty: any. */
  lines: readonly number[]
  /** The longer side to the shorter one, as `16:9`; null: any. */
  aspectRatio: string | null
  min: number | null
  max: number | null
}

/** Seconds. */
export interface KeyframeIntervalLimit extends Sourced {
  recommended: number | null
  max: number | null
  /** So long that the platform calls it an error. */
  excessive: number | null
  min: number | null
}

/** Kilobits per second. */
export interface BitrateRange {
  min: number | null
  recommended: number | null
  max: number | null
}

export interface VideoBitrateRow extends BitrateRange {
  lines: number
  frameRate: number
}

export interface VideoBitrateLimit extends Sourced {
  rows: readonly VideoBitrateRow[]
}

/** Of stereo; other numbers of channels in proportion. */
export interface AudioBitrateLimit extends BitrateRange, Sourced {}

/** What a platform takes. Null: it publishes no such limit, and nothing is held against it. */
export interface ProfileLimits {
  container: Allowed<string> | null
  videoCodec: Allowed<string> | null
  progressive: Requirement | null
  closedGop: Requirement | null
  bFrames: Max | null
  frameRate: Max | null
  resolution: ResolutionLimit | null
  keyframeInterval: KeyframeIntervalLimit | null
  videoBitrate: VideoBitrateLimit | null
  audioCodec: Allowed<string> | null
  sampleRate: Allowed<number> | null
  channels: Max | null
  audioBitrate: AudioBitrateLimit | null
  videoTracks: Max | null
  audioTracks: Max | null
}

export interface Profile {
  name: string
  /** How messages name the platform. */
  title: string
  limits: ProfileLimits
}

interface Document {
  title: string
  url: string
  /** The day on which it was read, as `2026-11-22`. */
  read: string
}

/** A shipped profile as its file has it. */
export interface ProfileFile {
  name: string
  title: string
  documents: Readonly<Record<string, Document>>
  limits: Partial<ProfileLimits>
}

type Changes<T> = T extends null ? null : Partial<T>

/** A profile of the user's own, after `profile.schema.json#/$defs/userProfile` has checked it. */
export interface UserProfile {
  /** Without it: the shipped profile of the same name, else none. */
  extends?: string
  title?: string
  /** What differs; null takes a limit away. */
  limits?: { [K in keyof ProfileLimits]?: Changes<ProfileLimits[K]> }
}

/** Measured frame rates are within 1 % over 10 s; 5 % let no noise choose another row. */
const FRAME_RATE_TOLERANCE = 1.05

/** Bytes per second in a kilobit per second. */
export const KILOBIT = 125

/**
 * The row for a picture: the smallest that holds its lines and its frames; null where it is larger than all of them.
 *
 * @param lines pixels of the shorter side
 * @param frameRate frames per second
 */
export function rowFor({ rows }: VideoBitrateLimit, lines: number, frameRate: number): VideoBitrateRow | null {
  const holds = rows.filter((row) => row.lines >= lines && row.frameRate * FRAME_RATE_TOLERANCE >= frameRate)
  return holds.sort((a, b) => a.lines - b.lines || a.frameRate - b.frameRate)[0] ?? null
}

/**
 * The row whose minimum holds for a picture: the largest that is no larger than it. A picture smaller than all of them
 * needs less than any minimum that is published, so there is none for it.
 *
 * @param lines pixels of the shorter side
 * @param frameRate frames per second
 */
export function minimumRowFor({ rows }: VideoBitrateLimit, lines: number, frameRate: number): VideoBitrateRow | null {
  const largest = Math.max(...rows.filter((row) => row.lines <= lines).map((row) => row.lines))
  return rowFor({ rows: rows.filter((row) => row.lines === largest) }, largest, frameRate)
}

/** The limits of audio are those of stereo; null where the platform names none. In bytes per second. */
export function audioRange(
  limit: AudioBitrateLimit,
  channels: number | null,
): { min: number | null; max: number | null } {
  const scale = (KILOBIT * (channels ?? 2)) / 2
  const scaled = (value: number | null) => (value === null ? null : value * scale)
  return { min: scaled(limit.min ?? limit.recommended), max: scaled(limit.max ?? limit.recommended) }
}
