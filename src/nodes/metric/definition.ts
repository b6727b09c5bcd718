import type { UserMetricDefinition, UserMetricType } from '../../metrics/user-metric-definition.ts'

/** What the dialog saves. Lists are text: names or numbers with commas between them. */
export interface MetricFields {
  monitor?: unknown
  metric?: unknown
  help?: unknown
  metricType?: unknown
  labelNames?: unknown
  buckets?: unknown
  percentiles?: unknown
}

/** What the fields say, unchecked: `checkDefinition` says what is wrong with it. An empty list is the default one. */
export function definitionFrom(fields: MetricFields): UserMetricDefinition {
  const buckets = items(fields.buckets).map(Number)
  const percentiles = items(fields.percentiles).map(Number)
  return {
    name: text(fields.metric),
    type: (text(fields.metricType) || 'gauge') as UserMetricType,
    help: text(fields.help),
    labelNames: items(fields.labelNames),
    ...(buckets.length > 0 && { buckets }),
    ...(percentiles.length > 0 && { percentiles }),
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

function items(value: unknown): string[] {
  return text(value)
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '')
}
