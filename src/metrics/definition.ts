import type { Kind, MeasurementsOf, Observation } from '../observation/observation.ts'
import type { MetricText } from '../observation/own-metric.ts'

/** One value of a metric, with the labels it has beside `target`. */
export interface Sample {
  labels: Readonly<Record<string, string>>
  value: number
}

/** A metric of every target of one kind: a pure function from the newest observation to its samples. */
export interface MetricDefinition<M> extends MetricText {
  readonly type: 'counter' | 'gauge'
  /** What becomes of a series that an observation no longer has: it is gone, or it is 0. */
  readonly whenMissing: 'gone' | 'zero'
  samples(observation: Observation<Kind, M>): readonly Sample[]
}

/** A histogram of the values that are new since the last observation: per monitor, over all its targets, or per target. */
export interface HistogramDefinition<M> extends MetricText {
  readonly type: 'histogram'
  /** Upper bounds, ascending. */
  readonly buckets: readonly number[]
  /** Each target has its own, with the label `target`. */
  readonly perTarget?: boolean
  values(observation: Observation<Kind, M>): readonly number[]
}

/** What a kind says of its metrics. */
export interface MeasuredKind<K extends Kind = Kind> {
  readonly kind: K
  /** Of every target. */
  readonly metrics: readonly MetricDefinition<MeasurementsOf[K]>[]
  /** Per monitor or per target. */
  readonly histograms: readonly HistogramDefinition<MeasurementsOf[K]>[]
  /** Why its probe may know nothing: each stands at 0 from the start. */
  readonly failures: readonly string[]
}

export type MeasuredKinds = { readonly [K in Kind]: MeasuredKind<K> }

/** A value as a probe gives it. Null and numbers that are not finite make no sample: absent, never a wrong number. */
type Value = number | boolean | null

const NO_LABELS = Object.freeze({})

const NO_SAMPLES: readonly Sample[] = []

function toSample(labels: Readonly<Record<string, string>>, value: Value | undefined): Sample | null {
  if (typeof value === 'boolean') return { labels, value: value ? 1 : 0 }
  return typeof value === 'number' && Number.isFinite(value) ? { labels, value } : null
}

/** A metric with one series per target. */
export function single<M>(
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  value: (observation: Observation<Kind, M>) => Value,
): MetricDefinition<M> {
  const samples = (observation: Observation<Kind, M>) => {
    const sample = toSample(NO_LABELS, value(observation))
    return sample === null ? NO_SAMPLES : [sample]
  }
  return { name, type, help, labels: [], whenMissing: 'gone', samples }
}

/** A metric with one series per target and value of one label; the values are known beforehand. */
export function perLabel<M, L extends string>(
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  label: string,
  labelValues: readonly L[],
  value: (observation: Observation<Kind, M>, labelValue: L) => Value,
): MetricDefinition<M> {
  const series = labelValues.map((labelValue) => ({ labelValue, labels: Object.freeze({ [label]: labelValue }) }))
  return {
    name,
    type,
    help,
    labels: [label],
    whenMissing: 'gone',
    // A loop, because this runs for every metric of every target each second.
    samples: (observation) => {
      const samples: Sample[] = []
      for (const { labelValue, labels } of series) {
        const sample = toSample(labels, value(observation, labelValue))
        if (sample !== null) samples.push(sample)
      }
      return samples
    },
  }
}
