import { guarded } from '../observation/internal-errors.ts'
import { isRecord } from '../observation/shape.ts'
import type { JsonFile } from '../storage/json-file.ts'
import type { Message } from './message.ts'
import { DeliveryError, type Notifier } from './notifiers/notifier.ts'
import { FIRST_RETRY, GIVE_UP_AFTER, LONGEST_RETRY } from './outbox.ts'

interface WaitingNotice {
  key: string
  message: Message
  /** Milliseconds since the epoch. */
  at: number
}

/** Each may bring a file of two megabytes; the oldest goes first. */
const MOST_WAITING = 5
const MOST_REMEMBERED = 100

interface NoticeOptions {
  file: JsonFile
  notifier(): Notifier | null
  /** Milliseconds since the epoch. */
  wall(): number
  delivered(message: Message): void
  failed(error: string): void
  givenUp(message: Message, error: string): void
}

/**
 * Tells one receiver what is no alert, such as a report: one by one, apart from alerts, which must not wait for it. Kept on
 * disk until it is taken, and told at least once.
 */
export class Notices {
  readonly #options: NoticeOptions
  readonly #closing = new AbortController()
  #waiting: WaitingNotice[]
  #done: string[]
  #failures = 0
  #timer: NodeJS.Timeout | undefined
  #sending = false

  constructor(options: NoticeOptions) {
    this.#options = options
    const kept = options.file.read(parseKept)
    this.#waiting = kept?.waiting ?? []
    this.#done = kept?.done ?? []
    this.#plan(0)
  }

  /** What was told already, or waits, is passed over. */
  take(key: string, message: Message): void {
    if (this.#done.includes(key) || this.#waiting.some((each) => each.key === key)) return
    this.#waiting.push({ key, message, at: this.#options.wall() })
    while (this.#waiting.length > MOST_WAITING) this.#giveUp('Too many wait')
    this.#save()
    this.#plan(0)
  }

  close(): void {
    this.#closing.abort()
    clearTimeout(this.#timer)
  }

  #plan(wait: number): void {
    if (this.#sending || this.#waiting.length === 0 || this.#closing.signal.aborted) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(
      guarded('notices', () => this.#send()),
      wait,
    ).unref()
  }

  async #send(): Promise<void> {
    const [first] = this.#waiting
    if (first === undefined) return
    this.#sending = true
    let wait = 0
    try {
      const notifier = this.#options.notifier()
      if (notifier === null) throw new DeliveryError('Nothing is set up to send with', { isFinal: true })
      await notifier.send(first.message, this.#closing.signal)
      this.#failures = 0
      this.#forget(first)
      this.#options.delivered(first.message)
    } catch (error) {
      if (!this.#closing.signal.aborted) wait = this.#failed(first, error)
    } finally {
      this.#sending = false
      this.#plan(wait)
    }
  }

  /** @returns milliseconds to wait */
  #failed(notice: WaitingNotice, error: unknown): number {
    const message = error instanceof Error ? error.message : String(error)
    const isFinal = error instanceof DeliveryError && error.isFinal
    if (isFinal || this.#options.wall() - notice.at > GIVE_UP_AFTER) {
      this.#giveUp(message)
      return 0
    }
    const wait = Math.min(FIRST_RETRY * 2 ** Math.min(this.#failures, 20), LONGEST_RETRY)
    this.#failures += 1
    this.#options.failed(message)
    return wait
  }

  /** The oldest. */
  #giveUp(error: string): void {
    const [first] = this.#waiting
    if (first === undefined) return
    this.#forget(first)
    this.#options.givenUp(first.message, error)
  }

  #forget(notice: WaitingNotice): void {
    this.#waiting = this.#waiting.filter((each) => each !== notice)
    this.#done = [...this.#done, notice.key].slice(-MOST_REMEMBERED)
    this.#save()
  }

  #save(): void {
    this.#options.file.write({ version: 1, waiting: this.#waiting, done: this.#done })
  }
}

/** What this class has written; null for everything else. */
function parseKept(value: unknown): { waiting: WaitingNotice[]; done: string[] } | null {
  if (!isRecord(value) || value.version !== 1 || !Array.isArray(value.waiting) || !Array.isArray(value.done))
    return null
  const isNotice = (each: unknown): each is WaitingNotice =>
    isRecord(each) && typeof each.key === 'string' && typeof each.at === 'number' && isMessage(each.message)
  return { waiting: value.waiting.filter(isNotice), done: value.done.filter((key) => typeof key === 'string') }
}

function isMessage(value: unknown): value is Message {
  return isRecord(value) && typeof value.subject === 'string' && Array.isArray(value.sections)
}
