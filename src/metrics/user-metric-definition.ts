import { MonitorError } from '../observation/errors.ts'

const USER_METRIC_TYPES = ['counter', 'gauge', 'histogram', 'summary'] as const
export type UserMetricType = (typeof USER_METRIC_TYPES)[number]

/** A metric of the user's own, as a `metric` node configures it. */
export interface UserMetricDefinition {
  name: string
  type: UserMetricType
  help?: string
  labelNames?: readonly string[]
  /** Histogram: upper bounds, ascending. */
  buckets?: readonly number[]
  /** Summary: quantiles between 0 and 1. */
  percentiles?: readonly number[]
  /** Summary: seconds over which the quantiles are taken; without it since the beginning. */
  maxAgeSeconds?: number
  /** Summary: in how many steps old values leave that window. */
  ageBuckets?: number
}

/** The same, checked, with nothing left open. Two are equal when `JSON.stringify` gives the same. */
export interface CheckedDefinition {
  readonly name: string
  readonly type: UserMetricType
  readonly help: string
  readonly labelNames: readonly string[]
  readonly buckets: readonly number[]
  readonly percentiles: readonly number[]
  readonly window: { readonly maxAgeSeconds: number; readonly ageBuckets: number } | null
}

/** Prefixes of this package, of prom-client's process metrics, and of what Prometheus itself adds to a scrape. */
const RESERVED_PREFIXES = ['hmonitor_', 'process_', 'nodejs_', 'scrape_']
const MAX_NAME_LENGTH = 200
const MAX_LABELS = 20
const MAX_BOUNDS = 100
const MAX_AGE_BUCKETS = 60

/** prom-client's defaults: seconds, made for requests. */
const DEFAULT_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
const DEFAULT_PERCENTILES = [0.5, 0.9, 0.95, 0.99]
const DEFAULT_AGE_BUCKETS = 5

/**
 * Checks a metric of the user's own by the data model of Prometheus (metric and label names) and by the names that
 * are taken here.
 * @throws MonitorError `invalid-metric`
 */
export function checkDefinition(definition: UserMetricDefinition): CheckedDefinition {
  const { name, type } = definition
  checkName(name)
  if (!USER_METRIC_TYPES.includes(type)) {
    refuse(name, `its type "${String(type)}" is none of ${USER_METRIC_TYPES.join(', ')}`)
  }
  return {
    name,
    type,
    help: definition.help?.trim() || 'Set by a flow.',
    labelNames: checkLabelNames(name, type, definition.labelNames ?? []),
    buckets: type === 'histogram' ? checkBuckets(name, definition.buckets ?? DEFAULT_BUCKETS) : [],
    percentiles: type === 'summary' ? checkPercentiles(name, definition.percentiles ?? DEFAULT_PERCENTILES) : [],
    window: type === 'summary' ? checkWindow(definition) : null,
  }
}

/** The names that a metric's series and its family have in either format; two metrics must not share one. */
export function occupiedNames({ name, type }: CheckedDefinition): string[] {
  if (type === 'counter') return [name, name.replace(/_total$/, '')]
  if (type === 'histogram') return [name, `${name}_bucket`, `${name}_sum`, `${name}_count`]
  if (type === 'summary') return [name, `${name}_sum`, `${name}_count`]
  return [name]
}

function checkName(name: string): void {
  if (typeof name !== 'string' || name === '') throw new MonitorError('invalid-metric', 'A metric needs a name.')
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name) || name.length > MAX_NAME_LENGTH) {
    refuse(
      name.slice(0, MAX_NAME_LENGTH),
      `a name has letters, digits and "_" only, begins with no digit, and is at most ${MAX_NAME_LENGTH} characters long`,
    )
  }
  const prefix = RESERVED_PREFIXES.find((reserved) => name.startsWith(reserved))
  if (prefix !== undefined) refuse(name, `names that begin with "${prefix}" are reserved. Choose another prefix`)
  if (name === 'up') refuse(name, 'Prometheus itself makes a metric of this name. Choose another')
}

function checkLabelNames(name: string, type: UserMetricType, labelNames: readonly string[]): string[] {
  if (labelNames.length > MAX_LABELS)
    refuse(name, `it has ${labelNames.length} labels; at most ${MAX_LABELS} are allowed`)
  for (const label of labelNames) {
    if (typeof label !== 'string' || !/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label) || label.startsWith('__')) {
      refuse(
        name,
        `the label name "${String(label)}" is not valid: letters, digits and "_", no digit or "__" at the beginning`,
      )
    }
    if ((type === 'histogram' && label === 'le') || (type === 'summary' && label === 'quantile')) {
      refuse(name, `the label name "${label}" is reserved in a ${type}`)
    }
  }
  const double = labelNames.find((label, index) => labelNames.indexOf(label) !== index)
  if (double !== undefined) refuse(name, `the label name "${double}" stands there twice`)
  return [...labelNames].sort()
}

function checkBuckets(name: string, buckets: readonly number[]): number[] {
  const ascend = buckets.every((bound, index) => index === 0 || bound > (buckets[index - 1] ?? Number.NaN))
  if (buckets.length === 0 || buckets.length > MAX_BOUNDS || !buckets.every(Number.isFinite) || !ascend) {
    refuse(name, `its buckets must be 1 to ${MAX_BOUNDS} ascending numbers, for example 0.1, 1, 10`)
  }
  return [...buckets]
}

function checkPercentiles(name: string, percentiles: readonly number[]): number[] {
  const fit = percentiles.every((quantile) => quantile > 0 && quantile < 1)
  if (percentiles.length > MAX_BOUNDS || !fit || new Set(percentiles).size !== percentiles.length) {
    refuse(name, `its quantiles must be different numbers between 0 and 1, for example 0.5, 0.95`)
  }
  return [...percentiles]
}

function checkWindow({ name, maxAgeSeconds, ageBuckets = DEFAULT_AGE_BUCKETS }: UserMetricDefinition) {
  if (maxAgeSeconds === undefined) return null
  if (!(maxAgeSeconds > 0 && Number.isFinite(maxAgeSeconds))) refuse(name, 'its window must be more than 0 seconds')
  if (!Number.isInteger(ageBuckets) || ageBuckets < 1 || ageBuckets > MAX_AGE_BUCKETS) {
    refuse(name, `its window must have 1 to ${MAX_AGE_BUCKETS} steps`)
  }
  return { maxAgeSeconds, ageBuckets }
}

function refuse(name: string, why: string): never {
  throw new MonitorError('invalid-metric', `The metric "${name}" cannot be made: ${why}.`)
}
