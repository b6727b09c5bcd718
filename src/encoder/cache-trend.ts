/** Seconds over which the rise of the cache is taken: long enough for whole percents, short enough to be a warning. */
const WINDOW = 20
/** Seconds that there must be to tell a rise from: a cache is told in whole percents. */
const SHORTEST = 10
/** Seconds from which on a fall is believed: it raises nothing. */
const SHORTEST_FALL = 5
/** Points that are kept: one a second. */
const MOST_POINTS = 20

interface Point {
  /** Monotonic seconds. */
  at: number
  ratio: number
}

/** How fast the cache of an encoder fills. A straight line is laid through its last 20 s (least squares). */
export class CacheTrend {
  #points: Point[] = []

  /** @param at monotonic seconds @param ratio 0 to 1; null where the device does not say: then it begins anew */
  add(at: number, ratio: number | null): void {
    if (ratio === null) {
      this.restart()
      return
    }
    const last = this.#points.at(-1)
    if (last !== undefined && at - last.at < WINDOW / MOST_POINTS / 2) return
    this.#points = [...this.#points.filter((point) => at - point.at <= WINDOW), { at, ratio }].slice(-MOST_POINTS)
  }

  restart(): void {
    this.#points = []
  }

  /** Share of the cache per minute; null while there is too little to tell it from. */
  get risePerMinute(): number | null {
    const [first] = this.#points
    const last = this.#points.at(-1)
    if (first === undefined || last === undefined || last.at - first.at < SHORTEST_FALL) return null
    const meanAt = mean(this.#points.map(({ at }) => at))
    const meanRatio = mean(this.#points.map(({ ratio }) => ratio))
    let covariance = 0
    let variance = 0
    for (const { at, ratio } of this.#points) {
      covariance += (at - meanAt) * (ratio - meanRatio)
      variance += (at - meanAt) ** 2
    }
    const rise = (60 * covariance) / variance
    return rise >= 0 && last.at - first.at < SHORTEST ? null : rise
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
