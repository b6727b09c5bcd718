import timers from 'node:timers'
import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'
import { phaseOf } from './pace.ts'

/** Seconds within which the first poll comes, spread by name: many targets watched at once must not ask at once. */
const FIRST_WITHIN = 1

/** Seconds after its limit for which a poll that does not heed its signal is waited for; then it is given up. */
const GRACE = 5

export interface PollerOptions {
  /** The target's name, from which its turn within the interval follows. */
  name: string
  /** Seconds between the beginnings of two polls. */
  interval: number
  /** Seconds that one poll may take; then its signal aborts. */
  limit: number
  clock: Clock
  /** Must not reject. It ends soon after its signal aborts; one that does not is left behind. */
  poll(signal: AbortSignal): Promise<void>
}

/**
 * Polls once an interval, never twice at the same time: a turn that comes while a poll still runs is left out. It owns
 * the timer and the poll that runs.
 */
export class Poller {
  readonly #options: PollerOptions
  #interval: number
  #running = false
  #timer: NodeJS.Timeout | null = null
  /** Monotonic seconds of the next turn. */
  #due = 0
  #current: { done: Promise<void>; abort: AbortController } | null = null

  constructor(options: PollerOptions) {
    this.#options = options
    this.#interval = options.interval
  }

  get running(): boolean {
    return this.#running
  }

  start(): void {
    if (this.#running) return
    this.#running = true
    const { name, clock } = this.#options
    this.#schedule(clock.monotonic() + phaseOf(name, Math.min(this.#interval, FIRST_WITHIN)))
  }

  /** Seconds between the beginnings of two polls from now on; the next comes no later than that from now. */
  setInterval(interval: number): void {
    if (interval === this.#interval) return
    this.#interval = interval
    const soonest = this.#options.clock.monotonic() + interval
    if (this.#running && soonest < this.#due) this.#schedule(soonest)
  }

  /** Polls now, or takes part in the poll that runs. */
  async refresh(): Promise<void> {
    if (this.#running) await this.#poll()
  }

  /** Resolves when the poll that runs has ended, too. */
  async stop(): Promise<void> {
    this.#running = false
    timers.clearTimeout(this.#timer ?? undefined)
    this.#timer = null
    this.#current?.abort.abort(new Error('The probe was stopped'))
    await this.#current?.done
  }

  #schedule(due: number): void {
    this.#due = due
    this.#arm(Math.max(0, Math.ceil((due - this.#options.clock.monotonic()) * 1000)))
  }

  /** Milliseconds. A turn that throws before it has armed the next one is followed by one an interval later. */
  #arm(wait: number): void {
    timers.clearTimeout(this.#timer ?? undefined)
    const timer = timers.setTimeout(
      guarded(
        'poll',
        () => this.#turn(),
        () => {
          if (this.#timer === timer) this.#arm(this.#interval * 1000)
        },
      ),
      wait,
    )
    this.#timer = timer
  }

  #turn(): void {
    // Turns that a busy runtime missed are left out, never made up for.
    const behind = Math.max(0, this.#options.clock.monotonic() - this.#due)
    this.#schedule(this.#due + (Math.floor(behind / this.#interval) + 1) * this.#interval)
    if (!this.#current) guarded('poll', () => this.#poll())()
  }

  #poll(): Promise<void> {
    if (this.#current) return this.#current.done
    const abort = new AbortController()
    const { limit, poll } = this.#options
    const limiting = timers.setTimeout(
      guarded('poll', () => abort.abort(new Error(`No result within ${limit} s`))),
      limit * 1000,
    )
    let abandoning: NodeJS.Timeout | undefined
    const abandoned = new Promise<void>((resolve) => {
      abandoning = timers.setTimeout(guarded('poll', resolve), (limit + GRACE) * 1000)
    })
    const done = Promise.race([poll(abort.signal), abandoned]).finally(() => {
      timers.clearTimeout(limiting)
      timers.clearTimeout(abandoning)
      this.#current = null
    })
    this.#current = { done, abort }
    return done
  }
}
