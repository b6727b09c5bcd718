import timers from 'node:timers'
import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'

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
