/** Where time comes from, so that tests can make it. */
export interface Clock {
  /** Milliseconds since the epoch, UTC. It may step when the host's clock is set. */
  wall(): number
  /** Seconds from an arbitrary start. It never steps and never goes back. */
  monotonic(): number
}

/** One moment on both clocks. */
export interface Instant {
  /** Milliseconds since the epoch, UTC. */
  wall: number
  /** Seconds, monotonic. */
  monotonic: number
}

/** The dialogs know these types too, in a browser that has no such thing and asks for no time. */
declare const process: { hrtime(): [seconds: number, nanoseconds: number] }

export const systemClock: Clock = {
  wall: () => Date.now(),
  // Not `performance.now()`, which begins anew in every thread: times have to be compared across them.
  monotonic: () => {
    const [seconds, nanoseconds] = process.hrtime()
    return seconds + nanoseconds / 1e9
  },
}

export function now(clock: Clock): Instant {
  return { wall: clock.wall(), monotonic: clock.monotonic() }
}

/** Milliseconds by which clocks may differ and still go alike: one that is only slowed or sped up, and rounding. */
const ALIKE = 2_000

/** A clock that may know nothing but the time of day. */
export type WallClock = Pick<Clock, 'wall'> & Partial<Pick<Clock, 'monotonic'>>

/**
 * Knows when the wall clock was set, by an hour or by a day: times that were noted before it then have to be moved by as
 * much, or what is to come waits for as long, and what waits looks as old. A host that slept counts as a step forward.
 */
export class ClockSteps {
  readonly #clock: WallClock
  #wall: number
  #monotonic: number | null

  constructor(clock: WallClock) {
    this.#clock = clock
    this.#wall = clock.wall()
    this.#monotonic = clock.monotonic?.() ?? null
  }

  /**
   * Milliseconds that the wall clock was set forward since this was asked last; negative: back; 0: it was not set.
   *
   * @param newest the newest time that was noted of what has happened: where it lies in the future, the clock was set back
   */
  taken(newest: number): number {
    const wall = this.#clock.wall()
    const monotonic = this.#clock.monotonic?.() ?? null
    const passed =
      monotonic === null || this.#monotonic === null ? wall - this.#wall : (monotonic - this.#monotonic) * 1000
    const step = Math.round(wall - this.#wall - passed)
    this.#monotonic = monotonic
    this.#wall = wall
    if (Math.abs(step) >= ALIKE) return step
    return newest - wall >= ALIKE ? Math.round(wall - newest) : 0
  }
}

/** Intervals: what is older says nothing about now. One may come late, and one be lost. */
export const FRESH_INTERVALS = 3

/** Whether what was observed still says something about now. Both in seconds. */
export function isFresh({ age, interval }: { age: number; interval: number }): boolean {
  return age <= FRESH_INTERVALS * interval
}
