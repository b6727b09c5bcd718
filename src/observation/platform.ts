import { handover } from './handover.ts'

/**
 * States of a live event as Vimeo names them (`video.live.status`, API version 3.4 and its mobile SDKs).
 *
 * - `unavailable`: cannot receive yet; also an event between two occurrences.
 * - `pending`: the connection is being set up. `ready`: the ingest can take a stream.
 * - `streaming_preview`: receives, not public yet. `streaming`: receives and is public.
 * - `streaming_error`: Vimeo ended it.
 * - `archiving`, `archiving_error`, `done`: it is over.
 */
export const LIVE_STATES = [
  'unavailable',
  'pending',
  'ready',
  'streaming_preview',
  'streaming',
  'streaming_error',
  'archiving',
  'archiving_error',
  'done',
] as const
export type LiveState = (typeof LIVE_STATES)[number]

/**
 * What the ingest does, after the codes 0 to 5 of `event-session-status.ingest.status`: no address yet, machine being
 * provisioned, provisioned and waiting for the stream, timed out before it came, stream underway, stream ended.
 */
export const INGEST_STATES = ['none', 'provisioning', 'waiting', 'timed_out', 'receiving', 'ended'] as const
export type IngestState = (typeof INGEST_STATES)[number]

/** The session that the ingest has or had last. */
export interface IngestSession {
  /** ISO 8601, UTC. */
  startedAt: string | null
  /** ISO 8601, UTC. */
  endedAt: string | null
  /** As received, in pixels. */
  width: number | null
  height: number | null
  /** `rtmp`, `srt`, `webrtc` … */
  encoderType: string | null
  /** Vimeo's own code; what it means is not published. */
  endedReason: number | null
}

/** Why nothing may be known of one. */
export const PLATFORM_FAILURES = [
  'no-token',
  'token-invalid',
  'token-forbidden',
  'rate-limited',
  'bad-output',
  'timeout',
  'unreachable',
  'dns-failed',
] as const
export type PlatformFailure = (typeof PLATFORM_FAILURES)[number]

/** What is measured of one target of kind `platform`. */
export interface PlatformMeasurements {
  /** Whether the platform answers and knows the event; null while unknown. */
  up: boolean | null
  /** The event that was found. */
  event: { id: string; title: string; type: 'recurring' | 'one-time' } | null
  /** When it begins next, as Vimeo has it planned: ISO 8601. */
  nextStart: string | null
  /** What the user did with it: started or ended it. It says nothing about the stream. */
  userState: 'started' | 'ended' | null
  liveState: LiveState | null
  /** Null too where the account is not told. */
  ingestState: IngestState | null
  session: IngestSession | null
  /** Now watching. Null where the account is not told. */
  viewers: number | null
  /** The most at once. */
  viewersPeak: number | null
  /** Seconds since Vimeo said so. */
  answerAge: number | null
  /** Seconds since the event was seen to end; null before, and when the next has begun. */
  endedAge: number | null
  /** As the newest answer says. */
  rateLimit: { limit: number | null; remaining: number | null; resetAt: string | null } | null
  /** Seconds for which no request is sent, because Vimeo refused the last one as one too many; null: none. */
  blockedFor: number | null
  /** Seconds until the next poll: longer while nothing is on, shorter around a start. */
  pollInterval: number | null
}

/** Before the first answer. */
export const NO_EVENT: PlatformMeasurements = {
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
export const PLATFORM_HANDOVER = handover<PlatformMeasurements>({
  up: 'moment',
  event: 'stays',
  nextStart: 'stays',
  userState: 'moment',
  liveState: 'moment',
  ingestState: 'moment',
  session: 'moment',
  viewers: 'moment',
  viewersPeak: 'moment',
  answerAge: 'moment',
  endedAge: 'moment',
  rateLimit: 'stays',
  blockedFor: 'stays',
  pollInterval: 'stays',
})

const ON: ReadonlySet<LiveState> = new Set(['pending', 'streaming_preview', 'streaming', 'streaming_error'])
const OVER: ReadonlySet<LiveState> = new Set(['archiving', 'archiving_error', 'done'])
const RECEIVING: ReadonlySet<LiveState> = new Set(['streaming_preview', 'streaming'])

/** Whether the event is on, or about to be by what its owner did. */
export function isOn(event: Pick<PlatformMeasurements, 'userState'> & { liveState: LiveState }): boolean {
  return ON.has(event.liveState) || (event.userState === 'started' && !OVER.has(event.liveState))
}

export function isOver(liveState: LiveState): boolean {
  return OVER.has(liveState)
}

/** Whether the platform takes in a stream now; null where it does not say. The ingest knows better than the event. */
export function isReceiving(liveState: LiveState | null, ingestState: IngestState | null): boolean | null {
  if (ingestState !== null) return ingestState === 'receiving'
  return liveState === null ? null : RECEIVING.has(liveState)
}

/** Whether an event that was on has ended between two measurements: what ends the event of its stream too. */
export function hasEnded(before: PlatformMeasurements, after: PlatformMeasurements): boolean {
  if (before.liveState === null || after.liveState === null || before.event?.id !== after.event?.id) return false
  if (before.userState === 'started' && after.userState === 'ended') return true
  return ON.has(before.liveState) && OVER.has(after.liveState)
}

/** Whether an event went public between two measurements. */
export function hasBegun(before: PlatformMeasurements, after: PlatformMeasurements): boolean {
  return before.liveState !== null && before.liveState !== 'streaming' && after.liveState === 'streaming'
}
