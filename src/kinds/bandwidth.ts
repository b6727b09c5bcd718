import { BANDWIDTH_CHECKS } from '../health/checks/bandwidth.ts'
import { BANDWIDTH_METRICS } from '../metrics/catalogue/bandwidth.ts'
import { parseBandwidthUrl } from '../network/bandwidth/address.ts'
import type { BandwidthMeasurements } from '../observation/bandwidth.ts'
import { BANDWIDTH_FAILURES } from '../observation/bandwidth.ts'
import type { StatusWords } from '../observation/kind.ts'
import type { KindDescriptor } from './kind.ts'

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
  list: 'bandwidth',
  variable: 'BANDWIDTH_TESTS',
  field: 'url',
  checks: BANDWIDTH_CHECKS,
  metrics: BANDWIDTH_METRICS,
  histograms: [],
  failures: BANDWIDTH_FAILURES,
  status: STATUS,
  card: ({ bytesPerSecond }, format) => [format.megabits(bytesPerSecond)],
  columns: {
    Direction: ({ direction }, format) => format.words(direction),
    Measured: ({ bytesPerSecond }, format) => format.megabits(bytesPerSecond),
    Needed: ({ need }, format) => format.megabits(need?.bytesPerSecond),
    Tested: ({ testedAt }, format) => format.ago(testedAt) ?? 'not yet',
    '': ({ postponed }) => (postponed ? `postponed: ${postponed}` : ''),
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
