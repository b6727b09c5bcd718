/**
 * Seconds. Before the first interval has closed, the time since the first key frame is only a lower bound; it is told
 * once it is above every platform's limit (YouTube asks for at most 4 s).
 */
const TELLING = 5

/** Closed intervals that are remembered, so that one odd interval is forgotten after a few. */
const REMEMBERED = 8
/** Closed intervals below which nothing is said of how even they are. */
const ENOUGH = 4

/** The key frame interval (GOP length) of a video track, in media time. */
export class KeyframeMeter {
  #last: number
  #seen = false
  #closed: number | null = null
  /** The newest closed intervals, oldest first. */
  #newest: number[] = []

  /** `time`: media time of the track's first packet. */
  constructor(time: number) {
    this.#last = time
  }

  /** A key frame at media time `time`. */
  add(time: number): void {
    if (this.#seen && time > this.#last) this.#close(time - this.#last)
    this.#last = time
    this.#seen = true
  }

  /** What came before `time` says nothing of the intervals to come: media is missing in between. */
  restart(time: number): void {
    this.#seen = false
    this.#closed = null
    this.#newest = []
    this.#last = time
  }

  /** Seconds: max(last closed interval, media time since the last key frame); null until known. */
  interval(time: number): number | null {
    const since = Math.max(0, time - this.#last)
    if (this.#closed !== null) return Math.max(this.#closed, since)
    return since >= TELLING ? since : null
  }

  /** Seconds: the shortest and the longest of the newest closed intervals; null until there are enough. */
  range(): { shortest: number; longest: number } | null {
    if (this.#newest.length < ENOUGH) return null
    return { shortest: Math.min(...this.#newest), longest: Math.max(...this.#newest) }
  }

  #close(interval: number): void {
    this.#closed = interval
    this.#newest.push(interval)
    if (this.#newest.length > REMEMBERED) this.#newest.shift()
  }
}
