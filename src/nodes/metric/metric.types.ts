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
