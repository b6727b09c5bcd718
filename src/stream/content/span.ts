import type { ContentFault, ContentSpan, EndedSpan } from '../../observation/content.ts'

/** Seconds. A step that is longer is a jump of the clock, and not media that lasted so long. */
const LONGEST_STEP = 60

/**
 * The media time of one track, counted on where its time stamps go back or jump: a span that lasts across a publisher
 * restart goes on.
 */
export class MediaClock {
  #stamp: number | null = null
  #time = 0
  /** The time at which the time stamps were last continuous with the present ones. */
  #unbrokenSince = 0

  /** Seconds of media since the first time stamp. */
  get time(): number {
    return this.#time
  }

  /** Takes the newest presentation time stamp, seconds. */
  advance(stamp: number): void {
    const step = this.#stamp === null ? 0 : stamp - this.#stamp
    if (step < 0 || step > LONGEST_STEP) this.#unbrokenSince = this.#time
    else this.#time += step
    this.#stamp = stamp
  }

  /** The time that an earlier time stamp stands for, but not before the time stamps broke. */
  timeOf(stamp: number): number {
    return Math.min(this.timeBefore((this.#stamp ?? stamp) - stamp), this.#time)
  }

  /** The time that was so many seconds ago, but not before the time stamps broke. */
  timeBefore(seconds: number): number {
    return Math.max(this.#time - seconds, this.#unbrokenSince)
  }

  /** The time stamp that a time would have on the present publisher's clock. */
  stampOf(time: number): number {
    return (this.#stamp ?? 0) - (this.#time - time)
  }
}

/** The stretch of one fault that goes on, if there is one. Times are those of its track's media clock. */
export class Span {
  readonly #fault: ContentFault
  readonly #clock: MediaClock
  readonly #ended: (span: EndedSpan) => void
  #stretch: { began: number; until: number } | null = null
  /** Whether it lasts long enough to be one. */
  #counts = false

  constructor(fault: ContentFault, clock: MediaClock, ended: (span: EndedSpan) => void) {
    this.#fault = fault
    this.#clock = clock
    this.#ended = ended
  }

  get counts(): boolean {
    return this.#counts
  }

  /** What is known of it; null while it does not count. */
  get current(): ContentSpan | null {
    return this.#counts ? this.#measured() : null
  }

  /** It is faulty from `began`, where it was not before, to the clock's present time. Seconds that it needs to count. */
  extend(began: number, shortest: number): void {
    this.#stretch ??= { began, until: began }
    this.#stretch.until = this.#clock.time
    if (this.#stretch.until - this.#stretch.began >= shortest) this.#counts = true
  }

  /** It is not faulty from `at` on. */
  end(at: number): void {
    if (this.#stretch) this.#stretch.until = Math.max(this.#stretch.began, at)
    this.#finish(false)
  }

  /** Nothing is known any more of what comes. */
  cut(): void {
    this.#finish(true)
  }

  #finish(cut: boolean): void {
    const measured = this.#counts ? this.#measured() : null
    this.#stretch = null
    this.#counts = false
    if (measured) this.#ended({ fault: this.#fault, ...measured, cut })
  }

  #measured(): ContentSpan | null {
    if (!this.#stretch) return null
    const { began, until } = this.#stretch
    return { since: milliseconds(this.#clock.stampOf(began)), duration: milliseconds(until - began) }
  }
}

/** Time stamps are no finer, and sums of them should not look as if they were. */
export function milliseconds(seconds: number): number {
  return Math.round(seconds * 1000) / 1000
}
