import { systemClock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'

/**
 * Milliseconds that a thread sleeps between two looks at its sockets and pipes, so that one waking reads what has come
 * for many streams, and one read several messages of one: a hundred streams have 7700 messages a second. With 1 ms a
 * thread took 12 % of a core for them, with 10 ms 10 %, with 25 ms 7 %; later, on a slower core, with 25 ms 9.4 %, with
 * 50 ms 6.7 %, with 100 ms 5.4 %, and for ten streams 2.1 %, 1.3 % and 1.0 %. What comes meanwhile is taken to have arrived
 * at the end of it: that is a quarter of what may pass before a pause is one (`PAUSE`, `JITTER`, `RECONNECT` of the meter,
 * 0.2 s at the least), and little beside the second over which arrivals are measured.
 */
const DOZE = 50

/** Paces the event loop of the thread that it is made in, from `begin` to `end`. */
export class Doze {
  readonly #cell = new Int32Array(new SharedArrayBuffer(4))
  readonly #before: () => void
  /** Monotonic seconds. */
  #wakings: number[] = []
  #next: NodeJS.Immediate | null = null

  /** @param before done before each sleep: what waited for another turn would wait for the sleep as well. It must not throw */
  constructor(before: () => void) {
    this.#before = before
  }

  begin(): void {
    this.#next ??= setImmediate(guarded('reading doze', () => this.#sleep()))
  }

  end(): void {
    if (this.#next) clearImmediate(this.#next)
    this.#next = null
    this.#wakings = []
  }

  /** Does not sleep over a moment at which a timer is due. Monotonic seconds. */
  wakeBy(at: number): void {
    this.#wakings.push(at)
  }

  #sleep(): void {
    this.#next = null
    this.#before()
    // Nobody wakes it: it is only the time that it waits for.
    Atomics.wait(this.#cell, 0, 0, this.#longest())
    this.begin()
  }

  /** Milliseconds that it may sleep now. */
  #longest(): number {
    if (this.#wakings.length === 0) return DOZE
    const now = systemClock.monotonic()
    this.#wakings = this.#wakings.filter((at) => at > now)
    return Math.min(DOZE, ...this.#wakings.map((at) => (at - now) * 1000))
  }
}
