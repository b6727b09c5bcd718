import type { StatusWords } from '../../node-red/probe-status.ts'
import type { BandwidthMeasurements } from '../../observation/bandwidth.ts'

export const BANDWIDTH_STATUS: StatusWords<'bandwidth', BandwidthMeasurements> = {
  useless: { 'no-iperf3': 'status.noIperf3' },
  valueText({ measurements: { bytesPerSecond, direction } }, say) {
    if (bytesPerSecond === null) return null
    const megabits = (bytesPerSecond * 8) / 1e6
    return say(`status.${direction}`, { megabits: megabits.toFixed(megabits < 99.95 ? 1 : 0) })
  },
}
