import type { Rates, StreamMeasurements } from '../observation/stream.ts'

/**
 * What a watch must know of a kind's measurements to hand them over rightly: some of them stand for ever, some only
 * for their moment, and some may be handed over only once.
 */
export interface Handover<M> {
  /** The same without what holds only for its moment: for when nothing could be measured. */
  withoutValues(measurements: M): M
  /** The same without what is handed over only once: for when it is shown a second time. */
  withoutNews(measurements: M): M
  /** The newer one with what the older one still had to hand over, because nobody took it. */
  withNewsOf(older: M, newer: M): M
}

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
