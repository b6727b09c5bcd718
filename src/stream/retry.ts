import type { SessionEnd } from '../observation/stream.ts'

/** Seconds between the beginnings of two sessions. */
const PERIOD = {
  /** A stream that should be there. */
  expected: 2,
  /** One that has not been there for `PATIENCE`. */
  longGone: 15,
  /** One that need not be there now. */
  offAir: 30,
  /** One whose reader took too much memory: no more than a second of each minute goes into filling it again. */
  outOfMemory: 60,
  /** Where no program can be started: each try takes what is short. */
  noResources: 10,
} as const
/** Seconds: a reader that took too much memory only after so long grew slowly, and the next one will as well. */
const SLOW_GROWTH = 600
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
  /** Why the last session ended; null where none could be tried. */
  end: SessionEnd | null
  /** 0 to 1: spreads the sessions of many streams over time. */
  random: number
}

/** Seconds to wait before the next session begins. */
export function retryDelay({ sinceBegin, missingFor, expected, end, random }: RetryInput): number {
  if (end === 'out-of-memory' && sinceBegin < SLOW_GROWTH) return PERIOD.outOfMemory * (1 - 0.2 * random)
  if (end === 'no-resources') return PERIOD.noResources * (1 - 0.2 * random)
  if (sinceBegin >= HELD) return random * HELD_PAUSE
  const period = !expected ? PERIOD.offAir : missingFor > PATIENCE ? PERIOD.longGone : PERIOD.expected
  return Math.max(0, period * (1 - 0.2 * random) - sinceBegin)
}
