import type { BitrateRange, ProfileLimits } from '../health/profile.ts'

type Words = { [K in keyof ProfileLimits]: (limit: NonNullable<ProfileLimits[K]>) => string }

/** A limit of a profile as a person reads it, in the order in which they are shown. */
export const LIMIT_WORDS: Words = {
  container: ({ allowed }) => allowed.join(', '),
  videoCodec: ({ allowed }) => allowed.join(', '),
  progressive: ({ required }) => (required ? 'required' : 'not required'),
  closedGop: ({ required }) => (required ? 'required' : 'not required'),
  bFrames: ({ max }) => `at most ${max}`,
  frameRate: ({ max }) => `at most ${max} frames per second`,
  resolution: ({ lines, aspectRatio, min, max }) =>
    listed([
      lines.length > 0 && `best ${lines.join(', ')} lines`,
      aspectRatio && `${aspectRatio}, upright too`,
      min && `at least ${min} lines`,
      max && `at most ${max} lines`,
    ]),
  keyframeInterval: ({ recommended, min, max, excessive }) =>
    listed([
      recommended && `${recommended} s recommended`,
      max && `at most ${max} s`,
      excessive && `an error from ${excessive} s`,
      min && `at least ${min} s`,
    ]),
  videoBitrate: ({ rows }) =>
    rows.map((row) => `${row.lines} lines, ${row.frameRate} frames per second: ${rangeInWords(row)}`).join('<br>'),
  audioCodec: ({ allowed }) => allowed.join(', '),
  sampleRate: ({ allowed }) => `${allowed.join(', ')} Hz`,
  channels: ({ max }) => `at most ${max}`,
  audioBitrate: (limit) => `${rangeInWords(limit)}, of stereo`,
  videoTracks: ({ max }) => `at most ${max}`,
  audioTracks: ({ max }) => `at most ${max}`,
}

export function rangeInWords({ min, recommended, max }: BitrateRange): string {
  const upTo = max === null ? '' : min === null ? `at most ${max} kb/s` : `${min} to ${max} kb/s`
  const from = max === null && min !== null && `at least ${min} kb/s`
  return listed([upTo, from, recommended && `${recommended} kb/s recommended`])
}

function listed(parts: (string | number | false | null)[]): string {
  return parts.filter((part) => part).join(', ')
}
