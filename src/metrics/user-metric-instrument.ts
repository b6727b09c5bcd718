import { Counter, Gauge, Histogram, type Registry, Summary } from 'prom-client'
import type { CheckedDefinition } from './user-metric-definition.ts'
import type { MetricCommand } from './user-metric-message.ts'

type Operation = NonNullable<MetricCommand['operation']>

/** What a message can do to a metric, whatever its type. */
export interface Instrument {
  reset(): void
  apply(operation: Operation): void
}

/** Registers a metric with prom-client. */
export function instrument(definition: CheckedDefinition, registry: Registry): Instrument {
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
