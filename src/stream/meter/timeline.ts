/**
 * Seconds after which the clocks of containers begin again:
 * MPEG-TS has 33 bits of 90 kHz (ISO/IEC 13818-1, 2.4.3.7), RTMP and FLV 32 bits of milliseconds (Adobe RTMP 1.0,
 * section 4; FLV 10.1, E.4.1), of which ffmpeg's FLV muxer uses 31 (measured: it publishes 4294957 s as 2147473 s).
 */
const WRAPS: readonly number[] = [2 ** 33 / 90_000, 2 ** 31 / 1000, 2 ** 32 / 1000]

/** Seconds. How much later than the time that passed a clock may stand after a wrap, to be still the same clock. */
const SLACK = 10

/**
 * The step from one time stamp to the next with a wrap of the container's clock taken out.
 *
 * @param step seconds, new less old
 * @param elapsed seconds that passed between the arrivals of the two
 */
function unwrapStep(step: number, elapsed: number): number {
  if (Math.abs(step) < 10_000) return step
  for (const wrap of WRAPS) {
    for (const candidate of [step + wrap, step - wrap]) {
      if (candidate > -1 && candidate < elapsed + SLACK) return candidate
    }
  }
  return step
}

/** The difference of the time stamps of two tracks, of which one may have wrapped. Seconds. */
export function unwrapDifference(difference: number): number {
  if (Math.abs(difference) < 10_000) return difference
  const candidates = WRAPS.flatMap((wrap) => [difference - wrap, difference + wrap])
  return candidates.reduce((least, next) => (Math.abs(next) < Math.abs(least) ? next : least), difference)
}

/** Seconds. FLV publishers begin at 0, MPEG-TS ones at 1.4 s (ffmpeg's default), both with a few frames of slack. */
const ABOUT_ZERO = 3

/**
 * Whether a time stamp is where a publisher begins that starts its clock anew. That is about 0, or one wrap above it:
 * libavformat prints it so when it takes the fall to 0 for a wrap.
 */
export function isAboutZero(dts: number): boolean {
  return isNear(dts) || WRAPS.some((wrap) => isNear(dts - wrap))
}

function isNear(dts: number): boolean {
  return dts >= -1 && dts <= ABOUT_ZERO
}

/** How a time stamp follows the one before: forward as usual, far forward, or back. */
export type Step = 'onward' | 'leap' | 'back'

/** Seconds. A step of more than this, and of more than three usual ones, is a leap. */
const LEAP = 1
/** Seconds. No track is that slow by its rhythm. */
const LONGEST_INTERVAL = 10
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
    // The first step is all that is known: of a picture in some seconds the next ones would look like leaps.
    this.#interval += this.#interval === 0 ? Math.min(step, LONGEST_INTERVAL) : (step - this.#interval) / 16
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
