import type { Floors } from './usual-range.ts'

/**
 * By measure: the least spread that is believed. What is less is no difference to anybody, however steady it was. An
 * unusual level begins at four of them. What is not named here has no baseline.
 */
export const FLOORS: Readonly<Record<string, Floors>> = {
  // An encoder of constant bitrate keeps it within 2 % over 10 s; a fifth off is what a person would look at.
  videoBytesPerSecond: { relative: 0.05, absolute: 2_500 },
  audioBytesPerSecond: { relative: 0.05, absolute: 250 },
  encoderBytesPerSecond: { relative: 0.05, absolute: 2_500 },
  // One frame in ten seconds of 25 is 0.4 %; a tenth off is seen.
  framesPerSecond: { relative: 0.025, absolute: 0.2 },
  // `videoIngestionStarved` begins at 5 % less: what is unusual is seen a little earlier.
  realtimeRatio: { relative: 0, absolute: 0.01 },
  // Networks jitter by tens of milliseconds, and buffers by a tenth of a second.
  drift: { relative: 0.1, absolute: 0.1 },
  keyframeInterval: { relative: 0.1, absolute: 0.1 },
  roundTrip: { relative: 0.1, absolute: 0.001 },
  jitter: { relative: 0.1, absolute: 0.001 },
  // One echo of ten is no loss to speak of.
  loss: { relative: 0, absolute: 0.025 },
  cacheUsedRatio: { relative: 0.1, absolute: 0.05 },
  connectDuration: { relative: 0.1, absolute: 0.01 },
  bandwidth: { relative: 0.1, absolute: 12_500 },
  // People come and go.
  viewers: { relative: 0.3, absolute: 5 },
}
