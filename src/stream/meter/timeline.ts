import { unwrapStep } from './clock-wrap.ts'

/** How a time stamp follows the one before: forward as usual, far forward, or back. */
export type Step = 'onward' | 'leap' | 'back'

/** Seconds. A step of more than this, and of more than three usual ones, is a leap. */
const LEAP = 1
/** Seconds by which the steps of a constant frame rate differ: FLV's milliseconds make 16 and 17 of 60 per second. */
const REGULAR = 0.0015
/** Seconds. Less than FLV's resolution is no step back, it is rounding. */
const ROUNDING = 0.0005

/**
 * The media time of one track: its DTS made continuous, so that it never goes back and leaps only where media is
 * missing. All windows and intervals of encoder measurements are taken on it.
 */
export class Timeline {
  /** Seconds: continuous media time of the newest packet. It begins at the first DTS. */
  time: number
  /** Seconds: the newest DTS as the stream has it. */
  dts: number
  /** Seconds from the packet before to the one that `follow` was asked about last, wraps taken out. */
  step = 0
  #interval = 0
  /** The DTS that went back, while it is open whether the track stays there. */
  #stray = Number.NaN

  constructor(dts: number) {
    this.time = dts
    this.dts = dts
  }

  /** How `dts` follows, seen without taking it. `elapsed`: seconds since the packet before arrived. */
  follow(dts: number, elapsed: number): Step {
    const step = unwrapStep(dts - this.dts, elapsed)
    const sinceStray = dts - this.#stray
    // One packet back and on again is one stray packet; two in a row are the place where the track goes on.
    if (step < -ROUNDING && sinceStray >= 0 && sinceStray <= this.#leapLimit) {
      this.step = sinceStray
      return 'onward'
    }
    this.step = step
    if (step < -ROUNDING) return 'back'
    return step > this.#leapLimit ? 'leap' : 'onward'
  }

  /** Takes the packet that `follow` saw: media time goes on by its step. */
  advance(dts: number): void {
    const step = Math.max(0, this.step)
    this.time += step
    this.#interval += (step - this.#interval) / 16
    this.dts = dts
    this.#stray = Number.NaN
  }

  /** Takes a packet whose time stamp leapt for no reason: media time goes on by one usual step. */
  rebase(dts: number): void {
    this.time += this.#interval
    this.dts = dts
    this.#stray = Number.NaN
  }

  /** Takes a packet whose time stamp went back: media time stands still until it is clear where the track goes on. */
  hold(dts: number): void {
    this.#stray = dts
  }

  /** Whether the step that `follow` saw is the usual one, but for rounding: the publisher's own clock goes on. */
  get isRegular(): boolean {
    return Math.abs(this.step - this.#interval) <= Math.max(REGULAR, this.#interval / 10)
  }

  get #leapLimit(): number {
    return Math.max(LEAP, 3 * this.#interval)
  }
}
