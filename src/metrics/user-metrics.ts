import { Counter, Gauge, Histogram, Registry, Summary } from 'prom-client'
import { MonitorError } from '../observation/errors.ts'
import {
  type CheckedDefinition,
  checkDefinition,
  occupiedNames,
  type UserMetricDefinition,
} from './user-metric-definition.ts'
import { type MetricCommand, parseMetricMessage } from './user-metric-message.ts'

/** Label sets per metric: every one is a series for ever, here and in Prometheus. */
export const MAX_LABEL_SETS = 1000

/** A node's hold on a metric of the user's own. */
export interface UserMetric {
  /**
   * Applies the payload of a message.
   * @throws MonitorError `invalid-message`, `invalid-metric`; the metric is as it was then
   */
  apply(payload: unknown): void
  /** Lets go. `removed`: the node is gone for good; otherwise it is expected back after the deploy. */
  release(removed: boolean): void
}

interface Entry {
  readonly definition: CheckedDefinition
  readonly metric: Instrument
  readonly holders: Set<UserMetric>
  readonly labelSets: Set<string>
  /** Holders that closed for a deploy and are expected back. */
  expectedBack: number
}

/** The user's own metrics of one monitor. */
export class UserMetrics {
  readonly registry = new Registry()
  readonly #entries = new Map<string, Entry>()

  /**
   * Equal definitions share a metric and its values.
   * @throws MonitorError `invalid-metric`, or `metric-conflict` where another node holds the name with another definition
   */
  acquire(definition: UserMetricDefinition): UserMetric {
    const checked = checkDefinition(definition)
    const entry = this.#sharedEntry(checked) ?? this.#newEntry(checked)
    const metric: UserMetric = {
      apply: (payload) => {
        applyTo(entry, parseMetricMessage(payload, checked))
      },
      release: (removed) => {
        if (!entry.holders.delete(metric)) return
        if (!removed) entry.expectedBack += 1
        else if (entry.holders.size === 0 && entry.expectedBack === 0) this.#drop(entry)
      },
    }
    entry.holders.add(metric)
    entry.expectedBack = Math.max(0, entry.expectedBack - 1)
    return metric
  }

  /** Every node of a deploy has started: what none of them holds is gone. */
  dropUnheld(): void {
    for (const entry of this.#entries.values()) {
      entry.expectedBack = 0
      if (entry.holders.size === 0) this.#drop(entry)
    }
  }

  #sharedEntry(checked: CheckedDefinition): Entry | null {
    const same = this.#entries.get(checked.name)
    if (same !== undefined && JSON.stringify(same.definition) === JSON.stringify(checked)) return same
    const names = occupiedNames(checked)
    for (const entry of this.#entries.values()) {
      const shared = occupiedNames(entry.definition).find((name) => names.includes(name))
      if (shared === undefined) continue
      if (entry.holders.size === 0) this.#drop(entry)
      else throw conflict(checked, entry.definition)
    }
    return null
  }

  #newEntry(definition: CheckedDefinition): Entry {
    const metric = instrument(definition, this.registry)
    const entry: Entry = { definition, metric, holders: new Set(), labelSets: new Set(), expectedBack: 0 }
    this.#entries.set(definition.name, entry)
    return entry
  }

  #drop(entry: Entry): void {
    this.registry.removeSingleMetric(entry.definition.name)
    this.#entries.delete(entry.definition.name)
  }
}

function applyTo(entry: Entry, { reset, operation }: MetricCommand): void {
  const key = operation === null ? null : JSON.stringify(Object.values(operation.labels))
  const isNew = key !== null && !entry.labelSets.has(key)
  if (isNew && !reset && entry.labelSets.size >= MAX_LABEL_SETS) {
    throw new MonitorError(
      'invalid-metric',
      `The metric "${entry.definition.name}" has ${MAX_LABEL_SETS} different sets of labels already and takes no more. ` +
        'Use labels with few values: no times, addresses or identifiers.',
    )
  }
  if (reset) {
    entry.metric.reset()
    entry.labelSets.clear()
  }
  if (operation === null || key === null) return
  entry.labelSets.add(key)
  entry.metric.apply(operation)
}

function conflict(wanted: CheckedDefinition, existing: CheckedDefinition): MonitorError {
  const fields = ['type', 'help', 'labelNames', 'buckets', 'percentiles', 'window'] as const
  const different = fields
    .filter((field) => JSON.stringify(wanted[field]) !== JSON.stringify(existing[field]))
    .map((field) => (field === 'labelNames' ? 'labels' : field))
  return new MonitorError(
    'metric-conflict',
    wanted.name === existing.name
      ? `Another node has the metric "${wanted.name}" with different ${different.join(', ')}. Make both equal or rename one.`
      : `The metric "${wanted.name}" and the ${existing.type} "${existing.name}" of another node would have series ` +
          'of the same name. Rename one.',
  )
}

type Operation = NonNullable<MetricCommand['operation']>

/** What a message can do to a metric, whatever its type. */
interface Instrument {
  reset(): void
  apply(operation: Operation): void
}

/** Registers a metric with prom-client. */
function instrument(definition: CheckedDefinition, registry: Registry): Instrument {
  const { name, help, type } = definition
  const common = { name, help, labelNames: [...definition.labelNames], registers: [registry] }
  switch (type) {
    case 'counter': {
      const counter = new Counter(common)
      return { reset: () => counter.reset(), apply: ({ labels, val }) => counter.inc(labels, val) }
    }
    case 'gauge':
      return gaugeInstrument(new Gauge(common))
    case 'histogram': {
      const histogram = new Histogram({ ...common, buckets: [...definition.buckets] })
      return { reset: () => histogram.reset(), apply: ({ labels, val }) => histogram.observe(labels, val) }
    }
    case 'summary': {
      const window = definition.window === null ? {} : { ...definition.window, pruneAgedBuckets: false }
      const summary = new Summary({ ...common, percentiles: [...definition.percentiles], ...window })
      return { reset: () => summary.reset(), apply: ({ labels, val }) => summary.observe(labels, val) }
    }
  }
}

/** A gauge that nobody has set yet is absent: prom-client's 0 would be a value that nobody measured. */
function gaugeInstrument(gauge: Gauge): Instrument {
  const reset = () => {
    gauge.reset()
    gauge.remove({})
  }
  reset()
  return {
    reset,
    apply: ({ op, labels, val }) => {
      if (op === 'set') gauge.set(labels, val)
      else if (op === 'dec') gauge.dec(labels, val)
      else gauge.inc(labels, val)
    },
  }
}
