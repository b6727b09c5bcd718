import type { Registry } from 'prom-client'
import { type FamilyType, type Format, familyHeader, samplePrefix } from './format.ts'

/**
 * The metrics of a prom-client registry in either format. prom-client's own text depends on a content type that is
 * set on the registry and renames counters for good, so that it cannot answer both formats in turn.
 * A value that is not a finite number is left out.
 */
export async function promClientText(registry: Registry, format: Format): Promise<string> {
  let text = ''
  for (const metric of await registry.getMetricsAsJSON()) {
    let lines = ''
    for (const sample of metric.values) {
      if (!Number.isFinite(sample.value)) continue
      const name = 'metricName' in sample && typeof sample.metricName === 'string' ? sample.metricName : metric.name
      lines += `${samplePrefix(name, withCanonicalBounds(sample.labels))}${sample.value}\n`
    }
    if (lines !== '') text += familyHeader(format, metric.name, familyType(metric.type), metric.help) + lines
  }
  return text
}

/** prom-client's types call it an enumeration of numbers; at run time it is a word. */
function familyType(type: unknown): FamilyType {
  return type === 'counter' || type === 'histogram' || type === 'summary' ? type : 'gauge'
}

/** `le` and `quantile` are numbers with a decimal point (OpenMetrics 1.0, "Canonical Numbers"), in both formats. */
function withCanonicalBounds(labels: Partial<Record<string, string | number>>): Record<string, string | number> {
  const result: Record<string, string | number> = {}
  for (const [name, value = ''] of Object.entries(labels)) {
    const isBound = typeof value === 'number' && (name === 'le' || name === 'quantile')
    result[name] = isBound && Number.isInteger(value) ? `${value}.0` : value
  }
  return result
}
