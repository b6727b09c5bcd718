/** Frames on end without one left out, by which the pace and the usual size of frames are known: 2 s of 30 a second. */
const RUN = 61
/** Usual steps from which on frames are left out. */
const LEFT_OUT = 1.5
/** Share of the usual size up to which a frame shows a picture that has hardly changed (measured: 0.3 to 5 % on a still screen). */
const SMALL = 0.25
/** The usual size falls by this at each run of smaller frames: a slide at full rate has them, too. */
const FORGET = 0.9
/** Seconds of media over which is weighed what was left out. */
const MEMORY = 20

/**
 * Tells frames that an encoder leaves out because the picture stands still (a variable frame rate, as screens are shared
 * with) from frames that are lost: behind the first comes a small one, because nothing has changed; behind the others one as
 * large as ever, or larger. Key frames say nothing: they are large in any case.
 */
export class VariableRate {
  #time: number | null = null
  /** Seconds from frame to frame where none is left out: the fastest that there was. */
  #pace: number | null = null
  #size = 0
  readonly #run: { step: number; size: number; keyframe: boolean }[] = []
  /** Seconds that were left out before small frames, and before others; older ones count less. */
  #still = 0
  #lost = 0

  /** The next frame. @param time continuous media time, seconds; `size`: bytes */
  add(time: number, size: number, keyframe: boolean): void {
    const step = this.#time === null ? 0 : time - this.#time
    this.#time = time
    if (step <= 0) return
    const isGap = this.#pace !== null && step > LEFT_OUT * this.#pace
    if (isGap) this.#weigh(step, size, keyframe)
    if (isGap) this.#run.length = 0
    else this.#follow(step, size, keyframe)
  }

  /** Whether what is left out is left out because nothing changes; null where nothing was left out. */
  get isVariable(): boolean | null {
    return this.#still + this.#lost === 0 ? null : this.#still > this.#lost
  }

  #weigh(step: number, size: number, keyframe: boolean): void {
    if (keyframe || this.#pace === null) return
    const older = Math.exp(-step / MEMORY)
    this.#still *= older
    this.#lost *= older
    const left = step - this.#pace
    if (size <= SMALL * this.#size) this.#still += left
    else this.#lost += left
  }

  #follow(step: number, size: number, keyframe: boolean): void {
    this.#run.push({ step, size, keyframe })
    if (this.#run.length < RUN) return
    const pace = median(this.#run.map((frame) => frame.step))
    const isRegular = this.#run.every((frame) => frame.step <= LEFT_OUT * pace)
    const usual = median(this.#run.flatMap((frame) => (frame.keyframe ? [] : [frame.size])))
    this.#run.length = 0
    if (!isRegular) return
    if (this.#pace === null || pace < this.#pace) this.#pace = pace
    this.#size = Math.max(usual, FORGET * this.#size)
  }
}

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort()
  return sorted[sorted.length >> 1] ?? 0
}
