import type { Clock } from '../observation/clock.ts'
import { FRESH_INTERVALS } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Kind, Observation } from '../observation/observation.ts'
import { type Directory, type DirectoryEntry, keyOf } from './directory.ts'

/** An observation and when it came, in monotonic seconds: the clock of the host may be set meanwhile. */
export interface Arrival {
  observation: Observation
  arrived: number
}

/** The newest observation of every watched target. It goes when the target leaves the directory. */
export class Newest {
  readonly #directory: Directory
  readonly #clock: Clock
  readonly #arrivals = new Map<string, Arrival>()
  readonly #listeners = new Set<(observation: Observation) => void>()

  constructor(directory: Directory, clock: Clock) {
    this.#directory = directory
    this.#clock = clock
    directory.onLeft(({ kind, name }) => this.#arrivals.delete(keyOf(kind, name)))
  }

  /** @returns false where the target is not watched, or no longer: then the observation is not kept */
  put(observation: Observation): boolean {
    const { kind, target } = observation
    if (!this.#directory.has(kind, target)) return false
    this.#arrivals.set(keyOf(kind, target), { observation, arrived: this.#clock.monotonic() })
    for (const listener of [...this.#listeners]) guarded('listener of observations', listener)(observation)
    return true
  }

  get(kind: Kind, name: string): Arrival | undefined {
    return this.#arrivals.get(keyOf(kind, name))
  }

  /** For who follows every observation. @returns the way to stop listening */
  onPut(listener: (observation: Observation) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
}

/** Seconds: shorter gaps are no fault of a probe, whatever its interval. */
const ALWAYS_FRESH = 5

/** Seconds after which a target without a new observation is stale. */
export function staleAfter({ interval }: Pick<DirectoryEntry, 'interval'>): number {
  return Math.max(ALWAYS_FRESH, FRESH_INTERVALS * interval)
}

/** Seconds since the newest observation came, or since the target is watched, where none has come. */
export function ageOf(entry: DirectoryEntry, arrival: Arrival | undefined, monotonic: number): number {
  return monotonic - Math.max(entry.since.monotonic, arrival?.arrived ?? Number.NEGATIVE_INFINITY)
}

export function isStale(entry: DirectoryEntry, arrival: Arrival | undefined, monotonic: number): boolean {
  return ageOf(entry, arrival, monotonic) > staleAfter(entry)
}
