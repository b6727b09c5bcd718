/** Seconds over which the longest pause is looked for. */
const KEPT = 60

/** The longest pause between two arrivals of the last minute: short for RTMP, a segment for HLS. */
export class Rhythm {
  readonly #longest = new Float32Array(KEPT)
  #newest = 0

  /** `second`: whole seconds since the flow began; `pause`: seconds since the packet before. */
  add(second: number, pause: number): void {
    if (second > this.#newest) {
      for (let s = Math.max(this.#newest + 1, second - KEPT + 1); s <= second; s++) this.#longest[s % KEPT] = 0
      this.#newest = second
    }
    const slot = second % KEPT
    if (pause > (this.#longest[slot] ?? 0)) this.#longest[slot] = pause
  }

  /** Seconds. */
  longestPause(): number {
    let longest = 0
    for (const pause of this.#longest) if (pause > longest) longest = pause
    return longest
  }
}
