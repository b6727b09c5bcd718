import { ALERTS } from '../alerts/decide.ts'
import { NOTIFICATIONS, OUTBOX_OLDEST } from '../alerts/delivery.ts'
import {
  INCIDENT_MEMBER,
  INCIDENT_OPEN,
  INCIDENT_TOLD_ELSEWHERE,
  INCIDENTS,
  memberSeries,
  openSeries,
  toldElsewhereSeries,
} from '../incidents/metrics.ts'
import { LOG_EVENTS } from '../logs/level.ts'
import { BUILD_INFO, INTERNAL_ERRORS, PROBE_FAILURES } from '../metrics/own-metrics.ts'
import type { MetricsRegistry } from '../metrics/registry.ts'
import type { Incident } from '../observation/incident.ts'
import type { Kind } from '../observation/observation.ts'
import type { MetricText, OwnCounter } from '../observation/own-metric.ts'
import {
  SHIPPED_LINES,
  SHIPPING_FAILURES,
  SHIPPING_GAUGES,
  type ShippingState,
  shippingSeries,
} from '../shipping/metrics.ts'
import { SHARD_METRICS } from './shard-metrics.ts'

const TARGETS: MetricText = {
  name: 'hmonitor_targets',
  type: 'gauge',
  help: 'Targets that are watched now.',
  labels: ['kind'],
}

const STALE_TARGETS: MetricText = {
  name: 'hmonitor_stale_targets',
  type: 'gauge',
  help: 'Watched targets of which no observation has come for three intervals: what else is said of them is old.',
  labels: ['kind'],
}

const REJECTED_TARGETS: MetricText = {
  name: 'hmonitor_rejected_targets',
  type: 'gauge',
  help: 'Mistakes in what is to be watched, by their effect: not-watched counts targets, watched-as-before and ignored mistakes.',
  labels: ['effect'],
}

/** What subsystems count of themselves. */
const COUNTERS: readonly OwnCounter[] = [ALERTS, INCIDENTS, NOTIFICATIONS, LOG_EVENTS, SHIPPED_LINES, SHIPPING_FAILURES]

/** Metrics of the monitor itself, which have no `target`. */
export const MONITOR_METRICS: readonly MetricText[] = [
  ...[BUILD_INFO, TARGETS, STALE_TARGETS, REJECTED_TARGETS],
  ...[PROBE_FAILURES, INTERNAL_ERRORS],
  ...COUNTERS,
  ...[INCIDENT_OPEN, INCIDENT_MEMBER, INCIDENT_TOLD_ELSEWHERE, OUTBOX_OLDEST],
  ...SHIPPING_GAUGES,
  ...SHARD_METRICS,
]

/** What a monitor is asked of itself at every scrape. */
export interface OwnFigures {
  kinds: readonly Kind[]
  /** How many targets of a kind are watched now, and how many of them have no fresh observation. */
  targets(kind: Kind): number
  stale(kind: Kind): number
  /** Mistakes in what is to be watched, by their effect. */
  rejected(): Readonly<Record<string, number>>
  /** When the oldest alert came that no receiver has taken, milliseconds since the epoch; null: none waits. */
  oldestWaiting(): number | null
  openIncidents(): readonly Incident[]
  /** Of each `log` node that ships. */
  shipping(): readonly ShippingState[]
}

export function registerOwnMetrics(metrics: MetricsRegistry, figures: OwnFigures): void {
  const { kinds } = figures
  metrics.registerGauge(TARGETS, () => kinds.map((kind) => ({ labels: { kind }, value: figures.targets(kind) })))
  metrics.registerGauge(STALE_TARGETS, () => kinds.map((kind) => ({ labels: { kind }, value: figures.stale(kind) })))
  metrics.registerGauge(REJECTED_TARGETS, () =>
    Object.entries(figures.rejected()).map(([effect, value]) => ({ labels: { effect }, value })),
  )
  metrics.registerGauge(INCIDENT_OPEN, () => openSeries(figures.openIncidents()))
  metrics.registerGauge(INCIDENT_MEMBER, () => memberSeries(figures.openIncidents()))
  metrics.registerGauge(INCIDENT_TOLD_ELSEWHERE, () => toldElsewhereSeries(figures.openIncidents()))
  metrics.registerGauge(OUTBOX_OLDEST, () => {
    const oldest = figures.oldestWaiting()
    return oldest === null ? [] : [{ labels: {}, value: oldest / 1000 }]
  })
  for (const gauge of SHIPPING_GAUGES) metrics.registerGauge(gauge, () => shippingSeries(gauge, figures.shipping()))
  for (const counter of COUNTERS) metrics.registerCounter(counter)
}
