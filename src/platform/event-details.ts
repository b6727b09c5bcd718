import type { Clock } from '../observation/clock.ts'
import type { PlatformMeasurements } from '../observation/platform.ts'
import type { LiveEvent } from './live-event.ts'
import { parseSessionStatus, parseViewers } from './session-status.ts'
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
