import type { Clock } from '../observation/clock.ts'
import { isFresh } from '../observation/clock.ts'
import type { Handover } from '../observation/handover.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Kind, Observation } from '../observation/observation.ts'
import type { PingMeasurements } from '../observation/ping.ts'
import type { Reading } from '../observation/reading.ts'
import { type Directory, keyOf } from './directory.ts'
import type { Newest } from './newest.ts'

/**
 * Why a target is not there, where a cut of the monitor's own network would look the same. What a server or a name
 * service answers (`refused`, `not-found`, `ended`, `wrong-answer`) has come through the network.
 */
const LIKE_A_CUT: ReadonlySet<string> = new Set(['unreachable', 'timeout', 'stalled'])

/** Seconds between two times at which control hosts are asked out of turn. */
const ASK_SPACING = 2

/**
 * Whether the monitor's own network is cut, as the hosts know that are marked `control`: they answer as long as it works
 *.
 */
export class ObserverNetwork {
  readonly #newest: Newest
  readonly #directory: Directory
  readonly #clock: Clock
  /** By name: how to ask a control host out of turn. */
  readonly #controls = new Map<string, () => Promise<void>>()
  /** Targets that are not there, for a reason for which the control hosts have been asked. */
  readonly #missing = new Set<string>()
  #askedAt = Number.NEGATIVE_INFINITY

  constructor(directory: Directory, newest: Newest, clock: Clock) {
    this.#directory = directory
    this.#newest = newest
    this.#clock = clock
    directory.onLeft(({ kind, name }) => {
      this.#missing.delete(keyOf(kind, name))
      if (kind === 'ping') this.#controls.delete(name)
    })
  }

  /** Says how a host is asked that is a control host, or, by null, that it is none. */
  setControl(name: string, refresh: (() => Promise<void>) | null): void {
    if (refresh) this.#controls.set(name, refresh)
    else this.#controls.delete(name)
  }

  /**
   * A target that cannot be reached while a control host does not answer either is unknown: it may be well, and nobody
   * can see it from here. Any other reading, and that of a control host itself, stays as it is.
   */
  believed<M>(kind: Kind, name: string, reading: Reading<M>, handover: Handover<M>): Reading<M> {
    const isDoubtful = reading.outcome === 'absent' && LIKE_A_CUT.has(reading.reason)
    if (!isDoubtful || (kind === 'ping' && this.#controls.has(name))) {
      this.#missing.delete(keyOf(kind, name))
      return reading
    }
    if (!this.#missing.has(keyOf(kind, name))) this.#ask()
    this.#missing.add(keyOf(kind, name))
    const silent = [...this.#controls.keys()].find((control) => this.#isSilent(control))
    if (silent === undefined) return reading
    const message = `The monitor's own network seems to be cut: ${silent} does not answer either (${reading.message ?? reading.reason})`
    return {
      outcome: 'unknown',
      code: 'observer-network',
      message,
      measurements: handover.withoutValues(reading.measurements),
    }
  }

  #isSilent(name: string): boolean {
    const arrival = this.#newest.get('ping', name)
    const interval = this.#directory.get('ping', name)?.interval
    if (arrival === undefined || interval === undefined) return false
    if (!isFresh({ age: this.#clock.monotonic() - arrival.arrived, interval })) return false
    // What is kept of this kind comes from a watch of this kind.
    const { measurements } = arrival.observation as Observation<'ping', PingMeasurements>
    return measurements.answered === false
  }

  /** Not to wait for the turn of the control hosts: until they are known to be silent, the target counts as down. */
  #ask(): void {
    const now = this.#clock.monotonic()
    if (now - this.#askedAt < ASK_SPACING) return
    this.#askedAt = now
    for (const refresh of this.#controls.values()) guarded('control host', refresh)()
  }
}
