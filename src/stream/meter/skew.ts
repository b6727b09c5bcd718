import { unwrapStep } from './clock-wrap.ts'

/** Packets of video: about 3 s. Odd, so that the median is one of them. */
const SAMPLES = 101
const ENOUGH = 11

/** The median of newest video DTS less newest audio DTS, taken at each video packet. */
export class SkewMeter {
  readonly #samples = new Float64Array(SAMPLES)
  #next = 0
  #count = 0

  add(videoDts: number, audioDts: number): void {
    this.#samples[this.#next] = unwrapStep(videoDts - audioDts, 0)
    this.#next = this.#next + 1 === SAMPLES ? 0 : this.#next + 1
    if (this.#count < SAMPLES) this.#count++
  }

  /** Seconds; null until there are enough samples to say. */
  median(): number | null {
    if (this.#count < ENOUGH) return null
    const sorted = this.#samples.slice(0, this.#count).sort()
    return sorted[this.#count >> 1] ?? null
  }
}
