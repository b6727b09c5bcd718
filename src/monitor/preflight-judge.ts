import type { StreamOptions } from '../health/checks/stream-options.ts'
import { createStreamJudge, type Judge } from '../health/judge.ts'
import { preflightLimits } from '../health/preflight-rules.ts'
import type { Profile } from '../health/profile.ts'
import type { StreamMeasurements } from '../observation/stream.ts'
import type { StreamTarget } from '../targets/target.ts'

/** How a preflight judges a stream: by the target's own limits, but for hold times, and against one profile. */
export function preflightJudge(
  target: StreamTarget,
  profile: Profile | null,
  segmented: boolean,
): { options: StreamOptions; judge: Judge<StreamMeasurements> } {
  const { name, media, rateControl, stillPicture, limits } = target
  const options = { media, segmented, profile, rateControl, stillPicture }
  return { options, judge: createStreamJudge({ target: name, ...options, limits: preflightLimits(limits) }) }
}
