import { BANDWIDTH_DIRECTIONS, type BandwidthMeasurements } from '../../observation/bandwidth.ts'
import { commonMetrics } from './common.ts'
import { type MetricDefinition, perLabel, single } from './definition.ts'

/** Metrics of every tested connection. */
export const BANDWIDTH_METRICS: readonly MetricDefinition<BandwidthMeasurements>[] = [
  ...commonMetrics<BandwidthMeasurements>('bandwidth', {
    up: (m) => m.up,
    upHelp: 'Whether the server took part in the newest test. Absent while unknown.',
    info: { names: ['direction'], values: ({ direction }) => ({ direction }) },
  }),
  perLabel(
    'gauge',
    'hmonitor_bandwidth_bytes_per_second',
    'Throughput of the newest test, slow start left out. Absent while unknown.',
    'direction',
    BANDWIDTH_DIRECTIONS,
    ({ measurements }, direction) => (measurements.direction === direction ? measurements.bytesPerSecond : null),
  ),
  single(
    'gauge',
    'hmonitor_bandwidth_required_bytes_per_second',
    'What the streams that depend on the connection need, without head-room. Absent until known.',
    (o) => o.measurements.need?.bytesPerSecond ?? null,
  ),
  single(
    'gauge',
    'hmonitor_bandwidth_last_test_timestamp_seconds',
    'Unix time at which the newest test ended that measured something. Absent when none ever did.',
    (o) => o.measurements.testedAt,
  ),
  single(
    'gauge',
    'hmonitor_bandwidth_postponed',
    'Whether the test that was due is put off, because a stream needs the connection.',
    (o) => o.measurements.postponed !== null,
  ),
  single(
    'counter',
    'hmonitor_bandwidth_tests_total',
    'Tests since the watch began.',
    (o) => o.measurements.total.tests,
  ),
  single(
    'counter',
    'hmonitor_bandwidth_transferred_bytes_total',
    'Bytes that tests moved since the watch began.',
    (o) => o.measurements.total.bytes,
  ),
]
