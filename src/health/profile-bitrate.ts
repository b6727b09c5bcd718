import type { AudioBitrateLimit, VideoBitrateLimit, VideoBitrateRow } from './profile.ts'

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
