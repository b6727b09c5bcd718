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
