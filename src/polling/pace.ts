import { createHash } from 'node:crypto'
import timers from 'node:timers'
import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'

/** Seconds between observations out of turn, at the least: ten a second at most. */
const HURRY_SPACING = 0.1

/** Seconds into the interval at which a target's turn comes: its own, so that many targets are spread over it. */
export function phaseOf(name: string, interval: number): number {
  return (createHash('sha256').update(name).digest().readUInt32BE() / 2 ** 32) * interval
}

export interface PaceOptions {
  /** Seconds. */
  interval: number
  /** Seconds, from 0 to less than the interval. */
  phase: number
  clock: Clock
  /**
   * `interval` (the default): on a fixed grid. `requests`: somebody else keeps the time and asks for every turn; only
   * when nobody has asked for one and a half intervals comes a turn by itself.
   */
  by?: 'interval' | 'requests'
  /** @param late seconds by which the runtime could not keep its time */
  turn(late: number): void
}

/** Intervals without a request after which a pace that follows requests gives a turn by itself. */
const PATIENCE = 1.5

/**
 * Calls `turn` once an interval, and soon when asked. Turns lie on a fixed grid of the monotonic clock; those that
 * a busy runtime missed are left out, never made up for.
 */
export class Pace {
  readonly #options: PaceOptions
  #running = false
  #index = Number.NEGATIVE_INFINITY
  #due = 0
  #regular: NodeJS.Timeout | null = null
  #hurried: NodeJS.Timeout | null = null
  #lastHurry = Number.NEGATIVE_INFINITY

  constructor(options: PaceOptions) {
    this.#options = options
  }

  start(): void {
    if (this.#running) return
    this.#running = true
    this.#schedule()
  }

  /** Asks for a turn as soon as may be. Several requests make one turn. */
  hurry(): void {
    if (!this.#running || this.#hurried) return
    const wait = this.#lastHurry + HURRY_SPACING - this.#options.clock.monotonic()
    const timer = timers.setTimeout(
      guarded(
        'watch turn',
        () => {
          this.#hurried = null
          this.#lastHurry = this.#options.clock.monotonic()
          const late = this.#late()
          if (this.#options.by === 'requests') this.#schedule()
          this.#options.turn(late)
        },
        () => {
          if (this.#hurried === timer) this.#hurried = null
        },
      ),
      milliseconds(wait),
    )
    this.#hurried = timer
  }

  stop(): void {
    this.#running = false
    timers.clearTimeout(this.#regular ?? undefined)
    timers.clearTimeout(this.#hurried ?? undefined)
    this.#regular = null
    this.#hurried = null
  }

  #schedule(): void {
    const { clock, by = 'interval' } = this.#options
    const now = clock.monotonic()
    this.#due = by === 'interval' ? this.#nextOnGrid(now) : now + this.#options.interval * PATIENCE
    this.#arm(milliseconds(this.#due - now))
  }

  /** Milliseconds. A turn that throws before it has armed the next one is followed by one an interval later. */
  #arm(wait: number): void {
    timers.clearTimeout(this.#regular ?? undefined)
    const timer = timers.setTimeout(
      guarded(
        'watch turn',
        () => {
          const late = this.#late()
          this.#schedule()
          this.#options.turn(late)
        },
        () => {
          if (this.#regular !== timer) return
          this.#due += this.#options.interval
          this.#arm(milliseconds(this.#options.interval))
        },
      ),
      wait,
    )
    this.#regular = timer
  }

  #nextOnGrid(now: number): number {
    const { interval, phase } = this.#options
    // A timer may fire a little early: the index, not the clock, makes sure that no turn comes twice.
    this.#index = Math.max(this.#index + 1, Math.floor((now - phase) / interval) + 1)
    return phase + this.#index * interval
  }

  #late(): number {
    return Math.max(0, this.#options.clock.monotonic() - this.#due)
  }
}

function milliseconds(seconds: number): number {
  return Math.max(0, Math.ceil(seconds * 1000))
}
