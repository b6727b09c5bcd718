import type { Clock } from '../observation/clock.ts'
import type { Handover } from '../observation/handover.ts'
import { internalError } from '../observation/internal-errors.ts'
import type { Probe, ProbeListener, Reading } from '../observation/reading.ts'
import { Poller } from './poller.ts'

/** What a poll may build on. */
export interface PollContext<M> {
  /** Whether the target should be on the air now. */
  expected: boolean
  /** What the poll before gave, or the initial measurements. */
  previous: M
}

export interface PolledProbeOptions<M> {
  /** The target's name, from which its turn within the interval follows. */
  name: string
  /** Seconds between the beginnings of two polls. */
  interval: number
  /** Seconds that one poll may take; then its signal aborts. */
  limit: number
  clock: Clock
  /** What is known before the first poll. */
  initial: M
  handover: Handover<M>
  /** Takes secrets out of the message of an error nobody foresaw. */
  redact(text: string): string
  /**
   * Asks the target once. What the target does wrong is a reading; only what is wrong with the monitor itself throws, and
   * becomes an `unknown` reading. It ends soon after its signal aborts.
   */
  poll(signal: AbortSignal, context: PollContext<M>): Promise<Reading<M>>
  /** The probe has stopped: gives back what its polls shared. */
  ended?(): void
}

/** A probe that asks its target once an interval. */
export class PolledProbe<M> implements Probe<M> {
  readonly #options: PolledProbeOptions<M>
  readonly #poller: Poller
  #reading: Reading<M>
  #taken = true
  /** Monotonic seconds; null before the first poll has ended. */
  #polledAt: number | null = null
  #interval: number
  #turn = 0
  #expected = false
  #listener: ProbeListener | null = null

  constructor(options: PolledProbeOptions<M>) {
    this.#options = options
    this.#reading = {
      outcome: 'unknown',
      code: 'connecting',
      message: 'It has not been asked yet',
      measurements: options.initial,
    }
    const { name, interval, limit, clock } = options
    this.#interval = interval
    this.#poller = new Poller({ name, interval, limit, clock, poll: (signal) => this.#poll(signal) })
  }

  start(listener: ProbeListener): void {
    this.#listener = listener
    this.#poller.start()
  }

  /**
   * The newest reading. What is handed over only once is in it once. A reading that is too old, because a poll does not
   * end, says nothing about now.
   */
  read(): Reading<M> {
    const reading = this.#isOld() ? this.#old() : this.#reading
    this.#taken = true
    this.#reading = { ...reading, measurements: this.#options.handover.withoutNews(reading.measurements) }
    return reading
  }

  setExpected(expected: boolean): void {
    this.#expected = expected
  }

  /** Seconds between the beginnings of two polls from now on. */
  setInterval(interval: number): void {
    this.#interval = interval
    this.#poller.setInterval(interval)
  }

  /** Polls now, or takes part in the poll that runs. */
  refresh(): Promise<void> {
    return this.#poller.refresh()
  }

  async stop(): Promise<void> {
    this.#listener = null
    await this.#poller.stop()
    this.#options.ended?.()
  }

  #isOld(): boolean {
    const { clock, limit } = this.#options
    return this.#polledAt !== null && clock.monotonic() - this.#polledAt > 2 * this.#interval + limit
  }

  #old(): Reading<M> {
    const measurements = this.#options.handover.withoutValues(this.#reading.measurements)
    return { outcome: 'unknown', code: 'late', message: 'The newest answer is too old', measurements }
  }

  async #poll(signal: AbortSignal): Promise<void> {
    this.#turn += 1
    const turn = this.#turn
    const reading = await this.#ask(signal)
    // One that was given up and ends after all says nothing about now.
    if (!this.#poller.running || turn !== this.#turn) return
    const { handover } = this.#options
    const older = this.#reading.measurements
    this.#reading = this.#taken
      ? reading
      : { ...reading, measurements: handover.withNewsOf(older, reading.measurements) }
    this.#taken = false
    this.#polledAt = this.#options.clock.monotonic()
    this.#listener?.changed()
  }

  async #ask(signal: AbortSignal): Promise<Reading<M>> {
    const { poll, handover, redact, limit } = this.#options
    const previous = this.#reading.measurements
    try {
      return await poll(signal, { expected: this.#expected, previous: handover.withoutNews(previous) })
    } catch (error) {
      const measurements = handover.withoutNews(handover.withoutValues(previous))
      if (signal.aborted) {
        const message = `The monitor got no result within ${limit} s`
        return { outcome: 'unknown', code: 'late', message, measurements }
      }
      internalError('poll', error)
      const message = redact(error instanceof Error ? error.message : String(error))
      return { outcome: 'unknown', code: 'internal', message, measurements }
    }
  }
}
