import { findFfprobe } from '../../ffmpeg/binaries.ts'
import { createProfiles } from '../../health/profile-lookup.ts'
import { preflight } from '../../inspection/preflight.ts'
import type { VerdictWord } from '../../inspection/verdict.ts'
import { bitrateText } from '../../kinds/stream.ts'
import { textIn } from '../../node-red/config.ts'
import type { ProbeTrialContext, Tried } from '../../node-red/probe-trial.ts'
import type { TrialState } from '../../node-red/trial.ts'
import { webSources } from '../../readers/web-source.ts'
import type { StreamTarget } from '../../targets/target.ts'

const STATES: Readonly<Record<Exclude<VerdictWord, 'fail'>, TrialState>> = {
  pass: 'ok',
  warn: 'degraded',
  unknown: 'unknown',
}

/** Tries the stream of a dialog, by the same look as *inspect*: about 12 s, at most 20 s. */
export async function tryStream(
  target: StreamTarget,
  { state: { clock, secrets }, config, say, signal }: ProbeTrialContext,
): Promise<Tried> {
  const profile = target.profile === null ? null : createProfiles(target.profiles).get(target.profile)
  const ffprobePath = textIn(config.ffprobePath)
  const { verdict, reason, issues, measurements } = await preflight(
    { target, profile, signal },
    {
      clock,
      sources: webSources({ ffprobe: () => findFfprobe(ffprobePath || undefined) }),
      expand: (template) => secrets.expand(template),
      redact: (text) => secrets.redact(text),
    },
  )
  const arriving = measurements?.up === true ? measurements : null
  return {
    state: verdict === 'fail' ? (arriving ? 'degraded' : 'down') : STATES[verdict],
    value: arriving && bitrateText(arriving.last10s, say),
    reason,
    issues,
  }
}
