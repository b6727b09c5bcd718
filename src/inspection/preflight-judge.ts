import { STREAM_RULES } from '../health/checks/stream.ts'
import type { StreamOptions } from '../health/checks/stream-options.ts'
import { createJudge, type Judge } from '../health/judge.ts'
import type { Profile } from '../health/profile.ts'
import type { StreamMeasurements } from '../observation/stream.ts'
import type { StreamTarget } from '../targets/target.ts'
import { PREFLIGHT_CHECKS, preflightLimits } from './preflight-rules.ts'

/** How a preflight judges a stream: by the target's own limits, but for hold times, and against one profile. */
export function preflightJudge(
  target: StreamTarget,
  profile: Profile | null,
  segmented: boolean,
): { options: StreamOptions; judge: Judge<StreamMeasurements> } {
  const { media, rateControl, stillPicture, limits } = target
  const options = { media, segmented, profile, rateControl, stillPicture }
  const rules = { ...STREAM_RULES, checks: PREFLIGHT_CHECKS }
  return { options, judge: createJudge<StreamMeasurements, StreamOptions>(rules, options, preflightLimits(limits)) }
}
