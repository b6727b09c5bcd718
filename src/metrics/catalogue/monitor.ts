import type { Kind } from '../../observation/observation.ts'
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

export const PROBE_FAILURES: MetricText = {
  name: 'hmonitor_probe_failures_total',
  type: 'counter',
  help: 'Observations in which the probe itself failed, so that nothing is known of the target.',
  labels: ['kind', 'code'],
}

/** The codes that stand at 0 from the start, by kind. Others appear when they first occur. */
export const KNOWN_PROBE_FAILURES: Partial<Record<Kind, readonly string[]>> = {
  stream: ['no-ffprobe', 'no-ffmpeg', 'killed', 'crashed', 'bad-output'],
  platform: ['no-token', 'token-invalid', 'rate-limited', 'bad-output'],
}

/** Metrics of the monitor itself, which have no `target`. */
export const MONITOR_METRICS: readonly MetricText[] = [BUILD_INFO, TARGETS, STALE_TARGETS, PROBE_FAILURES]
