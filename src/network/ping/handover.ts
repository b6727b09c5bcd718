import type { Handover } from '../../observation/handover.ts'
import type { PingMeasurements } from '../../observation/ping.ts'

/** Bounds what a watch that nobody listens to gathers. */
const MOST_ROUND_TRIPS = 1000

export const PING_HANDOVER: Handover<PingMeasurements> = {
  withoutValues: (measurements) => ({
    ...measurements,
    up: null,
    answered: null,
    series: null,
    loss: null,
    roundTrips: null,
    jitter: null,
    recent: null,
  }),
  withoutNews: (measurements) => ({ ...measurements, newRoundTrips: [] }),
  withNewsOf: (older, newer) => ({
    ...newer,
    newRoundTrips: [...older.newRoundTrips, ...newer.newRoundTrips].slice(-MOST_ROUND_TRIPS),
  }),
}
