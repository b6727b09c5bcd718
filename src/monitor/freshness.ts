import type { DirectoryEntry } from './directory.ts'
import type { Arrival } from './newest.ts'

/** Seconds: shorter gaps are no fault of a probe, whatever its interval. */
const ALWAYS_FRESH = 5

/** What is older than three intervals says nothing about now. */
const INTERVALS = 3

/** Seconds after which a target without a new observation is stale. */
export function staleAfter({ interval }: Pick<DirectoryEntry, 'interval'>): number {
  return Math.max(ALWAYS_FRESH, INTERVALS * interval)
}

/** Seconds since the newest observation came, or since the target is watched, where none has come. */
export function ageOf(entry: DirectoryEntry, arrival: Arrival | undefined, monotonic: number): number {
  return monotonic - Math.max(entry.since.monotonic, arrival?.arrived ?? Number.NEGATIVE_INFINITY)
}

export function isStale(entry: DirectoryEntry, arrival: Arrival | undefined, monotonic: number): boolean {
  return ageOf(entry, arrival, monotonic) > staleAfter(entry)
}
