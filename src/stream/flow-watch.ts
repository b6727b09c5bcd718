import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'

/** Seconds to wait again where this process itself was late. */
const LATE = 0.25
/** Seconds without media from which on a stall is looked for to the millisecond: no stream that flows is silent for so long. */
const MISSING = 0.1

/** Seconds. */
export interface FlowTimes {
  /** Without media, after which the flow has stalled. */
  stallAfter: number
  /**
   * For which media has to arrive in a new session before it is believed to be live: a server may replay what it kept of
   * a publisher that is gone.
   */
  confirmAfter: number
}

/** Of everything but HLS. A session is believed when it goes on for longer than a server takes to send its GOP cache. */
export const LIVE: FlowTimes = { stallAfter: 2, confirmAfter: 0.7 }
/**
 * Seconds after which what comes is not what a server kept: that is sent at once when it is asked to play, and the way
 * there and back takes a part of a second.
 */
const KEPT_WITHIN = 1.5
/** Seconds: what a playlist is taken to have until it was read (the RFC 8216 update recommends it). */
export const TARGET_DURATION = 6

/** Of HLS: a session is believed when a segment was added to what the playlist began with. */
export function hlsTimes(targetDuration: number): FlowTimes {
  return { stallAfter: 3 * targetDuration, confirmAfter: targetDuration }
}

export interface FlowWatchOptions extends FlowTimes {
  clock: Clock
  /** Seconds by which this process was late just now. */
  lateness(): number
  /** When this process last ran again after it had been away for long; monotonic seconds. Silence counts from there. */
  resumed(): number
  /** Seconds for which video may be silent by its own rhythm. */
  patience?(at: number): number
  /** What flows may stall at this moment. Monotonic seconds. */
  wakeBy?(at: number): void
  /** Called when media begins to flow (`true`) and when it stalls (`false`). */
  changed(flowing: boolean): void
}

/** Says when media begins to flow and when it stalls, by one timer that is re-armed when it fires, not per packet. */
export class FlowWatch {
  readonly #options: FlowWatchOptions
  #times: FlowTimes
  /** When the session's server was asked to play; null where it was not, or is not known. */
  #askedAt: number | null = null
  #first: number | null = null
  #lastVideo: number | null = null
  #lastAudio: number | null = null
  #flowing = false
  #timer: NodeJS.Timeout | null = null

  constructor(options: FlowWatchOptions) {
    this.#options = options
    this.#times = options
  }

  /** Other times, from now on. */
  setTimes(times: FlowTimes): void {
    this.#times = times
    if (this.#timer === null) return
    clearTimeout(this.#timer)
    this.#look()
  }

  get flowing(): boolean {
    return this.#flowing
  }

  /** The server of a session was asked to play. Monotonic seconds. */
  playRequest(at: number): void {
    this.#askedAt = at
  }

  /** Another publisher: which media it has is not known yet. */
  publisherBegan(): void {
    this.#lastVideo = null
    this.#lastAudio = null
  }

  /** Takes the arrival of a packet. Monotonic seconds. */
  arrived(media: 'video' | 'audio' | 'other', at: number): void {
    if (media === 'other') return
    if (media === 'video') this.#lastVideo = at
    else this.#lastAudio = at
    this.#first ??= at
    if (this.#flowing || at - this.#first < this.#confirmAfter(this.#first)) return
    // Audio that goes on does not make up for video that has stopped.
    if (this.#left(at) <= 0) return
    this.#flowing = true
    this.#arm(this.#times.stallAfter)
    this.#options.changed(true)
  }

  /** The session is over: nothing flows, and the next one has to show again that it is live. */
  reset(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#flowing = false
    this.#askedAt = null
    this.#first = null
    this.#lastVideo = null
    this.#lastAudio = null
  }

  /** Seconds. A publisher that begins while the server is being waited for is there: nothing was kept. */
  #confirmAfter(first: number): number {
    const isKept = this.#askedAt === null || first - this.#askedAt < KEPT_WITHIN
    return isKept ? this.#times.confirmAfter : 0
  }

  /** Seconds until what is there has stalled. */
  #left(at: number): number {
    const slow = this.#lastVideo === null ? 0 : (this.#options.patience?.(at) ?? 0)
    return Math.max(this.#times.stallAfter, slow) - this.#silence(at)
  }

  #silence(at: number): number {
    const last = this.#lastVideo ?? this.#lastAudio
    return last === null ? Number.POSITIVE_INFINITY : at - Math.max(last, this.#options.resumed())
  }

  /** A look that throws is followed by another: a stall must not be overlooked for ever. */
  #arm(seconds: number): void {
    const timer = setTimeout(
      guarded(
        'stream flow',
        () => this.#look(),
        () => {
          if (this.#timer === timer) this.#arm(this.#times.stallAfter)
        },
      ),
      seconds * 1000,
    )
    this.#timer = timer
  }

  #look(): void {
    const { clock, lateness, wakeBy, changed } = this.#options
    const now = clock.monotonic()
    const left = this.#left(now)
    if (left > 0) {
      // One millisecond more, because a timer may fire a fraction of one early.
      this.#arm(left + 0.001)
      if (this.#silence(now) > MISSING) wakeBy?.(now + left + 0.002)
    } else if (lateness() > 0) this.#arm(LATE)
    else {
      this.#timer = null
      this.#flowing = false
      changed(false)
    }
  }
}
