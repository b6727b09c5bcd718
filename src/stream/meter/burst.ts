/** Arrival at most this many times real time ... */
const REAL_TIME = 1.1
/** ... for this many seconds: then the burst has passed (measured on nginx-rtmp and node-media-server). */
const CALM = 1
/** Seconds that media may run ahead by the network's jitter alone. */
const JITTER = 0.2
/** Seconds. A publisher that sends faster than real time for so long will not stop: that is its flow. */
const LONGEST = 10

/**
 * The burst at the start of a session: servers send cached media at once, and ffprobe holds back what it needs to find
 * the tracks. Arrival times say nothing of the stream until it has passed.
 */
export class Burst {
  #passed = false
  readonly #start: number
  #at: number
  #time: number

  /** `at`: arrival of the first packet; `time`: its media time. Seconds. */
  constructor(at: number, time: number) {
    this.#start = at
    this.#at = at
    this.#time = time
  }

  get passed(): boolean {
    return this.#passed
  }

  /** Returns `passed`. Media that comes in segments passes at the first quiet second between two of them. */
  add(at: number, time: number): boolean {
    if (this.#passed) return true
    const elapsed = at - this.#at
    const ahead = time - this.#time - REAL_TIME * elapsed
    if (elapsed >= CALM || at - this.#start >= LONGEST) this.#passed = true
    else if (ahead > JITTER) {
      this.#at = at
      this.#time = time
    }
    return this.#passed
  }
}
