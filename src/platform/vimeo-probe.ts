import { setTimeout as wait } from 'node:timers/promises'
import { guarded } from '../observation/internal-errors.ts'
import { hasBegun, hasEnded, isOver } from '../observation/live-phase.ts'
import type { PlatformMeasurements } from '../observation/platform.ts'
import { NO_EVENT, PLATFORM_HANDOVER } from '../observation/platform.ts'
import type { Probe, ProbeContext, ProbeListener, Reading } from '../observation/reading.ts'
import { PolledProbe } from '../polling/polled-probe.ts'
import { EventDetails } from './event-details.ts'
import { EventFinder, type Found } from './find-event.ts'
import { pollInterval } from './poll-interval.ts'
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
