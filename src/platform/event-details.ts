import { textOf } from '../connection/legible.ts'
import type { Clock } from '../observation/clock.ts'
import {
  INGEST_STATES,
  type IngestSession,
  type IngestState,
  type PlatformMeasurements,
} from '../observation/platform.ts'
import { isRecord } from '../observation/shape.ts'
import { at, countOf, unixTimeOf } from './json.ts'
import type { LiveEvent } from './live-event.ts'
import type { VimeoAccount } from './vimeo-account.ts'

type Details = Pick<PlatformMeasurements, 'ingestState' | 'session' | 'viewers' | 'viewersPeak'>

/** Seconds after which it is asked again whether the account is told what it was not told before. */
const ASK_AGAIN = 900

/**
 * What Vimeo tells beside the event itself: the ingest's session, and viewers. Not every account is told, so that what
 * does not come is no fault.
 */
export class EventDetails {
  readonly #account: VimeoAccount
  readonly #clock: Clock
  /** By path: monotonic seconds until which it is not asked for. */
  readonly #refused = new Map<string, number>()

  constructor(account: VimeoAccount, clock: Clock) {
    this.#account = account
    this.#clock = clock
  }

  async ask(event: LiveEvent, signal: AbortSignal): Promise<Details> {
    const sessionPath =
      event.type === 'recurring' ? `/live_events/${event.id}/session_status` : `/videos/${event.id}/sessions/status`
    const session = parseSessionStatus(await this.#get(sessionPath, signal))
    const isWatched = event.liveState === 'streaming' && event.statsOf !== null
    const viewers = parseViewers(isWatched ? await this.#get(`/videos/${event.statsOf}/stats/live`, signal) : null)
    return { ingestState: session?.ingestState ?? null, session: session?.session ?? null, ...viewers }
  }

  /** Null where it is not told. */
  async #get(path: string, signal: AbortSignal): Promise<unknown> {
    const now = this.#clock.monotonic()
    for (const [refused, until] of this.#refused) if (until <= now) this.#refused.delete(refused)
    if (this.#refused.has(path)) return null
    const reply = await this.#account.get(path, {}, signal)
    if (reply.reply === 'body') return reply.body
    if (reply.reply === 'missing' || reply.reply === 'token') this.#refused.set(path, now + ASK_AGAIN)
    return null
  }
}

/** What is believed of `event-session-status`. The stream key and the ingest's addresses in it are never taken. */
export interface SessionStatus {
  ingestState: IngestState | null
  session: IngestSession | null
}

/** Null where it cannot be believed. */
export function parseSessionStatus(body: unknown): SessionStatus | null {
  const ingest = at(body, 'ingest')
  if (!isRecord(ingest)) return null
  const status = at(ingest, 'status')
  if (status === undefined) return null
  const ingestState = status === null ? null : stateOf(status)
  if (status !== null && ingestState === null) return null
  const startedAt = unixTimeOf(at(ingest, 'start_time'))
  if (startedAt === null && at(ingest, 'session_id') == null) return { ingestState, session: null }
  return {
    ingestState,
    session: {
      startedAt,
      endedAt: unixTimeOf(at(ingest, 'end_time')),
      width: countOf(at(ingest, 'width')),
      height: countOf(at(ingest, 'height')),
      encoderType: textOf(at(ingest, 'encoder_type')),
      endedReason: countOf(at(ingest, 'stream_ended_reason')),
    },
  }
}

/** The specification declares text and lists numbers: both are taken. */
function stateOf(status: unknown): IngestState | null {
  const code = typeof status === 'string' && /^\d$/.test(status) ? Number(status) : countOf(status)
  return code === null ? null : (INGEST_STATES[code] ?? null)
}

/** Viewers now and at most, of `/videos/{id}/stats/live`; null where it is not told. */
export function parseViewers(body: unknown): { viewers: number | null; viewersPeak: number | null } {
  return {
    viewers: countOf(at(body, 'viewers', 'current')),
    viewersPeak: countOf(at(body, 'viewers', 'peak')),
  }
}
