import timers from 'node:timers'
import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { SessionEnd } from '../observation/stream.ts'

/** Seconds between the beginnings of two sessions. */
const PERIOD = {
  /** A stream that should be there. */
  expected: 2,
  /** One that has not been there for `PATIENCE`. */
  longGone: 15,
  /** One that need not be there now. */
  offAir: 30,
  /** One whose reader took too much memory: no more than a second of each minute goes into filling it again. */
  outOfMemory: 60,
  /** One whose server has a recording of it: each look may fetch a playlist that names hours. */
  recording: 10,
  /** Where no program can be started: each try takes what is short. */
  noResources: 10,
} as const
/** Seconds: a reader that took too much memory only after so long grew slowly, and the next one will as well. */
const SLOW_GROWTH = 600
/** Seconds after which a stream is tried for less often. */
const PATIENCE = 300
/** Seconds: a session that lasted so long was held by a server on which nobody publishes. */
const HELD = 10
/** Seconds at most before a held session is begun again: a publisher that comes then is seen within 3 s. */
const HELD_PAUSE = 0.5

/** Ends by which the reader itself has failed, as it may do each time. */
const READER_FAILED: ReadonlySet<SessionEnd> = new Set(['crashed', 'bad-output'])
/** Seconds: a reader that failed only after so long had read well. */
const READ_WELL = 60
/** Times that a reader may fail alike before it is started less and less often. */
const FAILED_ALIKE = 3
/** Seconds between the beginnings of two sessions whose reader fails alike each time, at most. */
const LONGEST_PERIOD = 60

/** How often in a row the reader of a stream has failed, and in the same way each time. */
export class FailuresAlike {
  #end: SessionEnd | null = null
  #count = 0

  /** Takes the end of a session that lasted for so many seconds. */
  ended(end: SessionEnd | null, duration: number): void {
    const hasFailed = end !== null && READER_FAILED.has(end) && duration < READ_WELL
    this.#count = !hasFailed ? 0 : end === this.#end ? this.#count + 1 : 1
    this.#end = hasFailed ? end : null
  }

  /** Seconds between the beginnings of two sessions, twice as long each time; 0 where nothing speaks against the next. */
  get period(): number {
    return this.#count < FAILED_ALIKE
      ? 0
      : Math.min(LONGEST_PERIOD, PERIOD.expected * 2 ** (this.#count - FAILED_ALIKE + 1))
  }

  /** Says so after the reason; empty while the next session begins as ever. */
  get words(): string {
    if (this.period === 0) return ''
    return `. It has failed like this ${this.#count} times in a row, so it is started less and less often, now every ${this.period} s`
  }
}

export interface RetryInput {
  /** Seconds since the last session began. */
  sinceBegin: number
  /** Seconds for which there has been no media, or since the watch began. */
  missingFor: number
  expected: boolean
  /** Why the last session ended; null where none could be tried. */
  end: SessionEnd | null
  /** Whether it found a recording. */
  isRecording?: boolean
  /** Seconds at least between the beginnings of two sessions, as `FailuresAlike` says. Default: 0. */
  least?: number
  /** 0 to 1: spreads the sessions of many streams over time. */
  random: number
}

/** Seconds to wait before the next session begins. */
export function retryDelay(input: RetryInput): number {
  const { sinceBegin, missingFor, expected, end, isRecording, least = 0, random } = input
  if (end === 'out-of-memory' && sinceBegin < SLOW_GROWTH) return PERIOD.outOfMemory * (1 - 0.2 * random)
  if (end === 'no-resources') return PERIOD.noResources * (1 - 0.2 * random)
  if (least > 0) return Math.max(0, Math.max(least, expected ? 0 : PERIOD.offAir) * (1 - 0.2 * random) - sinceBegin)
  if (sinceBegin >= HELD) return random * HELD_PAUSE
  const present = isRecording ? PERIOD.recording : PERIOD.expected
  const period = !expected ? PERIOD.offAir : missingFor > PATIENCE ? PERIOD.longGone : present
  return Math.max(0, period * (1 - 0.2 * random) - sinceBegin)
}

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

/**
 * Readers that start no process, at once and then each second: a connection, and the first pictures of a stream. 1000 streams
 * begin in 16 s, well within the patience with one that is connecting.
 */
export const OWN_STARTS = 60

/**
 * Spreads the starts of processes over time: a few at once, and then so many a second. What begins 250 sessions in one
 * second, as a start of the monitor does, starves Node-RED and every stream that is on already for seconds. First come,
 * first served; a single stream never waits.
 */
export class StartPace {
  readonly #clock: Clock
  readonly #perSecond: number
  readonly #most: number
  readonly #waiting: (() => void)[] = []
  #tokens: number
  #at = Number.NEGATIVE_INFINITY
  #timer: NodeJS.Timeout | null = null

  /**
   * Debian's ffprobe takes 0.13 s of a core to start (measured; a static build 0.002 s, and then its analysis): 12 a second
   * are at most one and a half cores, and
   * begin 250 streams in 20 s, which is less than the 25 s after which a stream that is still connecting is an issue.
   */
  constructor(clock: Clock, perSecond = 12, most = 12) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#most = most
    this.#tokens = most
  }

  /** Resolves when it is this one's turn, or when `signal` aborts. */
  turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted || (this.#waiting.length === 0 && this.#take())) return Promise.resolve()
    return new Promise((resolve) => {
      const enter = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = guarded('start pace', () => {
        const at = this.#waiting.indexOf(enter)
        if (at >= 0) this.#waiting.splice(at, 1)
        resolve()
      })
      this.#waiting.push(enter)
      signal.addEventListener('abort', leave, { once: true })
      this.#schedule()
    })
  }

  #take(): boolean {
    const now = this.#clock.monotonic()
    this.#tokens = Math.min(this.#most, this.#tokens + Math.max(0, now - this.#at) * this.#perSecond)
    this.#at = now
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }

  #schedule(): void {
    if (this.#timer || this.#waiting.length === 0) return
    const goOn = () => {
      this.#timer = null
      this.#schedule()
    }
    this.#timer = timers.setTimeout(
      guarded(
        'start pace',
        () => {
          while (this.#waiting.length > 0 && this.#take()) this.#waiting.shift()?.()
          goOn()
        },
        goOn,
      ),
      Math.max(1, Math.ceil(((1 - this.#tokens) / this.#perSecond) * 1000)),
    )
  }
}
