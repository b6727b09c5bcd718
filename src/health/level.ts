/** Measured seconds that one bucket covers: as long as the shortest window of a rate. */
const BUCKET = 10
/** Buckets that are kept: ten minutes, the longest window a check can ask for. */
const KEPT = 60

interface Bucket {
  /** Counted from the beginning of the history, in buckets of measured time. */
  index: number
  lowest: number
  highest: number
}

/**
 * What a value has been like lately, in buckets of ten measured seconds. A value that was *sustained* is one that no
 * reading of a whole bucket fell below: a spike, such as a burst after a pause, is none.
 */
export interface Level {
  /** Oldest first; the last is still open. */
  buckets: readonly Bucket[]
  /** The highest that was sustained since the level began; null until a bucket is full. */
  highest: number | null
}

export const NO_LEVEL: Level = { buckets: [], highest: null }

/** Takes a reading. Pure. @param at measured seconds since the history began */
export function record(level: Level, value: number, at: number): Level {
  const index = Math.floor(at / BUCKET)
  const open = level.buckets.at(-1)
  if (open?.index === index) {
    // So it mostly is: with hundreds of readings a second a new list for each would be the most of what is left behind.
    if (value >= open.lowest && value <= open.highest) return level
    const bucket = { index, lowest: Math.min(open.lowest, value), highest: Math.max(open.highest, value) }
    return { buckets: level.buckets.with(-1, bucket), highest: level.highest }
  }
  const highest = open === undefined ? null : Math.max(open.lowest, level.highest ?? open.lowest)
  return { buckets: [...level.buckets.slice(1 - KEPT), { index, lowest: value, highest: value }], highest }
}

/** The highest value that was sustained within the last `window` measured seconds; null where none was. */
export function highestSustained({ buckets }: Level, window: number): number | null {
  const full = within(buckets, window).slice(0, -1)
  return full.length === 0 ? null : Math.max(...full.map(({ lowest }) => lowest))
}

/** The highest single value within the last `window` measured seconds; null where there is none. */
export function peak({ buckets }: Level, window: number): number | null {
  const values = within(buckets, window).map(({ highest }) => highest)
  return values.length === 0 ? null : Math.max(...values)
}

/** Those that reach into the window, by whole buckets. */
function within(buckets: readonly Bucket[], window: number): readonly Bucket[] {
  const newest = buckets.at(-1)
  if (newest === undefined) return []
  const oldest = newest.index - Math.ceil(window / BUCKET)
  return buckets.filter(({ index }) => index >= oldest)
}
