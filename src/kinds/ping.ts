import { PING_CHECKS } from '../health/checks/ping.ts'
import { PING_METRICS, PING_RTT } from '../metrics/catalogue/ping.ts'
import type { StatusWords } from '../observation/kind.ts'
import type { PingMeasurements } from '../observation/ping.ts'
import { PING_FAILURES } from '../observation/ping.ts'
import type { KindDescriptor } from './kind.ts'

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
  list: 'hosts',
  variable: 'PING_HOSTS',
  field: 'address',
  checks: PING_CHECKS,
  metrics: PING_METRICS,
  histograms: [PING_RTT],
  failures: PING_FAILURES,
  status: STATUS,
  card: ({ roundTrips, loss }, format) => [
    format.milliseconds(roundTrips?.mean),
    (loss ?? 0) > 0 ? `${format.percent(loss)} lost` : null,
  ],
  columns: {
    'Round trip': ({ roundTrips }, format) => format.milliseconds(roundTrips?.mean),
    Jitter: ({ jitter }, format) => format.milliseconds(jitter),
    Lost: ({ loss }, format) => format.percent(loss),
    'Last minute': ({ recent }) => (recent ? `${recent.received} of ${recent.sent} received` : null),
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
