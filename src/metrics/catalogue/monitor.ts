import type { MetricText } from './definition.ts'

export const BUILD_INFO: MetricText = {
  name: 'hmonitor_build_info',
  type: 'gauge',
  help: 'Always 1. Carries the versions of this monitor and of Node.js.',
  labels: ['version', 'node_version'],
}

export const TARGETS: MetricText = {
  name: 'hmonitor_targets',
  type: 'gauge',
  help: 'Targets that are watched now.',
  labels: ['kind'],
}

export const STALE_TARGETS: MetricText = {
  name: 'hmonitor_stale_targets',
  type: 'gauge',
  help: 'Watched targets of which no observation has come for three intervals: what else is said of them is old.',
  labels: ['kind'],
}

export const REJECTED_TARGETS: MetricText = {
  name: 'hmonitor_rejected_targets',
  type: 'gauge',
  help: 'Mistakes in what is to be watched, by their effect: not-watched counts targets, watched-as-before and ignored mistakes.',
  labels: ['effect'],
}

export const PROBE_FAILURES: MetricText = {
  name: 'hmonitor_probe_failures_total',
  type: 'counter',
  help: 'Observations in which the probe itself failed, so that nothing is known of the target.',
  labels: ['kind', 'code'],
}

export const INTERNAL_ERRORS: MetricText = {
  name: 'hmonitor_internal_errors_total',
  type: 'counter',
  help: "Faults in the monitor's own code, by the place where they were caught. The log has each with its stack.",
  labels: ['place'],
}

export const ALERTS: MetricText = {
  name: 'hmonitor_alerts_total',
  type: 'counter',
  help: 'Alerts that began to fire or were resolved, as alert nodes sent them.',
  labels: ['severity', 'status'],
}

export const NOTIFICATIONS: MetricText = {
  name: 'hmonitor_notifications_total',
  type: 'counter',
  help: 'Messages to people, by how a try ended: delivered, failed and tried again, or given-up.',
  labels: ['receiver', 'result'],
}

export const OUTBOX_OLDEST: MetricText = {
  name: 'hmonitor_outbox_oldest_timestamp_seconds',
  type: 'gauge',
  help: 'When the oldest alert that no receiver has taken yet came into an outbox. Absent while none waits.',
  labels: [],
}

export const LOG_EVENTS: MetricText = {
  name: 'hmonitor_log_events_total',
  type: 'counter',
  help: 'Events and alerts that log nodes took for their file, by level.',
  labels: ['level'],
}

/** Metrics of the monitor itself, which have no `target`. */
export const MONITOR_METRICS: readonly MetricText[] = [
  BUILD_INFO,
  TARGETS,
  STALE_TARGETS,
  REJECTED_TARGETS,
  PROBE_FAILURES,
  INTERNAL_ERRORS,
  ALERTS,
  NOTIFICATIONS,
  OUTBOX_OLDEST,
  LOG_EVENTS,
]
