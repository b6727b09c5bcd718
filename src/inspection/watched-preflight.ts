import { setTimeout as sleep } from 'node:timers/promises'
import { type Instant, now } from '../observation/clock.ts'
import type { Observation } from '../observation/observation.ts'
import type { StreamMeasurements } from '../observation/stream.ts'
import { parseStreamUrl } from '../secrets/stream-address.ts'
import { PREFLIGHT_TIME, type PreflightContext, type PreflightOptions, preflight } from './preflight.ts'
import { issuesOfWatched, lackingFor, preflightJudge, withShorterWindow } from './preflight-rules.ts'
import { type PreflightVerdict, verdictOn } from './verdict.ts'

/** Seconds: an older observation does not say how the stream is now. */
const FRESH = 5
/** Seconds between looks at the watch. */
const TURN = 0.5

/** The newest observation of a stream that is being watched; null while there is none. */
export type NewestObservation = () => Observation<'stream', StreamMeasurements> | null

/**
 * Judges a stream that is being watched from what its watch has measured, so that no second viewer is needed; where the
 * watch has begun a moment ago, it waits for what is lacking. A stream that the watch does not see, or sees too rarely,
 * is looked at over a session of its own: its publisher may have begun this moment.
 *
 * @param watchedProfile the name of the profile that the watch judges by
 * @throws as `preflight`
 */
export async function preflightOfWatched(
  newest: NewestObservation,
  watchedProfile: string | null,
  options: PreflightOptions,
  context: PreflightContext,
): Promise<PreflightVerdict> {
  const { target, profile, signal, time = PREFLIGHT_TIME } = options
  const { clock } = context
  const began = clock.monotonic()
  const segmented = parseStreamUrl(context.expand(target.url)).hls
  const { options: judged, judge } = preflightJudge(target, profile, segmented)
  for (;;) {
    signal.throwIfAborted()
    const at = now(clock)
    const passed = at.monotonic - began
    const observation = presentNow(newest(), at)
    if (observation === null) return preflight({ ...options, time: time - passed }, context)
    const isLast = passed >= time - TURN
    const seen = { outcome: 'present', measurements: structuredClone(observation.measurements) } as const
    const reading = isLast ? withShorterWindow(seen) : seen
    const { issues } = judge.judge({ reading, expected: true, at, interval: TURN })
    const lacking = lackingFor(reading, judged)
    if (isLast || lacking.length === 0) {
      const found = issuesOfWatched(observation.issues, issues, watchedProfile === (profile?.name ?? null))
      return verdictOn({ reading, issues: found, lacking, lookedFor: passed, at })
    }
    await sleep(TURN * 1000, undefined, { signal }).catch(() => undefined)
  }
}

/** The observation where it says that the stream is there now, else null. */
function presentNow(observation: ReturnType<NewestObservation>, { wall }: Instant): ReturnType<NewestObservation> {
  if (observation === null || (observation.state !== 'ok' && observation.state !== 'degraded')) return null
  return Math.abs(wall - Date.parse(observation.time)) <= FRESH * 1000 ? observation : null
}
