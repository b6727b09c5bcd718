import { isReceiving, type PlatformMeasurements } from '../../observation/platform.ts'
import { seconds } from '../../observation/words.ts'
import type { KindRules } from '../check.ts'
import { neverSeen, notMeasured } from './every-kind.ts'
import {
  type PlatformCheck,
  type PlatformOptions,
  platformUnreachable,
  rateLimited,
  sendingEncoder,
  tokenInvalid,
} from './platform-access.ts'
import { PLATFORM_RELATIONS, withRelations } from './relations.ts'
import { unusual } from './unusual.ts'

/** The name under which the history keeps the id of the event that Vimeo received last. */
const RECEIVED = 'received'

/** What to do where Vimeo has received this event before. */
const WAS_RECEIVED = [
  'Check the internet connection of the encoder: Vimeo received this event before, so server and stream key are right.',
  'Stop the stream on the encoder and start it again.',
  'Open the event on Vimeo: if somebody has ended it there, start it again, or stop the encoder.',
  'If Vimeo still receives nothing, check on status.vimeo.com whether it reports a fault, and whether somebody has changed server or stream key since.',
]

/** Yes or no, from one answer of Vimeo. */
const AT_ONCE = { enter: null, enterHold: 0, clear: null, clearHold: 0, window: null } as const

const eventNotFound: PlatformCheck = {
  type: 'eventNotFound',
  severity: 'error',
  weight: 60,
  limits: AT_ONCE,
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading }) {
    if (reading.outcome === 'present') return { value: false }
    if (reading.outcome === 'unknown' || reading.reason !== 'not-found') return 'unmeasured'
    return { value: true, measured: 'no event', expected: 'one event' }
  },
  summary: (_finding, { reading }) =>
    `${reading.outcome === 'absent' ? (reading.message ?? 'Vimeo does not know the event') : 'Vimeo does not know the event'} (expected one event)`,
  remedy: [
    'Open the event on Vimeo: the number in its address must be the one that is configured. A recurring event and its single videos have different numbers.',
    'Check whether the event was deleted, or belongs to another account than the access token.',
    'With "next": plan the next event on Vimeo, or choose one by its number.',
  ],
  text: {
    measures: 'whether Vimeo knows the event, as a recurring one or as a one-time one',
    window: () => 'the newest answer',
    raised: () => 'Vimeo answers 404 for both, or, with `next`, the account has no event that is on or planned',
    cleared: () => 'the event is found',
    why: "Vimeo's error 5000. Nobody can watch an event that is not there: an error.",
    blindTo: 'Why it is not there: a wrong number, a deleted event and one of another account look the same.',
  },
}

const streamingError: PlatformCheck = {
  type: 'streamingError',
  severity: 'error',
  weight: 60,
  limits: AT_ONCE,
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading }) {
    if (reading.outcome !== 'present') return 'unmeasured'
    const { liveState, userState } = reading.measurements
    if (liveState === null) return 'unmeasured'
    // An event that its owner has ended since needs nobody any more.
    if (liveState !== 'streaming_error' || userState === 'ended') return { value: false }
    return { value: true, measured: liveState, expected: 'streaming' }
  },
  summary: () => 'Vimeo ended the stream with an error (streaming_error; expected streaming)',
  remedy: [
    'Open the event on Vimeo and read what it says there.',
    'Stop the stream on the encoder and start it again; check that its settings are those that Vimeo publishes.',
    'If it ends again, start a new event and change the encoder to its stream key.',
    'Tell the audience where to watch meanwhile; if you have a second platform, send them there.',
  ],
  text: {
    measures: "the event's live state",
    window: () => 'the newest answer',
    raised: () => 'the state is `streaming_error`, and nobody has ended the event',
    cleared: () => 'any other state, or the event was ended by its owner',
    why: "Vimeo's own state for a stream that it terminated.",
    blindTo:
      'The reason: Vimeo publishes no list of reasons. Errors of the recording (`archiving_error`) are not judged.',
  },
}

const ingestNotReceiving: PlatformCheck = {
  type: 'ingestNotReceiving',
  severity: 'error',
  weight: 60,
  limits: { enter: 30, enterHold: 20, clear: null, clearHold: 0, window: null },
  worse: 'higher',
  warmUp: 'judged',
  resets: [],
  assess({ reading, options, others }, limits) {
    if (reading.outcome !== 'present') return 'unmeasured'
    const { liveState, ingestState, answerAge, endedAge } = reading.measurements
    const receiving = isReceiving(liveState, ingestState)
    if (receiving === true) return { value: false }
    const encoder = sendingEncoder(options.dependsOn, others)
    if (encoder === 'idle') return { value: false }
    // An encoder that is gone or cannot be asked proves nothing, neither way.
    if (receiving === null || typeof encoder === 'string') return 'unmeasured'
    const { duration } = encoder
    // Nobody has stopped it since the event ended: no picture is missed.
    if (duration !== null && endedAge !== null && duration > endedAge) return { value: false }
    // What Vimeo said before the encoder began, or just then, is no fault.
    const sent = duration === null ? (limits.enter ?? 0) : duration - (answerAge ?? 0)
    return { value: Math.max(0, sent), measured: ingestState ?? liveState ?? '', expected: 'receiving' }
  },
  summary(finding, { options, others }) {
    const encoder = sendingEncoder(options.dependsOn, others)
    const who = typeof encoder === 'string' ? 'the encoder' : `the encoder ${encoder.name}`
    const since = typeof encoder === 'string' || encoder.duration === null ? '' : ` for ${seconds(encoder.duration)}`
    return `Vimeo receives nothing, but ${who} has been streaming${since}: Vimeo's state is "${finding.measured}" (expected "${finding.expected}")`
  },
  remedy: [
    'On the encoder, compare server and stream key with those that the event on Vimeo shows: another event, or last week’s key, is the usual reason.',
    'Stop the stream on the encoder and start it again.',
    'Check the internet connection of the encoder, and whether a firewall lets RTMP (port 1935) or RTMPS (port 443) out.',
    'Open the event on Vimeo: some wait until somebody starts them there.',
  ],
  // A key that has worked for this event is right.
  remedyFor: ({ reading, history }) =>
    history.signatures[RECEIVED] !== undefined && history.signatures[RECEIVED] === reading.measurements.event?.id
      ? WAS_RECEIVED
      : null,
  text: {
    measures:
      'what Vimeo says of its ingest, held against an encoder that says it streams: one that this target names under `dependsOn`, or that a stream names there whose `platform` is this target',
    window: () => 'the newest observation of both',
    raised: (limits) =>
      `the encoder had been on air for ${limits.enter} s or more when Vimeo last answered, and Vimeo was not receiving`,
    cleared: () => 'Vimeo receives, or the encoder is idle, or has been on air since before the event ended',
    why: 'An encoder that is content while the platform gets nothing is the fault that nobody at the venue sees. Vimeo takes some seconds to provision its machine, and this counts only what it says after that.',
    blindTo:
      'What Vimeo receives: no public answer of Vimeo holds a bitrate, a frame rate or lost frames. Not judged without an encoder, and not while it is connecting, interrupted or cannot be asked.',
  },
}

/** The table of checks of a platform. A new check is a new row. */
export const PLATFORM_CHECKS: readonly PlatformCheck[] = withRelations(
  [
    platformUnreachable,
    tokenInvalid,
    eventNotFound,
    ingestNotReceiving,
    streamingError,
    rateLimited,
    notMeasured,
    neverSeen,
    unusual,
  ],
  PLATFORM_RELATIONS,
)

export const PLATFORM_RULES: KindRules<PlatformMeasurements, PlatformOptions> = {
  checks: PLATFORM_CHECKS,
  tracked: ({ liveState, ingestState, event }) => ({
    counters: {},
    signatures: { liveState, [RECEIVED]: isReceiving(liveState, ingestState) === true ? (event?.id ?? null) : null },
    lastSeen: null,
  }),
  warmingUp: () => false,
  resets: {},
}
