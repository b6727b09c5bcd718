import type { Clock } from '../observation/clock.ts'
import { FRESH_INTERVALS } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Kind, MeasurementsOf, Observation } from '../observation/observation.ts'
import type { Directory, DirectoryEntry } from './directory.ts'

/** An observation and when it came, in monotonic seconds: the clock of the host may be set meanwhile. */
export interface Arrival {
  observation: Observation
  arrived: number
}

/** The newest observation of every watched target. It goes when the target leaves the directory. */
export class Newest {
  readonly #directory: Directory
  readonly #clock: Clock
  /** By kind and name: of a long key made for each look-up the hash would be computed each time. */
  readonly #arrivals = new Map<Kind, Map<string, Arrival>>()
  readonly #listeners = new Set<(observation: Observation) => void>()
  #puts = 0

  constructor(directory: Directory, clock: Clock) {
    this.#directory = directory
    this.#clock = clock
    directory.onLeft(({ kind, name }) => this.#arrivals.get(kind)?.delete(name))
  }

  /** @returns false where the target is not watched, or no longer: then the observation is not kept */
  put(observation: Observation): boolean {
    const { kind, target } = observation
    if (!this.#directory.has(kind, target)) return false
    this.#puts += 1
    const ofKind = this.#arrivals.get(kind) ?? new Map<string, Arrival>()
    this.#arrivals.set(kind, ofKind.set(target, { observation, arrived: this.#clock.monotonic() }))
    for (const listener of [...this.#listeners]) guarded('listener of observations', listener)(observation)
    return true
  }

  get(kind: Kind, name: string): Arrival | undefined {
    return this.#arrivals.get(kind)?.get(name)
  }

  /** How many have come: where it is the same, nothing is new. */
  get puts(): number {
    return this.#puts
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

/** The newest observation of a watched target; null where there is none, or what it says is stale. */
export function freshOf<K extends Kind>(
  { newest, clock }: { newest: Newest; clock: Clock },
  kind: K,
  entry: DirectoryEntry,
): Observation<K, MeasurementsOf[K]> | null {
  const arrival = newest.get(kind, entry.name)
  if (arrival === undefined || isStale(entry, arrival, clock.monotonic())) return null
  // What is kept of a kind comes from a watch of that kind.
  return arrival.observation as Observation<K, MeasurementsOf[K]>
}
