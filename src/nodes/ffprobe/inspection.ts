import type { Profile } from '../../health/profile.ts'
import { createProfiles } from '../../health/profile-lookup.ts'
import type { PreflightVerdict } from '../../health/verdict.ts'
import { givenStream } from '../../monitor/given-stream.ts'
import { type InspectionAnswer, refusedInspection } from '../../monitor/inspections.ts'
import { type PreflightContext, preflight } from '../../monitor/preflight.ts'
import type { MonitorState } from '../../monitor/state.ts'
import type { WatchedTarget } from '../../monitor/watch-set.ts'
import { preflightOfWatched } from '../../monitor/watched-preflight.ts'
import { catchable } from '../../node-red/input.ts'
import type { StreamMeasurements } from '../../observation/stream.ts'
import { redactUrl } from '../../stream/address.ts'
import { findFfprobe } from '../../stream/ffprobe-binary.ts'
import type { InspectCommand } from '../../targets/command.ts'

/** What a node knows that inspects. */
export interface InspectionContext {
  state: MonitorState
  /** As the dialog says; empty: wherever `findFfprobe` finds one. */
  ffprobePath: string
  /** @throws MonitorError `unknown-target` */
  watched(name: string): WatchedTarget<'stream', StreamMeasurements>
}

/**
 * Answers an *inspect* command by a verdict, within 20 s. Never rejects but for an abort: what goes wrong is the answer,
 * because somebody may wait for it.
 */
export async function inspect(
  command: InspectCommand,
  context: InspectionContext,
  signal: AbortSignal,
): Promise<InspectionAnswer> {
  const { state } = context
  const asked = command.profile ?? null
  const subject = 'name' in command ? command.name : redactUrl(command.url)
  try {
    const look = 'name' in command ? prepareWatched(command.name, context) : prepareGiven(command.url, context)
    const name = asked ?? look.profile
    const profile = name === null ? null : createProfiles().get(name)
    const verdict = await state.inspections.run(() => look.verdict(profile, signal))
    return { subject: state.secrets.redact(subject), profile: name, ...verdict, error: null }
  } catch (error) {
    signal.throwIfAborted()
    const shown = catchable(error, (text) => state.secrets.redact(text))
    return refusedInspection(state.secrets.redact(subject), asked, shown)
  }
}

interface PreparedLook {
  /** The profile that counts where none was asked for. */
  profile: string | null
  verdict(profile: Profile | null, signal: AbortSignal): Promise<PreflightVerdict>
}

function prepareWatched(name: string, { state, ffprobePath, watched }: InspectionContext): PreparedLook {
  const held = watched(name)
  const { target } = held
  const context = contextOf(state, ffprobePath)
  return {
    profile: target.profile,
    verdict: (profile, signal) =>
      preflightOfWatched(() => held.watch?.newest ?? null, target.profile, { target, profile, signal }, context),
  }
}

/** Names in the address are not filled in: who may ask must not be able to send a secret to a server of his own. */
function prepareGiven(url: string, { state, ffprobePath }: InspectionContext): PreparedLook {
  const { target, secrets } = givenStream(url, { media: 'both', verifyTls: true })
  const context = {
    ...contextOf(state, ffprobePath),
    expand: (template: string) => secrets.expand(template),
    redact: (text: string) => secrets.redact(state.secrets.redact(text)),
  }
  return { profile: null, verdict: (profile, signal) => preflight({ target, profile, signal }, context) }
}

function contextOf({ clock, secrets }: MonitorState, ffprobePath: string): PreflightContext {
  return {
    clock,
    ffprobe: () => findFfprobe(ffprobePath || undefined),
    expand: (template) => secrets.expand(template),
    redact: (text) => secrets.redact(text),
  }
}
