import type { Handover } from '../observation/handover.ts'
import type { Rates, StreamMeasurements } from '../observation/stream.ts'

const NO_RATES: Rates = {
  videoBytesPerSecond: null,
  audioBytesPerSecond: null,
  framesPerSecond: null,
  realtimeRatio: null,
}

/** Bounds what a watch that nobody listens to gathers. */
const MOST_CONNECT_TIMES = 100

export const STREAM_HANDOVER: Handover<StreamMeasurements> = {
  withoutValues: (measurements) => ({
    ...measurements,
    up: null,
    last1s: NO_RATES,
    last10s: NO_RATES,
    window: NO_RATES,
    keyframeInterval: null,
    drift: null,
    driftDeviation: null,
    trackTimestampSkew: null,
    content: null,
  }),
  withoutNews: (measurements) => ({ ...measurements, newConnectSeconds: [] }),
  withNewsOf: (older, newer) => ({
    ...newer,
    newConnectSeconds: [...older.newConnectSeconds, ...newer.newConnectSeconds].slice(-MOST_CONNECT_TIMES),
  }),
}
