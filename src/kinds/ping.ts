import { PING_CHECKS } from '../health/checks/ping.ts'
import { PING_METRICS, PING_RTT } from '../metrics/catalogue/ping.ts'
import { PING_FAILURES } from '../observation/ping.ts'
import type { KindDescriptor } from './kind.ts'

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
  docs: {
    checks: 'The way to a host, from echoes that it answers.',
    confirm: [
      'Ping the host by hand, from the machine of the monitor and from another network: `ping ADDRESS`.',
      'Are all hosts affected? Then it is the network of the monitor.',
    ],
    dashboard: 'hmonitor-network',
  },
}
