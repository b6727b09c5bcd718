import { setTimeout as wait } from 'node:timers/promises'
import { guarded } from '../observation/internal-errors.ts'
import {
  hasBegun,
  hasEnded,
  isOn,
  isOver,
  NO_EVENT,
  PLATFORM_HANDOVER,
  type PlatformMeasurements,
} from '../observation/platform.ts'
import type { Probe, ProbeContext, ProbeListener, Reading } from '../observation/reading.ts'
import { PolledProbe } from '../polling/polled-probe.ts'
import { EventDetails } from './event-details.ts'
import { EventFinder, type Found } from './find-event.ts'
import { type Failure, unknownBy, type VimeoAccount } from './vimeo-account.ts'

/** What of a platform's target says what is asked, and how often. */
export interface PlatformProbeTarget {
  name: string
  /** Seconds between two polls while something is on. */
  interval: number
  /** The event's number, or `next`. May be `${NAME}`. */
  liveEvent: string
}

export interface VimeoProbeContext extends ProbeContext<PlatformMeasurements> {
  account: VimeoAccount
  /** Whether an encoder or a stream that belongs to the event is on the air. */
  sending(): boolean
  /** The live event went public, or ended: what belongs to it begins or ends with it. */
  eventBegan(): void
  eventEnded(): void
  /** Seconds before a request that found nobody is tried once more. */
  secondTry?: number
}

/** Seconds of one poll at most: three requests, one of them tried twice, each with a timeout of its own. */
const POLL_LIMIT = 45
const SECOND_TRY = 1

/** Polls one Vimeo live event: seldom while nothing is on, often around a start, and never above the rate limit. */
export class VimeoProbe implements Probe<PlatformMeasurements> {
  readonly #target: PlatformProbeTarget
  readonly #context: VimeoProbeContext
  readonly #polls: PolledProbe<PlatformMeasurements>
  readonly #details: EventDetails
  #finder: { wanted: string; finder: EventFinder } | null = null
  #leave: (() => void) | null = null
  /** Monotonic seconds. */
  #answeredAt: number | null = null
  /** Monotonic seconds. */
  #endedAt: number | null = null
  #interval: number
  /** The newest that Vimeo said of the event. */
  #newest: PlatformMeasurements | null = null

  constructor(target: PlatformProbeTarget, context: VimeoProbeContext) {
    this.#target = target
    this.#context = context
    this.#interval = target.interval
    this.#details = new EventDetails(context.account, context.clock)
    this.#polls = new PolledProbe<PlatformMeasurements>({
      name: target.name,
      interval: target.interval,
      limit: POLL_LIMIT,
      clock: context.clock,
      initial: NO_EVENT,
      handover: PLATFORM_HANDOVER,
      redact: context.redact,
      poll: (signal, { previous }) => this.#poll(signal, previous),
    })
  }

  start(listener: ProbeListener): void {
    this.#leave ??= this.#context.account.join(guarded('vimeo account', () => this.#polls.refresh()))
    this.#polls.start(listener)
  }

  read(): Reading<PlatformMeasurements> {
    const reading = this.#polls.read()
    const { clock, sending, account } = this.#context
    // A stretched interval was for while nothing was on.
    if (this.#interval > this.#target.interval && account.blockedFor === null && sending()) {
      this.#setInterval(Math.max(this.#target.interval, account.spacing))
    }
    const since = (at: number | null) => (at === null ? null : clock.monotonic() - at)
    const ages = { answerAge: since(this.#answeredAt), endedAge: since(this.#endedAt) }
    return { ...reading, measurements: { ...reading.measurements, ...ages, blockedFor: account.blockedFor } }
  }

  setExpected(expected: boolean): void {
    this.#polls.setExpected(expected)
  }

  refresh(): Promise<void> {
    return this.#polls.refresh()
  }

  async stop(): Promise<void> {
    this.#leave?.()
    await this.#polls.stop()
  }

  async #poll(signal: AbortSignal, previous: PlatformMeasurements): Promise<Reading<PlatformMeasurements>> {
    const found = await this.#find(signal)
    const reading = await this.#readingOf(found, previous, signal)
    const { measurements } = reading
    const failed = found.found === 'failure' && found.reply.reply === 'unreachable'
    const { clock, sending, account } = this.#context
    const interval = pollInterval({
      interval: this.#target.interval,
      measured: found.found === 'event' ? measurements : null,
      sending: sending(),
      failed,
      spacing: account.blockedFor ?? account.spacing,
      wall: clock.wall(),
    })
    this.#setInterval(interval)
    return { ...reading, measurements: { ...measurements, rateLimit: this.#rateLimit(), pollInterval: interval } }
  }

  /** What cannot be reached is tried once more at once, so that a lost packet is no news. */
  async #find(signal: AbortSignal): Promise<Found> {
    const wanted = this.#context.expand(this.#target.liveEvent)
    if (this.#finder?.wanted !== wanted) {
      if (!/^(?:\d{1,20}|next)$/.test(wanted)) {
        const what = `The live event must be a number or "next", but ${this.#target.liveEvent} holds something else`
        return { found: 'nothing', what }
      }
      this.#finder = { wanted, finder: new EventFinder(this.#context.account, wanted) }
    }
    const { finder } = this.#finder
    const found = await finder.find(this.#context.clock.wall(), signal)
    if (found.found !== 'failure' || found.reply.reply !== 'unreachable') return found
    await wait((this.#context.secondTry ?? SECOND_TRY) * 1000, undefined, { signal })
    return finder.find(this.#context.clock.wall(), signal)
  }

  async #readingOf(
    found: Found,
    previous: PlatformMeasurements,
    signal: AbortSignal,
  ): Promise<Reading<PlatformMeasurements>> {
    if (found.found === 'failure') return this.#failed(found.reply, PLATFORM_HANDOVER.withoutValues(previous))
    this.#answeredAt = this.#context.clock.monotonic()
    if (found.found === 'nothing') {
      return {
        outcome: 'absent',
        reason: 'not-found',
        message: found.what,
        measurements: { ...NO_EVENT, up: false },
      }
    }
    const { id, title, type, nextStart, userState, liveState } = found.event
    const details = await this.#details.ask(found.event, signal)
    const { redact } = this.#context
    const measurements: PlatformMeasurements = {
      ...NO_EVENT,
      ...{ up: true, event: { id: redact(id), title: redact(title), type }, nextStart, userState, liveState },
      ...details,
    }
    this.#tellOfEvent(measurements)
    return { outcome: 'present', measurements }
  }

  #tellOfEvent(newest: PlatformMeasurements): void {
    const before = this.#newest
    this.#newest = newest
    if (newest.liveState !== null && !isOver(newest.liveState) && newest.userState !== 'ended') this.#endedAt = null
    if (before === null) return
    if (hasEnded(before, newest)) {
      this.#endedAt = this.#answeredAt
      this.#context.eventEnded()
    }
    if (hasBegun(before, newest)) this.#context.eventBegan()
  }

  #failed(reply: Failure, measurements: PlatformMeasurements): Reading<PlatformMeasurements> {
    if (reply.reply !== 'unreachable') return { outcome: 'unknown', ...unknownBy(reply), measurements }
    // An API that is away says nothing of the event, which everybody may be watching.
    return { outcome: 'unknown', code: reply.why, message: `Vimeo's API does not answer: ${reply.what}`, measurements }
  }

  #setInterval(interval: number): void {
    this.#interval = interval
    this.#polls.setInterval(interval)
  }

  #rateLimit(): PlatformMeasurements['rateLimit'] {
    const rate = this.#context.account.rateLimit
    if (rate === null) return null
    const { limit, remaining, resetAt } = rate
    return { limit, remaining, resetAt: resetAt === null ? null : new Date(resetAt).toISOString() }
  }
}

export interface PollSituation {
  /** Seconds, as the target says. */
  interval: number
  /** Of the newest poll; null where it found no event, or could not ask. */
  measured: Pick<PlatformMeasurements, 'liveState' | 'userState' | 'ingestState' | 'nextStart'> | null
  /** Whether an encoder or a stream that belongs to the event is on the air. */
  sending: boolean
  /** Whether the newest poll got no answer. */
  failed: boolean
  /** Seconds at the least, by the account's allowance. */
  spacing: number
  /** Milliseconds since the epoch. */
  wall: number
}

/** Seconds, the shortest at any time: Vimeo's states change no faster than an encoder connects. */
const SHORTEST_INTERVAL = 5
/** Times the interval while nothing is on. */
const STRETCH = 4
/** Seconds; a longer interval is not stretched. */
const LONGEST_STRETCHED = 120
/** Seconds before and after a planned start in which it is asked more often. */
const BEFORE_START = 600
const AFTER_START = 900
/** A part of the interval. */
const SHRINK = 1 / 3

/** Seconds until the next poll. Pure. */
export function pollInterval(situation: PollSituation): number {
  return Math.max(wish(situation), situation.spacing)
}

function wish({ interval, measured, sending, failed, wall }: PollSituation): number {
  const short = Math.max(SHORTEST_INTERVAL, interval * SHRINK)
  if (failed) return Math.min(interval, short)
  if (measured === null || measured.liveState === null) return interval
  const { liveState, userState, ingestState, nextStart } = measured
  const untilStart = nextStart === null ? null : (Date.parse(nextStart) - wall) / 1000
  if (liveState === 'streaming') return interval
  // The ingest waits for the stream, or the stream is there before the event: it is about to begin.
  if (ingestState === 'provisioning' || ingestState === 'waiting' || sending) return Math.min(interval, short)
  if (isOn({ liveState, userState }) || ingestState === 'receiving') return interval
  if (untilStart !== null && untilStart <= BEFORE_START && untilStart >= -AFTER_START) return Math.min(interval, short)
  const stretched = Math.max(interval, Math.min(LONGEST_STRETCHED, interval * STRETCH))
  if (untilStart === null || untilStart < 0) return stretched
  return Math.max(short, Math.min(stretched, untilStart - BEFORE_START))
}
