/**
 * How many processes per second may be started for streams that were not reachable a moment ago. The others first try
 * whether the server accepts a connection, which costs next to nothing. But that try is a connection: a plain
 * `ffmpeg -listen 1` takes it for its one reader, and ends. So it is left out while there are few such streams.
 */
export class StartBudget {
  readonly #perSecond: number
  readonly #most: number
  #tokens: number
  #at = Number.NEGATIVE_INFINITY

  /** Debian's ffprobe takes 0.1 s of a core to start, so two per second are a fifth of a core. */
  constructor(perSecond = 2, most = 4) {
    this.#perSecond = perSecond
    this.#most = most
    this.#tokens = most
  }

  /** Whether a process may be started at this moment, in monotonic seconds. */
  take(at: number): boolean {
    const earned = Math.max(0, at - this.#at) * this.#perSecond
    this.#tokens = Math.min(this.#most, this.#tokens + earned)
    this.#at = at
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }
}
