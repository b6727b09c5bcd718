import { readdirSync } from 'node:fs'
import { RULES_FOLDER } from '../../scripts/alert-table.ts'
import { WATCH_METRICS } from '../../src/elk/watch-metrics.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { MeasuredKind } from '../../src/metrics/definition.ts'
import { MONITOR_METRICS } from '../../src/monitor/own-metrics.ts'
import { recordsIn } from './promql.ts'

/** What a scrape and Prometheus itself put on a series. */
export const TARGET_LABELS = ['job', 'instance', 'monitor', 'site']

/** Series that are not the monitor's, by name, with the labels that they have. Read off the real ones. */
const OTHERS: Record<string, readonly string[]> = {
  up: [],
  scrape_duration_seconds: [],
  scrape_samples_scraped: [],
  process_cpu_seconds_total: [],
  process_resident_memory_bytes: [],
  nodejs_eventloop_lag_p99_seconds: [],
  ALERTS: ['alertname', 'alertstate', 'severity', 'kind', 'target', 'incident', 'location'],
  prometheus_config_last_reload_successful: [],
  prometheus_rule_evaluation_failures_total: ['rule_group'],
  prometheus_rule_group_iterations_missed_total: ['rule_group'],
  prometheus_notifications_dropped_total: [],
  prometheus_notifications_alertmanagers_discovered: [],
  alertmanager_config_last_reload_successful: [],
  alertmanager_notifications_failed_total: ['integration'],
}

/** What the `incident` node exports, as it is agreed (src/incidents/). */
const INCIDENTS: Record<string, readonly string[]> = {
  hmonitor_incident_open: ['incident', 'severity', 'location'],
  hmonitor_incident_member: ['incident', 'kind', 'target'],
  hmonitor_incidents_total: ['severity', 'location'],
}

/** Every series that a query can ask for, with its labels beside those of `TARGET_LABELS`. */
export const KNOWN = new Map<string, readonly string[]>([
  ...Object.entries(OTHERS),
  ...Object.entries(INCIDENTS),
  ...Object.values<MeasuredKind>(KINDS)
    .flatMap(({ metrics }) => metrics)
    .map(({ name, labels }) => [name, ['target', ...labels]] as const),
  ...Object.values<MeasuredKind>(KINDS)
    .flatMap(({ histograms }) => histograms)
    .flatMap(({ name, labels }) => [
      [`${name}_bucket`, ['le', ...labels]] as const,
      [`${name}_count`, labels] as const,
      [`${name}_sum`, labels] as const,
    ]),
  ...[...MONITOR_METRICS, ...WATCH_METRICS].map(({ name, labels }) => [name, labels] as const),
  ...readdirSync(RULES_FOLDER)
    .filter((name) => name.endsWith('.rules.yml'))
    .flatMap((file) => recordsIn(RULES_FOLDER + file))
    .map(({ record }) => [record, ['target', 'severity']] as const),
])
