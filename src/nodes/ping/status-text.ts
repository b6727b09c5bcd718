import type { StatusWords } from '../../node-red/probe-status.ts'
import type { PingMeasurements } from '../../observation/ping.ts'

/** What stands under a `ping` node beside what stands under every probe node. */
export const PING_STATUS: StatusWords<'ping', PingMeasurements> = {
  useless: { 'no-ping': 'status.noPing', 'icmp-forbidden': 'status.forbidden' },
  valueText({ measurements: { roundTrips, loss } }, say) {
    if (roundTrips === null || loss === null) return null
    const milliseconds = Number((roundTrips.mean * 1000).toPrecision(2))
    if (loss === 0) return say('status.roundTrip', { milliseconds })
    return say('status.roundTripAndLoss', { milliseconds, percent: Math.round(loss * 100) })
  },
}
