import type { Family, Series } from './family.ts'

/** What an exporter of another package is told: `record`'s second output. */
export interface SampleChange {
  metric: string
  /** Counters grow by `val`, gauges become `val`. */
  op: 'inc' | 'set'
  val: number
  labels: Readonly<Record<string, string>>
}

/**
 * What one receiver of changes has been told so far. A new feed is told every gauge once. Its counters begin at what
 * the series held before the first observation it sees, so that a receiver that kept its counters over a deploy does
 * not count twice.
 */
export class SampleFeed {
  readonly #told = new WeakMap<Series, number>()

  /** The changes of one target since the last call. Series that are gone are not told: no exporter takes that. */
  changes(families: readonly Family[], target: string): SampleChange[] {
    const changes: SampleChange[] = []
    for (const family of families) {
      const { name: metric, type } = family.definition
      for (const series of family.of(target)) {
        const told = this.#told.get(series)
        this.#told.set(series, series.value)
        if (told === series.value) continue
        changes.push(
          type === 'counter'
            ? { metric, op: 'inc', val: series.value - (told ?? series.previous), labels: series.labels }
            : { metric, op: 'set', val: series.value, labels: series.labels },
        )
      }
    }
    return changes
  }
}
