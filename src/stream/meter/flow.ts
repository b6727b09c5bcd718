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
class Burst {
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

/** Seconds over which the longest pause is looked for. */
const PAUSES_KEPT = 60

/** The longest pause between two arrivals of the last minute: short for RTMP, a segment for HLS. */
export class Rhythm {
  readonly #longest = new Float32Array(PAUSES_KEPT)
  #newest = 0

  /** `second`: whole seconds since the flow began; `pause`: seconds since the packet before. */
  add(second: number, pause: number): void {
    if (second > this.#newest) {
      for (let s = Math.max(this.#newest + 1, second - PAUSES_KEPT + 1); s <= second; s++)
        this.#longest[s % PAUSES_KEPT] = 0
      this.#newest = second
    }
    const slot = second % PAUSES_KEPT
    if (pause > (this.#longest[slot] ?? 0)) this.#longest[slot] = pause
  }

  /** Seconds. */
  longestPause(): number {
    let longest = 0
    for (const pause of this.#longest) if (pause > longest) longest = pause
    return longest
  }
}

/** Seconds that are kept: ten minutes for the baseline, a minute for the longest window, a minute to look back. */
const LAGS_KEPT = 720

/**
 * The smallest lag (arrival less media time) of each second. Over a second in which nothing arrived the next packet is
 * late by at least the time that passed, so that a silence shows while it lasts.
 */
class LagHistory {
  readonly #least = new Float64Array(LAGS_KEPT)
  #newest = -1

  /**
   * Takes a packet's lag.
   *
   * @param second whole seconds since the history began
   * @param lag seconds
   * @param silentLag the lag at the end of second 0 if nothing had arrived since the packet before this one
   */
  add(second: number, lag: number, silentLag: number): void {
    const slot = second % LAGS_KEPT
    if (second > this.#newest) {
      for (let s = Math.max(this.#newest + 1, second - LAGS_KEPT); s < second; s++)
        this.#least[s % LAGS_KEPT] = silentLag + s
      this.#newest = second
      this.#least[slot] = lag
    } else if (lag < (this.#least[slot] ?? 0)) this.#least[slot] = lag
  }

  /** The smallest lag of the `count` seconds that end with `second`; `silentLag` as in `add`, since the newest packet. */
  least(second: number, count: number, silentLag: number): number {
    let least = Number.POSITIVE_INFINITY
    const first = Math.max(0, second - count + 1, this.#newest - LAGS_KEPT + 1)
    for (let s = first; s <= second; s++) {
      const lag = s > this.#newest ? silentLag + s : (this.#least[s % LAGS_KEPT] ?? 0)
      if (lag < least) least = lag
    }
    return least
  }
}

/** Seconds over which drift has its minimum. */
const BASELINE = 600
/** Seconds over which drift has its mean (Mux, live stream health: deviation from the rolling average of about 30 s). */
const MEAN = 30
/** Seconds of drift below which its mean says nothing. */
const MEAN_FROM = 10

/** The lag of a stall: there is no stream that could drift. */
const NOT_MEASURED = Number.POSITIVE_INFINITY

/**
 * How media arrives, against the monotonic clock.
 *
 * It goes by the packet that was delayed least in each second: that one shows where the stream stands, the network's
 * jitter and our own event loop only ever add to it. Media that arrives in segments is judged by each segment's last
 * packet, because the look-back is as long as the longest pause of the last minute.
 */
export class Flow {
  readonly #stallAfter: number
  readonly #burst: Burst
  /** Arrival less media time. */
  readonly #lags = new LagHistory()
  /** Arrival less media that was there: missing stretches do not count as received. */
  readonly #deficits = new LagHistory()
  readonly #rhythm = new Rhythm()
  /** Arrival of the first packet. */
  readonly #start: number
  /** Arrival at which the burst had passed. */
  #origin = 0
  #second = -1
  #at: number
  #time: number
  #missing = 0

  /** `at`: arrival of the first packet; `time`: its media time; `stallAfter`: pauses longer than this are no rhythm. */
  constructor(at: number, time: number, stallAfter: number) {
    this.#stallAfter = stallAfter
    this.#burst = new Burst(at, time)
    this.#start = at
    this.#at = at
    this.#time = time
  }

  /** True until the first burst has passed: nothing is known of the flow until then. */
  get warmingUp(): boolean {
    return !this.#burst.passed
  }

  /** `missing`: seconds of media time before this packet in which there was no media. */
  add(at: number, time: number, missing: number): void {
    const pause = at - this.#at
    if (pause <= this.#stallAfter) this.#rhythm.add(Math.floor(at - this.#start), pause)
    if (!this.#burst.passed && this.#burst.add(at, time)) this.#origin = at
    if (this.#burst.passed) {
      const second = Math.floor(at - this.#origin)
      const silentLag = this.#silentLag
      this.#lags.add(second, at - time, pause <= this.#stallAfter ? silentLag : NOT_MEASURED)
      this.#deficits.add(second, at - time + this.#missing + missing, silentLag + this.#missing)
      this.#second = second
      this.#missing += missing
    }
    this.#at = at
    this.#time = time
  }

  /** Seconds by which a packet of media time `time`, arriving at `at`, would be ahead of every one of the baseline. */
  ahead(at: number, time: number): number {
    return this.#lags.least(this.#second, BASELINE, this.#silentLag) - (at - time)
  }

  /** Media seconds per second over the last `seconds` whole seconds; null until known. */
  realtimeRatio(at: number, seconds: number): number | null {
    const closed = this.#closedSecond(at)
    const span = Math.round(seconds)
    const lookBack = this.#lookBack
    if (closed - span - lookBack < -1) return null
    const silentLag = this.#silentLag + this.#missing
    const now = this.#deficits.least(closed, lookBack, silentLag)
    const then = this.#deficits.least(closed - span, lookBack, silentLag)
    return Math.max(0, 1 - (now - then) / span)
  }

  /** Seconds; null until known, and in the second in which a stall ends. */
  drift(at: number): number | null {
    const closed = this.#closedSecond(at)
    const lag = this.#lagAt(closed, this.#lookBack)
    return lag < NOT_MEASURED ? lag - this.#lags.least(closed, BASELINE, this.#silentLag) : null
  }

  /** Seconds: drift less its mean over the last 30 s; null until there are 10. */
  driftDeviation(at: number): number | null {
    const closed = this.#closedSecond(at)
    const lookBack = this.#lookBack
    const lag = this.#lagAt(closed, lookBack)
    const first = Math.max(lookBack - 1, closed - MEAN + 1)
    let sum = 0
    let count = 0
    for (let second = first; second <= closed; second++) {
      const then = this.#lagAt(second, lookBack)
      if (then === NOT_MEASURED) continue
      sum += then
      count++
    }
    return lag < NOT_MEASURED && count >= MEAN_FROM ? lag - sum / count : null
  }

  #lagAt(second: number, lookBack: number): number {
    return this.#lags.least(second, lookBack, this.#silentLag)
  }

  /** The newest second that is over; -1 while there is none. */
  #closedSecond(at: number): number {
    return this.#second === -1 ? -1 : Math.max(Math.floor(at - this.#origin), this.#second) - 1
  }

  /** Seconds to look back for a packet, so that there is one in the rhythm of this stream. */
  get #lookBack(): number {
    return Math.floor(this.#rhythm.longestPause()) + 1
  }

  get #silentLag(): number {
    return this.#origin + 1 - this.#time
  }
}
