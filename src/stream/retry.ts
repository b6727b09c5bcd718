/** Seconds between the beginnings of two sessions. */
const PERIOD = {
  /** A stream that should be there. */
  expected: 2,
  /** One that has not been there for `PATIENCE`. */
  longGone: 15,
  /** One that need not be there now. */
  offAir: 30,
} as const
/** Seconds after which a stream is tried for less often. */
const PATIENCE = 300
/** Seconds: a session that lasted so long was held by a server on which nobody publishes. */
const HELD = 10
/** Seconds at most before a held session is begun again: a publisher that comes then is seen within 3 s. */
const HELD_PAUSE = 0.5

export interface RetryInput {
  /** Seconds since the last session began. */
  sinceBegin: number
  /** Seconds for which there has been no media, or since the watch began. */
  missingFor: number
  expected: boolean
  /** 0 to 1: spreads the sessions of many streams over time. */
  random: number
}

/** Seconds to wait before the next session begins. */
export function retryDelay({ sinceBegin, missingFor, expected, random }: RetryInput): number {
  if (sinceBegin >= HELD) return random * HELD_PAUSE
  const period = !expected ? PERIOD.offAir : missingFor > PATIENCE ? PERIOD.longGone : PERIOD.expected
  return Math.max(0, period * (1 - 0.2 * random) - sinceBegin)
}
