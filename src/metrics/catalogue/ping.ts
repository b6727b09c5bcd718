import type { PingMeasurements } from '../../observation/ping.ts'
import { commonMetrics } from './common.ts'
import { type HistogramDefinition, type MetricDefinition, single } from './definition.ts'

/** Metrics of every host. */
export const PING_METRICS: readonly MetricDefinition<PingMeasurements>[] = [
  ...commonMetrics<PingMeasurements>('ping', {
    up: (m) => m.up,
    upHelp:
      'Whether the host answers: 0 once one that has answered before is silent for three series. Absent while unknown, and for a host that has never answered.',
    info: { names: ['address'], values: ({ address }) => ({ address }) },
  }),
  single(
    'gauge',
    'hmonitor_ping_rtt_last_seconds',
    'Round trip of the newest echo that was answered in the newest series.',
    (o) => o.measurements.roundTrips?.last ?? null,
  ),
  single(
    'gauge',
    'hmonitor_ping_jitter_seconds',
    'Mean difference between successive round trips of the newest series.',
    (o) => o.measurements.jitter,
  ),
  single(
    'gauge',
    'hmonitor_ping_loss_ratio',
    'Echoes of the newest series that were lost. Absent while unknown, and for a host that has never answered.',
    (o) => o.measurements.loss,
  ),
  single('counter', 'hmonitor_ping_sent_total', 'Echoes sent since the watch began.', (o) => o.measurements.total.sent),
  single(
    'counter',
    'hmonitor_ping_received_total',
    'Echoes answered since the watch began.',
    (o) => o.measurements.total.received,
  ),
]

export const PING_RTT: HistogramDefinition<PingMeasurements> = {
  name: 'hmonitor_ping_rtt_seconds',
  type: 'histogram',
  help: 'Round trips of echoes.',
  labels: [],
  perTarget: true,
  // From a switch next door to a satellite; 20, 30, 100 and 200 ms are where people draw lines.
  buckets: [0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.5, 1],
  values: (o) => o.measurements.newRoundTrips,
}
