import { type Profile, type ProfileLimits, rowFor } from '../health/profile.ts'
import type { Severity } from '../observation/observation.ts'
import type { StreamMeasurements, StreamParameters } from '../observation/stream.ts'
import { bitrate, hundredths } from '../observation/words.ts'
import { LIMIT_WORDS, rangeInWords } from './limit-words.ts'
import type { PreflightVerdict } from './verdict.ts'

/** One limit of a platform, what the stream has, and whether that is well. */
export interface LimitLine {
  limit: keyof ProfileLimits
  /** What the platform takes, for a person. */
  takes: string
  /** What the stream has, for a person; null: not known. */
  measured: string | null
  /** A severity: that of the issue which was found. */
  mark: 'pass' | 'unknown' | Severity
}

/** What of a stream is held against a limit, and the issues that say so. */
interface Held {
  issues: readonly string[]
  has(parameters: StreamParameters, measurements: StreamMeasurements): string | null
}

const text = (value: string | number | null | undefined, unit = '') => (value == null ? null : `${value}${unit}`)
const rate = (value: number | null, { warmingUp }: StreamMeasurements) =>
  value === null || warmingUp ? null : bitrate(value)

const HELD: Readonly<Record<keyof ProfileLimits, Held>> = {
  container: { issues: ['badContainer'], has: ({ format }) => format },
  videoCodec: { issues: ['videoCodec'], has: ({ video }) => text(video[0]?.codec) },
  progressive: { issues: ['interlacedVideo'], has: ({ video }) => text(video[0]?.fieldOrder) },
  closedGop: { issues: ['openGop'], has: ({ video }) => openOrClosed(video[0]?.openGop) },
  bFrames: { issues: ['bFramesNotAllowed'], has: ({ video }) => text(video[0]?.bFrames) },
  frameRate: {
    issues: ['frameRateHigh'],
    has: (_, { window }) => (window.framesPerSecond === null ? null : `${hundredths(window.framesPerSecond)} fps`),
  },
  resolution: {
    issues: ['videoResolutionUnsupported', 'videoResolutionSuboptimal'],
    has: ({ video: [first] }) => (first === undefined ? null : `${first.width}×${first.height}`),
  },
  keyframeInterval: {
    issues: ['gopSizeOver', 'gopSizeLong', 'gopSizeShort'],
    has: (_, { keyframeInterval }) => (keyframeInterval === null ? null : `${hundredths(keyframeInterval)} s`),
  },
  videoBitrate: {
    issues: ['bitrateHigh', 'bitrateLow'],
    has: (_, measurements) => rate(measurements.window.videoBytesPerSecond, measurements),
  },
  audioCodec: { issues: ['audioCodec'], has: ({ audio }) => text(audio[0]?.codec) },
  sampleRate: { issues: ['audioSampleRate'], has: ({ audio }) => text(audio[0]?.sampleRate, ' Hz') },
  channels: { issues: ['audioTooManyChannels'], has: ({ audio }) => text(audio[0]?.channels) },
  audioBitrate: {
    issues: ['audioBitrateHigh', 'audioBitrateLow'],
    has: (_, measurements) => rate(measurements.window.audioBytesPerSecond, measurements),
  },
  videoTracks: { issues: ['multipleVideoStreams'], has: ({ video }) => text(video.length) },
  audioTracks: { issues: ['multipleAudioStreams'], has: ({ audio }) => text(audio.length) },
}

const openOrClosed = (open: boolean | null | undefined) => (open == null ? null : open ? 'open' : 'closed')

/**
 * Every limit that a platform publishes, with the value of the stream and how it is judged. None without a profile. Pure.
 *
 * @param seen what an inspection against that profile has found
 */
export function limitLines(
  profile: Profile | null,
  { parameters, measurements, issues }: Pick<PreflightVerdict, 'parameters' | 'measurements' | 'issues'>,
): LimitLine[] {
  if (profile === null) return []
  const names = Object.keys(HELD) as (keyof ProfileLimits)[]
  return names.flatMap((limit) => {
    const takes = takenBy(profile, limit, parameters, measurements)
    if (takes === null) return []
    const measured = parameters === null || measurements === null ? null : HELD[limit].has(parameters, measurements)
    const found = issues.find(({ type }) => HELD[limit].issues.includes(type))
    return [{ limit, takes, measured, mark: found?.severity ?? (measured === null ? 'unknown' : 'pass') }]
  })
}

/** Null where the platform has no such limit. Of the bitrates it is the one for a picture of that size. */
function takenBy(
  { limits }: Profile,
  limit: keyof ProfileLimits,
  parameters: StreamParameters | null,
  measurements: StreamMeasurements | null,
): string | null {
  const value = limits[limit]
  if (value === null || ('required' in value && !value.required)) return null
  if (limit === 'videoBitrate' && limits.videoBitrate !== null) {
    const { width = 0, height = 0 } = parameters?.video[0] ?? {}
    const row = rowFor(limits.videoBitrate, Math.min(width, height), measurements?.window.framesPerSecond ?? 0)
    return row === null ? 'no such picture' : rangeInWords(row)
  }
  const words = LIMIT_WORDS[limit] as (limit: unknown) => string
  return words(value)
}
