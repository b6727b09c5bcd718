import { guarded, internalError } from '../observation/internal-errors.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { ProbeEvent } from '../observation/reading.ts'
import type { Order, Report, SaidReading, StreamOrder } from './crossing.ts'
import { type Loss, RunningWorker, type ThreadOptions } from './running-worker.ts'

/** Seconds until a thread that died is begun anew: the first pause, and the longest. */
const FIRST_PAUSE = 1
const LONGEST_PAUSE = 60
/** Seconds that a thread has run after which its death is none of a series. */
const SETTLED = 60
/** Seconds that a thread without streams is kept: a stream that is only changed stops, and begins again at once. */
const IDLE = 5

const NO_KEY_FRAME: KeyFrameAnswer = {
  code: 'no-picture',
  message: 'The stream is not read at this moment, so there is no picture of it. Ask again in a few seconds.',
}

/** A stream that a thread reads, as this side knows it. */
export interface StreamInThread {
  /** How it is to be read from now on. */
  order(stream: number): StreamOrder
  said(reading: SaidReading): void
  happened(event: ProbeEvent): void
  lost(loss: Loss): void
}

/** A thread that reads streams, and is begun anew when it dies, for as long as it has any. */
export class ReadingThread {
  readonly #options: ThreadOptions
  /** Told when it has had no streams for a while, and has ended. */
  readonly #ended: () => void
  readonly #streams = new Map<number, StreamInThread>()
  readonly #stopping = new Map<number, () => void>()
  readonly #questions = new Map<number, (answer: KeyFrameAnswer) => void>()
  #worker: RunningWorker | null = null
  /** Why it is not there, until it begins anew. */
  #loss: Loss | null = null
  /** Of the next stream or question. */
  #next = 0
  #pause = 0
  #again: NodeJS.Timeout | undefined
  #idle: NodeJS.Timeout | undefined

  constructor(options: ThreadOptions, ended: () => void) {
    this.#options = options
    this.#ended = ended
  }

  /** Streams that it reads or is about to. */
  get load(): number {
    return this.#streams.size
  }

  /** @returns the number by which the thread knows it */
  add(stream: StreamInThread): number {
    clearTimeout(this.#idle)
    const number = this.#next++
    this.#streams.set(number, stream)
    this.#worker?.setNeeded(true)
    if (this.#worker !== null) this.tell(stream.order(number))
    else if (this.#loss === null) this.#begin()
    else stream.lost(this.#loss)
    return number
  }

  /** While it is not there nobody is told: it gets `StreamInThread.order` when it begins. */
  tell(order: Order): void {
    this.#worker?.tell(order)
  }

  /** Resolves when nothing of the stream is left, at the latest when the thread is taken for hung. */
  async remove(number: number): Promise<void> {
    if (this.#worker !== null) {
      const stopped = new Promise<void>((resolve) => this.#stopping.set(number, resolve))
      this.tell({ order: 'stop', stream: number })
      await stopped
    }
    this.#streams.delete(number)
    if (this.#streams.size === 0) this.#rest()
  }

  /** What a picture of a stream is made of. Never rejects. */
  keyFrame(stream: number, signal: AbortSignal): Promise<KeyFrameAnswer> {
    if (this.#worker === null || signal.aborted) return Promise.resolve(NO_KEY_FRAME)
    const question = this.#next++
    return new Promise((resolve) => {
      const withdraw = guarded('key frame of a thread', () => {
        this.tell({ order: 'withdraw', stream, question })
        this.#answer(question, NO_KEY_FRAME)
      })
      signal.addEventListener('abort', withdraw, { once: true })
      this.#questions.set(question, (answer) => {
        signal.removeEventListener('abort', withdraw)
        resolve(answer)
      })
      this.tell({ order: 'key-frame', stream, question })
    })
  }

  /** Takes what has arrived and waits for its turn in a loop that was busy. */
  catchUp(): void {
    this.#worker?.catchUp()
  }

  /** What it has started dies at once: the process is at its end. */
  leaveNothing(): void {
    this.#worker?.leaveNothing()
  }

  async end(): Promise<void> {
    clearTimeout(this.#again)
    clearTimeout(this.#idle)
    this.#streams.clear()
    await this.#worker?.end()
  }

  #begin(): void {
    this.#loss = null
    try {
      this.#worker = new RunningWorker(this.#options, {
        heard: (report) => this.#heard(report),
        isBusy: () => this.#streams.size > 0,
        lostOrders: () => {
          this.#answerNothing()
          this.#tellAll()
        },
        ended: (loss, ran) => this.#gone(loss, ran),
      })
      this.#tellAll()
    } catch (error) {
      internalError('reading thread', error)
      this.#lost({ code: 'no-resources', message: `The thread that reads this stream cannot begin: ${error}` })
    }
  }

  #tellAll(): void {
    for (const [number, stream] of this.#streams) {
      this.tell(this.#stopping.has(number) ? { order: 'stop', stream: number } : stream.order(number))
    }
  }

  #heard(report: Report): void {
    if (report.report === 'readings') {
      for (const reading of report.readings) this.#streams.get(reading.stream)?.said(reading)
    } else if (report.report === 'happened') this.#streams.get(report.stream)?.happened(report.event)
    else if (report.report === 'key-frame') this.#answer(report.question, report.answer)
    else if (report.report === 'stopped') {
      if (report.last) this.#streams.get(report.stream)?.said(report.last)
      this.#settle(report.stream)
    }
  }

  #settle(number: number): void {
    this.#stopping.get(number)?.()
    this.#stopping.delete(number)
  }

  #answer(question: number, answer: KeyFrameAnswer): void {
    this.#questions.get(question)?.(answer)
    this.#questions.delete(question)
  }

  #answerNothing(): void {
    for (const question of [...this.#questions.keys()]) this.#answer(question, NO_KEY_FRAME)
  }

  #gone(loss: Loss, ran: number): void {
    this.#worker = null
    this.#answerNothing()
    for (const number of [...this.#stopping.keys()]) this.#settle(number)
    if (this.#streams.size === 0) return
    if (ran >= SETTLED) this.#pause = 0
    this.#lost(loss)
  }

  /** It is not there: its streams are told, and it begins anew after a pause that grows while it dies again and again. */
  #lost({ code, message }: Loss): void {
    this.#pause = Math.min(LONGEST_PAUSE, this.#pause === 0 ? FIRST_PAUSE : this.#pause * 2)
    const loss = { code, message: `${message}; it begins anew in ${this.#pause} s.` }
    this.#loss = loss
    this.#again = setTimeout(
      guarded('pause of a reading thread', () => this.#begin()),
      this.#pause * 1000,
    )
    for (const stream of this.#streams.values()) stream.lost(loss)
  }

  /** It has no streams: it keeps nobody from ending, and ends if that stays so. */
  #rest(): void {
    clearTimeout(this.#again)
    clearTimeout(this.#idle)
    this.#loss = null
    this.#worker?.setNeeded(false)
    this.#idle = setTimeout(
      guarded('idle thread', async () => {
        if (this.#streams.size > 0) return
        this.#ended()
        await this.end()
      }),
      IDLE * 1000,
    ).unref()
  }
}
