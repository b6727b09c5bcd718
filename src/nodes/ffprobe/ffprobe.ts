import type { NodeAPI } from 'node-red'
import { chooseFfprobe } from '../../ffmpeg/binaries.ts'
import { createProfiles } from '../../health/profile-lookup.ts'
import { preflight } from '../../inspection/preflight.ts'
import type { VerdictWord } from '../../inspection/verdict.ts'
import { WATCHES } from '../../kinds/probes.ts'
import { bitrateText } from '../../kinds/stream.ts'
import { textIn } from '../../node-red/config.ts'
import type { OwnTargetRules } from '../../node-red/own-target.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'
import type { ProbeTrialContext, Tried } from '../../node-red/probe-trial.ts'
import type { TrialState } from '../../node-red/trial.ts'
import { streamSources } from '../../readers/sources.ts'
import { joinStreamKey } from '../../secrets/stream-address.ts'
import { hostOf } from '../../targets/dialog.ts'
import type { StreamTarget } from '../../targets/target.ts'
import { answers } from './answers.ts'

export const STREAM_OF_DIALOG: OwnTargetRules = {
  nameFrom: ({ filled }) => hostOf(filled),
  fallbackName: 'stream',
  address({ sealed, filled }, { streamKey }, secrets) {
    const key = textIn(streamKey)
    if (key === '') return sealed
    return joinStreamKey(sealed, secrets.keep('key', key.replace(/^\//, '')), { serverUrl: filled, key })
  },
  /** The dialog asks for limits of the chosen profile; the target has profiles of its own. */
  complete(entry) {
    const { profile, profiles: limits, picture } = entry
    if (picture === 'emails' || picture === 'nobody') entry.picture = picture === 'emails'
    delete entry.profiles
    if (typeof profile !== 'string' || typeof limits !== 'object' || limits === null) return
    if (Object.keys(limits).length === 0) return
    createProfiles().get(profile)
    entry.profiles = { [profile]: { limits } }
  },
}

export default function register(RED: NodeAPI): void {
  registerProbeNode(RED, {
    type: 'hmonitor-ffprobe',
    kind: 'stream',
    context: ({ ffprobePath }) => textIn(ffprobePath),
    watches: (state, { ffprobePath }) => WATCHES.stream(state, textIn(ffprobePath)),
    target: STREAM_OF_DIALOG,
    trial: { run: tryStream },
    extend: answers,
  })
}

const STATES: Readonly<Record<Exclude<VerdictWord, 'fail'>, TrialState>> = {
  pass: 'ok',
  warn: 'degraded',
  unknown: 'unknown',
}

/** Tries the stream of a dialog, by the same look as *inspect*: about 12 s, at most 20 s. */
async function tryStream(
  target: StreamTarget,
  { state: { clock, secrets }, config, say, signal }: ProbeTrialContext,
): Promise<Tried> {
  const profile = target.profile === null ? null : createProfiles(target.profiles).get(target.profile)
  const ffprobePath = textIn(config.ffprobePath)
  const { verdict, reason, issues, measurements } = await preflight(
    { target, profile, signal },
    {
      clock,
      sources: streamSources({ ffprobe: () => chooseFfprobe(ffprobePath || undefined) }),
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
