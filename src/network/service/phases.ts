import type { Clock } from '../../observation/clock.ts'
import { noDurations, type ServicePhase } from '../../observation/service.ts'

export type Durations = Record<ServicePhase, number | null>

/** Times the phases of one check. */
export class Phases {
  readonly #clock: Clock
  readonly #durations = noDurations()
  #current: { phase: ServicePhase; since: number } | null = null
  #newest: ServicePhase = 'dns'

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The phase before, if one goes on, has ended well. */
  begin(phase: ServicePhase): void {
    this.end()
    this.#newest = phase
    this.#current = { phase, since: this.#clock.monotonic() }
  }

  end(): void {
    if (this.#current === null) return
    this.#durations[this.#current.phase] = this.#clock.monotonic() - this.#current.since
    this.#current = null
  }

  /** The one that goes on, or went on last. */
  get newest(): ServicePhase {
    return this.#newest
  }

  /** Seconds of those that ended well. */
  get durations(): Durations {
    return { ...this.#durations }
  }
}
