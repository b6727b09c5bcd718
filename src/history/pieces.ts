import type { Instant } from '../observation/clock.ts'
import type { State } from '../observation/observation.ts'
import type { StateInterval, TargetName } from './records.ts'

/** A time in which one observation stands. In milliseconds since the epoch; `from` < `to`. */
export interface Piece<T> {
  readonly from: number
  readonly to: number
  readonly what: T
  /** Whether it is the first piece of this observation. */
  readonly isFirst: boolean
}

/** Milliseconds by which the clocks may differ and still go alike; what differs by more was set. */
const ALIKE = 2_000

/**
 * Makes time without holes and without overlaps of observations: each stands until the next one, at most for as long as
 * it may. Lengths come from the monotonic clock, so that a wall clock that is set makes no piece longer, shorter or
 * negative: a piece ends where it was, and the next begins at the new time. Of one target.
 */
export class Pieces<T> {
  #stands: { what: T; until: number; isFirst: boolean } | null = null
  /** Up to where pieces were given. */
  #at: Instant = { wall: 0, monotonic: 0 }

  /** @param holds seconds for which it says something, if no other comes */
  observe(what: T, at: Instant, holds: number): Piece<T> | null {
    const piece = this.until(at)
    this.#stands = { what, until: at.monotonic + holds, isFirst: true }
    // A clock that is slowed by less than a step would let this piece begin before the end of the last one.
    const isSlowed = at.wall < this.#at.wall && this.#at.wall - at.wall < ALIKE
    this.#at = isSlowed ? { ...at, wall: this.#at.wall } : at
    return piece
  }

  /** What stood since the last call; null where nothing did. */
  until(at: Instant): Piece<T> | null {
    const stands = this.#stands
    if (stands === null) return null
    const { wall: from, monotonic } = this.#at
    const passed = (at.monotonic - monotonic) * 1000
    const stood = Math.max(0, Math.min(passed, (stands.until - monotonic) * 1000))
    const isSet = Math.abs(from + passed - at.wall) >= ALIKE
    // Rounding and a clock that is slowed make no hole between two pieces.
    const to = Math.round(isSet || stood < passed ? from + stood : Math.max(from, at.wall))
    this.#at = isSet ? at : { ...at, wall: Math.max(at.wall, to) }
    if (stood < passed) this.#stands = null
    // Too short to say: its observation still has its first piece before it.
    if (to <= from) return null
    const { what, isFirst } = stands
    stands.isFirst = false
    return { from, to, what, isFirst }
  }
}

/** What of an observation makes an interval. */
export interface Standing {
  readonly state: State
  readonly expected: boolean
}

/** Adds a piece to intervals of the same target: the last one grows where nothing changed. */
export function withPiece(
  intervals: readonly StateInterval[],
  { kind, target }: TargetName,
  { from, to, what: { state, expected } }: Piece<Standing>,
): StateInterval[] {
  const last = intervals.at(-1)
  const goesOn = last && last.to === from && last.state === state && last.expected === expected
  if (goesOn) return [...intervals.slice(0, -1), { ...last, to }]
  return [...intervals, { kind, target, from, to, state, expected }]
}
