import type { AlertProblem } from '../observation/alert.ts'
import { ClockSteps, type WallClock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Language } from '../observation/language.ts'
import type { Counters, MetricText, OwnCounter } from '../observation/own-metric.ts'
import type { JsonFile } from '../storage/json-file.ts'
import { composeMessage, type Message, type MessagePicture, type PictureSubject, picturedIn } from './message.ts'
import { DeliveryError, type Notifier } from './notifiers/notifier.ts'
import {
  dueAt,
  EMPTY_OUTBOX,
  enqueue,
  isIncident,
  markDelivered,
  markFailed,
  type News,
  newestIn,
  newsIn,
  type Outbox,
  overdue,
  parseOutbox,
  shiftTimes,
  type WaitingNews,
  withoutMerged,
  withoutNews,
} from './outbox.ts'

/** More receivers than these count as one. */
const MOST_RECEIVERS = 100

export const NOTIFICATIONS: OwnCounter<'receiver' | 'result'> = {
  name: 'hmonitor_notifications_total',
  type: 'counter',
  help: 'Messages to people, by how a try ended: delivered, failed and tried again, or given-up.',
  labels: ['receiver', 'result'],
  zeros: [],
  bounded: { label: 'receiver', values: MOST_RECEIVERS },
}

export const OUTBOX_OLDEST: MetricText = {
  name: 'hmonitor_outbox_oldest_timestamp_seconds',
  type: 'gauge',
  help: 'When the oldest alert that no receiver has taken yet came into an outbox. Absent while none waits.',
  labels: [],
}

interface DeliveryOptions {
  /** Its name, no secret. */
  receiver: string
  counters: Counters
  file: JsonFile
  /** Asked for before each message, so that a secret in a file can be changed. Null: nothing is set up. */
  notifier(): Notifier | null
  /** Messages that the receiver takes in an hour. */
  perHour: number
  dashboardUrl(): string | null
  /** IANA name, in which messages write times. */
  timezone(): string
  /** In which they are written. */
  language(): Language
  /** What goes with a message about these, where the receiver takes pictures. Never rejects, and keeps no message waiting for long. */
  pictures(subjects: readonly PictureSubject[]): Promise<readonly MessagePicture[]>
  /** Milliseconds since the epoch. */
  clock: WallClock
  listener: DeliveryListener
}

interface DeliveryListener {
  delivered(message: Message): void
  /** It is tried again. `error` holds no secret. */
  failed(error: string, nextTry: number): void
  givenUp(news: News[], error: string): void
}

/** What the world sees of an outbox. Milliseconds since the epoch. */
interface DeliveryState {
  waiting: number
  oldest: number | null
  error: string | null
  failingSince: number | null
  /** Why the outbox is not on disk, or null. */
  problem: string | null
}

/** At most so many alerts in one message. */
const MOST_IN_ONE = 500

/** Longest wait of one timer: the wall clock may be set meanwhile. */
const LOOK_AGAIN = 30_000

/**
 * Tells alerts to one receiver: gathers them, keeps them on disk until they are taken, tries again. A message that was
 * taken just before the process was killed is told again: delivery is at least once.
 */
export class Delivery {
  readonly #options: DeliveryOptions
  readonly #steps: ClockSteps
  #outbox: Outbox
  #timer: NodeJS.Timeout | undefined
  #sending = false
  readonly #closing = new AbortController()
  #saving = false

  constructor(options: DeliveryOptions) {
    this.#options = options
    this.#steps = new ClockSteps(options.clock)
    this.#outbox = this.#read()
    this.#plan()
  }

  get state(): DeliveryState {
    this.#heedSteps()
    const { waiting, error, failingSince } = this.#outbox
    return {
      waiting: waiting.length,
      oldest: waiting[0]?.at ?? null,
      error,
      failingSince,
      problem: this.#options.file.problem,
    }
  }

  /** What was told already, or waits, is passed over. */
  take(news: News): void {
    this.#heedSteps()
    const at = this.#options.clock.wall()
    const isMerged = isIncident(news) && news.change === 'merged'
    this.#become(isMerged ? withoutMerged(this.#outbox, news, at) : enqueue(this.#outbox, news, at))
    this.#plan()
  }

  /** Tries at once, for when a person repaired what was wrong. */
  tryNow(): void {
    this.#outbox = { ...this.#outbox, notBefore: 0 }
    this.#plan()
  }

  /** What waits stays on disk for the next one. */
  close(): void {
    this.#closing.abort()
    clearTimeout(this.#timer)
    if (this.#saving) this.#save()
  }

  #read(): Outbox {
    const read = this.#options.file.readPart(parseOutbox, 'messages that wait in it', ({ outbox }) => outbox)
    return read?.outbox ?? EMPTY_OUTBOX
  }

  /** What was noted by a clock that has been set since is moved with it. */
  #heedSteps(): void {
    const step = this.#steps.taken(newestIn(this.#outbox))
    if (step !== 0) this.#become(shiftTimes(this.#outbox, step))
  }

  #become(outbox: Outbox): void {
    if (outbox === this.#outbox) return
    this.#outbox = outbox
    if (this.#saving) return
    // Two hundred that come at once are one write; it is made before anything else is taken in.
    this.#saving = true
    const save = guarded(
      'delivery',
      () => this.#save(),
      () => {
        this.#saving = false
      },
    )
    setImmediate(save)
  }

  #save(): void {
    if (!this.#saving) return
    this.#saving = false
    this.#options.file.write(this.#outbox)
  }

  #plan(): void {
    clearTimeout(this.#timer)
    if (this.#sending || this.#closing.signal.aborted) return
    this.#heedSteps()
    const due = dueAt(this.#outbox, this.#options.perHour)
    if (due === null) return
    this.#arm(Math.min(Math.max(0, due - this.#options.clock.wall()), LOOK_AGAIN))
  }

  /** Milliseconds. */
  #arm(wait: number): void {
    clearTimeout(this.#timer)
    const again = () => {
      if (!this.#closing.signal.aborted) this.#arm(LOOK_AGAIN)
    }
    this.#timer = setTimeout(
      guarded('delivery', () => this.#turn(), again),
      wait,
    )
  }

  async #turn(): Promise<void> {
    const { clock, perHour, listener, notifier } = this.#options
    this.#heedSteps()
    this.#dropOverdue()
    const due = dueAt(this.#outbox, perHour)
    if (due === null || due > clock.wall()) return this.#plan()
    const batch = this.#outbox.waiting.slice(0, MOST_IN_ONE)
    this.#sending = true
    try {
      const message = this.#compose(batch)
      const through = notifier()
      if (through === null) throw new DeliveryError('Nothing is set up to send with', { isFinal: true })
      const pictures = through.takesPictures ? await this.#options.pictures(picturedIn(message)) : []
      await through.send(message, this.#closing.signal, pictures)
      this.#become(markDelivered(this.#outbox, batch, clock.wall()))
      this.#save()
      this.#count('delivered')
      listener.delivered(message)
    } catch (error) {
      if (!this.#closing.signal.aborted) this.#failed(batch, error)
    } finally {
      this.#sending = false
      this.#plan()
    }
  }

  #compose(batch: readonly WaitingNews[]): Message {
    const { dashboardUrl, timezone, language } = this.#options
    return composeMessage(batch.map(newsIn), dashboardUrl(), timezone(), language())
  }

  #failed(batch: readonly WaitingNews[], error: unknown): void {
    this.#heedSteps()
    const at = this.#options.clock.wall()
    const { message } = error as Error
    const { isFinal, retryAfter } = error instanceof DeliveryError ? error : { isFinal: false, retryAfter: null }
    if (isFinal) {
      this.#giveUp(batch, message)
      return
    }
    this.#become(markFailed(this.#outbox, message, retryAfter, at))
    this.#count('failed')
    this.#options.listener.failed(message, this.#outbox.notBefore)
  }

  #dropOverdue(): void {
    const old = overdue(this.#outbox, this.#options.clock.wall())
    if (old.length > 0) this.#giveUp(old, this.#outbox.error ?? 'Too many wait')
  }

  #count(result: 'delivered' | 'failed' | 'given-up'): void {
    const { counters, receiver } = this.#options
    counters.count(NOTIFICATIONS, { receiver, result })
  }

  #giveUp(gone: readonly WaitingNews[], error: string): void {
    this.#become({ ...withoutNews(this.#outbox, gone, this.#options.clock.wall()), error })
    this.#count('given-up')
    this.#options.listener.givenUp(gone.map(newsIn), error)
  }
}

/** Milliseconds of failures after which people will not learn of a fault in time. */
const STUCK_AFTER = 120_000

/** Why a receiver's messages do not arrive, or would not survive a restart. @param name of the receiver */
export function outboxProblems(name: string, state: DeliveryState, at: number): AlertProblem[] {
  const { waiting, error, failingSince, problem } = state
  const problems: AlertProblem[] = []
  if (failingSince !== null && at - failingSince >= STUCK_AFTER && waiting > 0) {
    const minutes = Math.round((at - failingSince) / 60_000)
    problems.push({
      code: 'outbox-stuck',
      severity: 'failing',
      message: `The receiver "${name}" has accepted nothing for ${minutes} min (expected: within seconds); ${waiting} alerts wait: ${error}`,
      remedy: [
        'Open the receiver in the editor and press its test button: the answer says what is wrong',
        'What waits is sent as soon as the receiver takes it; nothing is lost for 24 h',
      ],
    })
  }
  if (problem !== null) problems.push(notWritable(problem))
  return problems
}

/** What is kept in memory only is lost when the process ends. */
export function notWritable(problem: string, things: 'Alerts' | 'Incidents' = 'Alerts'): AlertProblem {
  return {
    code: 'not-writable',
    severity: 'failing',
    message: `${things} are kept in memory only, and would be lost at a restart: ${problem}`,
    remedy: ['Make the folder writable for the user of the monitor, or free space on its disk'],
  }
}
