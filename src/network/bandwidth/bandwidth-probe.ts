import { BANDWIDTH_HANDOVER, type BandwidthMeasurements } from '../../observation/bandwidth.ts'
import type { Reading } from '../../observation/reading.ts'
import { PolledProbe } from '../../polling/polled-probe.ts'
import { type BandwidthContext, type BandwidthSettings, BandwidthTests } from './bandwidth-tests.ts'

/** Seconds that a test may wait for those of other targets. */
const QUEUE_ALLOWANCE = 600
/** Seconds that a test takes beside the time for which data flows: to look up, to connect, to end. */
const BESIDE = 30
/** Seconds after which a test that was put off is due again, at most. */
const POSTPONED_FOR = 30

/** Tests one connection: once an interval, or as soon after as the streams that need it allow. */
export function bandwidthProbe(
  settings: BandwidthSettings,
  context: BandwidthContext,
): PolledProbe<BandwidthMeasurements> {
  const { name, interval, seconds, direction } = settings
  const { clock, redact, before } = context
  const tests = new BandwidthTests(settings, context)
  const probe: PolledProbe<BandwidthMeasurements> = new PolledProbe<BandwidthMeasurements>({
    name,
    interval,
    limit: QUEUE_ALLOWANCE + BESIDE + seconds,
    clock,
    initial: {
      ...{ up: null, bytesPerSecond: null, testedAt: null, need: null, total: { tests: 0, bytes: 0 } },
      ...(before && { testedAt: before.testedAt, need: before.need, total: before.total }),
      direction,
      postponed: null,
    },
    handover: BANDWIDTH_HANDOVER,
    redact,
    poll: async (signal, { previous }): Promise<Reading<BandwidthMeasurements>> => {
      const reading = await tests.run(previous, signal)
      probe.setInterval(reading.measurements.postponed === null ? interval : Math.min(interval, POSTPONED_FOR))
      return reading
    },
  })
  return probe
}
