import type { Node, NodeAPI } from 'node-red'
import { chooseFfprobe } from '../../ffmpeg/binaries.ts'
import type { Profile } from '../../health/profile.ts'
import { createProfiles } from '../../health/profile-lookup.ts'
import { givenStream } from '../../inspection/given-stream.ts'
import { type InspectionAnswer, Inspections, refusedInspection, statusCodeOf } from '../../inspection/inspections.ts'
import { limitLines } from '../../inspection/limits.ts'
import { type PreflightContext, preflight } from '../../inspection/preflight.ts'
import type { PreflightVerdict } from '../../inspection/verdict.ts'
import { preflightOfWatched } from '../../inspection/watched-preflight.ts'
import { STREAM } from '../../kinds/stream.ts'
import type { MonitorState } from '../../monitor/state.ts'
import type { WatchedTarget } from '../../monitor/watch-set.ts'
import { textIn } from '../../node-red/config.ts'
import { catchable } from '../../node-red/input.ts'
import type { DialogValues } from '../../node-red/own-target.ts'
import type { ProbeAnswer, ProbeExtension } from '../../node-red/probe-node.ts'
import type { ProbeConfig, ProbeWatcher } from '../../node-red/probe-watcher.ts'
import { MonitorError } from '../../observation/errors.ts'
import type { StreamMeasurements } from '../../observation/stream.ts'
import { Pictures, pictureHeaders, pictureStatusOf } from '../../pictures/pictures.ts'
import { streamSources } from '../../readers/sources.ts'
import { redactUrl } from '../../secrets/stream-address.ts'
import type { InspectCommand } from '../../targets/command.ts'
import type { StreamTarget } from '../../targets/target.ts'

/**
 * What an `ffprobe` node does beside watching: it inspects streams and gives pictures of them, for its messages and for
 * whoever asks its monitor, and says once in the log which ffprobe it uses.
 */
export function answers(
  RED: NodeAPI,
  node: Node<DialogValues>,
  config: ProbeConfig,
  watcher: ProbeWatcher<'stream'>,
): ProbeExtension<'stream'> {
  const ffprobePath = textIn(config.ffprobePath)
  const { state } = watcher
  const context: InspectionContext = { state, ffprobePath, watched: (name) => watcher.watched(name) }
  const answer = (command: InspectCommand, signal: AbortSignal) => inspect(command, context, signal)
  const takeBack = state
    .part(Inspections)
    .offer(node.id, (name, profile, signal) =>
      answer({ action: 'inspect', name, ...(profile !== null && { profile }) }, signal),
    )
  const takePicturesBack = state.part(Pictures).offer(node.id, {
    allowed: (name) => watcher.watched(name).target.picture,
    keyFrame: async (name, signal) => (await watcher.watched(name).watch?.probe.keyFrame?.(signal)) ?? NOT_BEGUN,
  })
  let isTold = false
  return {
    async answer(question, signal) {
      if (question.action === 'picture') return answerWithPicture(state, question.name)
      const verdict = await answer(question, signal)
      return { payload: verdict, statusCode: statusCodeOf(verdict) }
    },
    observed({ error }) {
      if (isTold || error !== undefined) return
      isTold = true
      chooseFfprobe(ffprobePath || undefined).then(
        ({ path, version }) => node.log(RED._('log.ffprobe', { path, version })),
        (error: unknown) => {
          const reason = error instanceof MonitorError ? error.message : ''
          node.warn(RED._('log.noFfprobe', { reason }))
        },
      )
    },
    close() {
      takeBack()
      takePicturesBack()
    },
  }
}

/** A watch that waits for the one before it to end. */
const NOT_BEGUN = { code: 'no-picture', message: 'It is not watched yet. Ask again in some seconds.' } as const

/** Answers a *picture* command, so that `http in`, the node and `http response` are a page of their own. */
async function answerWithPicture(state: MonitorState, name: string): Promise<ProbeAnswer> {
  try {
    const picture = await state.part(Pictures).of(name)
    const { jpeg: payload, at, age } = picture
    const about = { target: name, time: new Date(at).toISOString(), age }
    return { payload, picture: about, statusCode: 200, headers: pictureHeaders(picture) }
  } catch (error) {
    const { code, message } = catchable(error, (text) => state.secrets.redact(text))
    return { payload: { error: { code, message } }, statusCode: pictureStatusOf(code) }
  }
}

/** What a node knows that inspects. */
interface InspectionContext {
  state: MonitorState
  /** As the dialog says; empty: wherever `chooseFfprobe` finds one. */
  ffprobePath: string
  /** @throws MonitorError `unknown-target` */
  watched(name: string): WatchedTarget<'stream', StreamMeasurements>
}

/** In the place of what was asked for, where it is not known: a key may stand there. */
const NOT_WATCHED = 'a stream that is not known here'

/**
 * Answers an *inspect* command by a verdict, within 20 s. Never rejects but for an abort: what goes wrong is the answer,
 * because somebody may wait for it.
 */
async function inspect(
  command: InspectCommand,
  context: InspectionContext,
  signal: AbortSignal,
): Promise<InspectionAnswer> {
  const { state } = context
  const asked = command.profile ?? null
  let subject = NOT_WATCHED
  try {
    const look = 'name' in command ? prepareWatched(command.name, context) : prepareGiven(command.url, context)
    subject = state.secrets.redact('name' in command ? command.name : redactUrl(command.url))
    const name = asked ?? look.profile
    const profile = name === null ? null : createProfiles(look.profiles).get(name)
    const verdict = await state.part(Inspections).run(() => look.verdict(profile, signal))
    return { subject, profile: name, ...verdict, limits: limitLines(profile, verdict), error: null }
  } catch (error) {
    signal.throwIfAborted()
    return refusedInspection(
      subject,
      asked,
      catchable(error, (text) => state.secrets.redact(text)),
    )
  }
}

interface PreparedLook {
  /** The profile that counts where none was asked for. */
  profile: string | null
  /** The user's own. */
  profiles: StreamTarget['profiles']
  verdict(profile: Profile | null, signal: AbortSignal): Promise<PreflightVerdict>
}

function prepareWatched(name: string, { state, ffprobePath, watched }: InspectionContext): PreparedLook {
  const held = watched(name)
  const { target } = held
  const context = contextOf(state, ffprobePath)
  return {
    profile: target.profile,
    profiles: target.profiles,
    verdict: (profile, signal) =>
      preflightOfWatched(() => held.watch?.newest ?? null, target.profile, { target, profile, signal }, context),
  }
}

/** Names in the address are not filled in: who may ask must not be able to send a secret to a server of his own. */
function prepareGiven(url: string, { state, ffprobePath }: InspectionContext): PreparedLook {
  const { target, secrets } = givenStream(STREAM, url, { media: 'both', verifyTls: true })
  const context = {
    ...contextOf(state, ffprobePath),
    expand: (template: string) => secrets.expand(template),
    redact: (text: string) => secrets.redact(state.secrets.redact(text)),
  }
  return { profile: null, profiles: {}, verdict: (profile, signal) => preflight({ target, profile, signal }, context) }
}

function contextOf({ clock, secrets }: MonitorState, ffprobePath: string): PreflightContext {
  return {
    clock,
    sources: streamSources({ ffprobe: () => chooseFfprobe(ffprobePath || undefined) }),
    expand: (template) => secrets.expand(template),
    redact: (text) => secrets.redact(text),
  }
}
