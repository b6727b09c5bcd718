import { BANDWIDTH_CHECKS } from '../health/checks/bandwidth.ts'
import { type MetricDefinition, perLabel, single } from '../metrics/definition.ts'
import { everyKindMetrics } from '../metrics/every-kind.ts'
import { parseBandwidthUrl } from '../network/bandwidth/address.ts'
import { BANDWIDTH_DIRECTIONS, BANDWIDTH_FAILURES, type BandwidthMeasurements } from '../observation/bandwidth.ts'
import type { StatusWords } from '../observation/kind.ts'
import type { KindDescriptor } from './kind.ts'

/** Metrics of every tested connection. */
const BANDWIDTH_METRICS: readonly MetricDefinition<BandwidthMeasurements>[] = [
  ...everyKindMetrics<BandwidthMeasurements>('bandwidth', {
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

const STATUS: StatusWords<'bandwidth', BandwidthMeasurements> = {
  unusable: { 'no-iperf3': 'status.noIperf3' },
  valueText({ measurements: { bytesPerSecond, direction } }, say) {
    if (bytesPerSecond === null) return null
    const megabits = (bytesPerSecond * 8) / 1e6
    return say(`status.${direction}`, { megabits: megabits.toFixed(megabits < 99.95 ? 1 : 0) })
  },
}

/** Connections whose throughput is tested. */
export const BANDWIDTH: KindDescriptor<'bandwidth'> = {
  kind: 'bandwidth',
  noun: 'bandwidth test',
  label: 'Bandwidth',
  title: 'Bandwidth',
  lane: 'network',
  list: 'bandwidth',
  watchedBy: 'one-shard',
  variable: 'BANDWIDTH_TESTS',
  field: 'url',
  checks: BANDWIDTH_CHECKS,
  metrics: BANDWIDTH_METRICS,
  histograms: [],
  measures: [{ name: 'bandwidth', unit: 'B/s', title: 'Bandwidth', value: ({ bytesPerSecond }) => bytesPerSecond }],
  failures: BANDWIDTH_FAILURES,
  status: STATUS,
  card: ({ bytesPerSecond }, format) => [format.megabits(bytesPerSecond)],
  columns: {
    Direction: ({ direction }, format) => format.words(direction),
    Measured: ({ bytesPerSecond }, format) => format.megabits(bytesPerSecond),
    Needed: ({ need }, format) => format.megabits(need?.bytesPerSecond),
    Tested: ({ testedAt }, format) => format.ago(testedAt) ?? format.say('notYet'),
    '': ({ postponed }, format) => (postponed ? format.say('postponed', { why: postponed }) : ''),
  },
  refuseAddress: parseBandwidthUrl,
  docs: {
    checks: 'What the line can carry, held against what the streams need.',
    confirm: [
      'Stop what else uses the line, and send the bandwidth node any message: it tests again at once.',
      'Compare with the speed test of your provider, on a cable, not on Wi-Fi.',
    ],
    dashboard: 'hmonitor-network',
  },
}
