import type { Handover } from '../observation/handover.ts'
import type { PlatformMeasurements } from '../observation/platform.ts'

/** Before the first answer. */
export const NOTHING_MEASURED: PlatformMeasurements = {
  up: null,
  event: null,
  nextStart: null,
  userState: null,
  liveState: null,
  ingestState: null,
  session: null,
  viewers: null,
  viewersPeak: null,
  answerAge: null,
  endedAge: null,
  rateLimit: null,
  blockedFor: null,
  pollInterval: null,
}

/** Which event it is and when it begins stands until another answer comes; what it does now does not. */
export const PLATFORM_HANDOVER: Handover<PlatformMeasurements> = {
  withoutValues: (measurements) => ({
    ...NOTHING_MEASURED,
    event: measurements.event,
    nextStart: measurements.nextStart,
    rateLimit: measurements.rateLimit,
    blockedFor: measurements.blockedFor,
    pollInterval: measurements.pollInterval,
  }),
  withoutNews: (measurements) => measurements,
  withNewsOf: (_older, newer) => newer,
}
