import { PING_CHECKS } from '../health/checks/ping.ts'
import type { Measure } from '../history/measures.ts'
import { type HistogramDefinition, type MetricDefinition, single } from '../metrics/definition.ts'
import { everyKindMetrics } from '../metrics/every-kind.ts'
import type { StatusWords } from '../observation/kind.ts'
import { PING_FAILURES, type PingMeasurements } from '../observation/ping.ts'
import type { KindDescriptor } from './kind.ts'

/** Metrics of every host. */
const PING_METRICS: readonly MetricDefinition<PingMeasurements>[] = [
  ...everyKindMetrics<PingMeasurements>('ping', {
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

const PING_RTT: HistogramDefinition<PingMeasurements> = {
  name: 'hmonitor_ping_rtt_seconds',
  type: 'histogram',
  help: 'Round trips of echoes.',
  labels: [],
  perTarget: true,
  // From a switch next door to a satellite; 20, 30, 100 and 200 ms are where people draw lines.
  buckets: [0.001, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.15, 0.2, 0.5, 1],
  values: (o) => o.measurements.newRoundTrips,
}

const MEASURES: readonly Measure<PingMeasurements>[] = [
  { name: 'roundTrip', unit: 's', title: 'Round trip', value: ({ roundTrips }) => roundTrips?.mean ?? null },
  { name: 'loss', unit: 'ratio', title: 'Lost echoes', value: ({ loss }) => loss },
  { name: 'jitter', unit: 's', title: 'Jitter', value: ({ jitter }) => jitter },
]

/** What stands under a `ping` node beside what stands under every probe node. */
const STATUS: StatusWords<'ping', PingMeasurements> = {
  unusable: { 'no-ping': 'status.noPing', 'icmp-forbidden': 'status.forbidden' },
  valueText({ measurements: { roundTrips, loss } }, say) {
    if (roundTrips === null || loss === null) return null
    const milliseconds = Number((roundTrips.mean * 1000).toPrecision(2))
    if (loss === 0) return say('status.roundTrip', { milliseconds })
    return say('status.roundTripAndLoss', { milliseconds, percent: Math.round(loss * 100) })
  },
}

/** Hosts that are pinged. */
export const PING: KindDescriptor<'ping'> = {
  kind: 'ping',
  noun: 'host',
  label: 'Host',
  title: 'Hosts',
  lane: 'network',
  list: 'hosts',
  watchedBy: 'each-that-needs-it',
  variable: 'PING_HOSTS',
  field: 'address',
  checks: PING_CHECKS,
  metrics: PING_METRICS,
  histograms: [PING_RTT],
  measures: MEASURES,
  failures: PING_FAILURES,
  status: STATUS,
  card: ({ roundTrips, loss }, format) => [
    format.milliseconds(roundTrips?.mean),
    (loss ?? 0) > 0 ? format.say('lost', { share: format.percent(loss) }) : null,
  ],
  columns: {
    'Round trip': ({ roundTrips }, format) => format.milliseconds(roundTrips?.mean),
    Jitter: ({ jitter }, format) => format.milliseconds(jitter),
    Lost: ({ loss }, format) => format.percent(loss),
    'Last minute': ({ recent }, format) => (recent ? format.say('received', { ...recent }) : null),
    Address: ({ address }, format) => format.text(address),
  },
  docs: {
    checks: 'The way to a host, from echoes that it answers.',
    confirm: [
      'Ping the host by hand, from the machine of the monitor and from another network: `ping ADDRESS`.',
      'Are all hosts affected? Then it is the network of the monitor.',
    ],
    dashboard: 'hmonitor-network',
  },
}
