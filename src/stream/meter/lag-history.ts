/** Seconds that are kept: ten minutes for the baseline, a minute for the longest window, a minute to look back. */
const KEPT = 720

/**
 * The smallest lag (arrival less media time) of each second. Over a second in which nothing arrived the next packet is
 * late by at least the time that passed, so that a silence shows while it lasts.
 */
export class LagHistory {
  readonly #least = new Float64Array(KEPT)
  #newest = -1

  /**
   * Takes a packet's lag.
   *
   * @param second whole seconds since the history began
   * @param lag seconds
   * @param silentLag the lag at the end of second 0 if nothing had arrived since the packet before this one
   */
  add(second: number, lag: number, silentLag: number): void {
    const slot = second % KEPT
    if (second > this.#newest) {
      for (let s = Math.max(this.#newest + 1, second - KEPT); s < second; s++) this.#least[s % KEPT] = silentLag + s
      this.#newest = second
      this.#least[slot] = lag
    } else if (lag < (this.#least[slot] ?? 0)) this.#least[slot] = lag
  }

  /** The smallest lag of the `count` seconds that end with `second`; `silentLag` as in `add`, since the newest packet. */
  least(second: number, count: number, silentLag: number): number {
    let least = Number.POSITIVE_INFINITY
    const first = Math.max(0, second - count + 1, this.#newest - KEPT + 1)
    for (let s = first; s <= second; s++) {
      const lag = s > this.#newest ? silentLag + s : (this.#least[s % KEPT] ?? 0)
      if (lag < least) least = lag
    }
    return least
  }
}
