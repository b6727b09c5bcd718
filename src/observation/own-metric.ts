/** Name, help and labels of a family of series, as `/metrics` and `docs/metrics.md` show them. */
export interface MetricText {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  /** One sentence, ends with a full stop. */
  readonly help: string
  /** Label names beside `target`. */
  readonly labels: readonly string[]
}

/** What a subsystem counts of itself. It stands beside what counts; `src/monitor/own-metrics.ts` lists it. */
export interface OwnCounter<L extends string = string> extends MetricText {
  readonly type: 'counter'
  readonly labels: readonly L[]
  /** What stands at 0 from the start, whether or not there is a node that counts. */
  readonly zeros: readonly Readonly<Record<L, string>>[]
  /** A label whose values come from outside: what comes after so many different ones counts as `other`. */
  readonly bounded?: { readonly label: L; readonly values: number }
}

/** Where subsystems count. */
export interface Counters {
  /** @param by how much more it is */
  count<L extends string>(counter: OwnCounter<L>, labels: Readonly<Record<L, string>>, by?: number): void
}
