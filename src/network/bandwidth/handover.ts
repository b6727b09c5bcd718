import type { BandwidthMeasurements } from '../../observation/bandwidth.ts'
import type { Handover } from '../../observation/handover.ts'

/** Nothing is handed over only once. */
export const BANDWIDTH_HANDOVER: Handover<BandwidthMeasurements> = {
  withoutValues: (measurements) => ({ ...measurements, up: null, bytesPerSecond: null }),
  withoutNews: (measurements) => measurements,
  withNewsOf: (_older, newer) => newer,
}
