import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { MonitorError } from '../observation/errors.ts'
import { guarded, internalError } from '../observation/internal-errors.ts'
import type { DamagedFile } from '../storage/json-file.ts'
import type { AnswerOf, Batch, Bounds, Fault, Order, Question, Report } from './crossing.ts'

/** Built, it is JavaScript. */
const SCRIPT = new URL(`./worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)

/** Rows that wait for the disk: three hours of ten targets, two minutes of a thousand, about 10 MB. */
const MOST_WAITING = 20_000
/** Seconds after which a disk that answers nothing is told. */
const HANGS_AFTER = 60
/** Milliseconds for which an answer is waited for. */
const ANSWER_WITHIN = 20_000
/** Milliseconds for which the end waits for the disk. */
const CLOSE_WITHIN = 3_000

export interface StoreOptions {
  readonly path: string
  readonly bounds: Bounds
  /** Told of a file that was no history of ours any more; a new one is begun. */
  damaged(file: DamagedFile): void
}

/** Why nothing is written now. */
export interface StoreProblem extends Fault {
  /** Milliseconds since the epoch. */
  readonly since: number
  /** Rows that did not fit into memory meanwhile. */
  readonly lost: number
}

interface Asked {
  resolve(answer: unknown): void
  reject(error: unknown): void
  timer: NodeJS.Timeout
}

/**
 * The history on disk, in a thread of its own, from the first write or question until `close`. What cannot be written waits
 * in memory, as far as it fits, and is tried again with the next batch.
 */
export class HistoryStore {
  readonly #options: StoreOptions
  #worker: Worker | null = null
  #waiting: Batch[] = []
  /** Under way. */
  #writing: { batches: Batch[]; began: number } | null = null
  #fault: (Fault & { since: number }) | null = null
  #lost = 0
  #number = 0
  readonly #asked = new Map<number, Asked>()
  #settled: (() => void)[] = []
  #isClosed = false

  constructor(options: StoreOptions) {
    this.#options = options
  }

  get path(): string {
    return this.#options.path
  }

  /** Null while all is well. */
  get problem(): StoreProblem | null {
    if (this.#fault !== null) return { ...this.#fault, lost: this.#lost }
    const began = this.#writing?.began
    if (began === undefined || Date.now() - began < HANGS_AFTER * 1000) return null
    return { kind: 'unwritable', message: 'the disk does not answer', since: began, lost: this.#lost }
  }

  /** Never throws, and never waits. */
  write(batch: Batch): void {
    if (this.#isClosed) return
    this.#waiting.push(batch)
    this.#forgetOldest()
    this.#writeNext()
  }

  /** @throws MonitorError `no-history` where it cannot be read, or not in time */
  ask<Q extends Question>(question: Q): Promise<AnswerOf[Q['ask']]> {
    if (this.#isClosed) return Promise.reject(new MonitorError('no-history', 'The history is closed'))
    const number = ++this.#number
    this.#makeFolder()
    return new Promise<unknown>((resolve, reject) => {
      const late = () => {
        this.#asked.delete(number)
        reject(
          new MonitorError('no-history', `The history gave no answer for ${ANSWER_WITHIN / 1000} s; is its disk busy?`),
        )
      }
      const timer = setTimeout(guarded('history question', late), ANSWER_WITHIN).unref()
      this.#asked.set(number, { resolve, reject, timer })
      this.#tell({ order: 'answer', number, question })
    }) as Promise<AnswerOf[Q['ask']]>
  }

  /** Resolves when all that was given is on disk, or cannot be written now. @param within milliseconds at the most */
  async settled(within: number): Promise<void> {
    if (this.#writing === null) return
    let timer: NodeJS.Timeout | undefined
    await new Promise<void>((resolve) => {
      timer = setTimeout(guarded('history', resolve), within)
      this.#settled.push(resolve)
    })
    clearTimeout(timer)
  }

  /** Waits for the disk for at most 3 s. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    const worker = this.#worker
    if (worker === null) return
    const ended = new Promise<void>((resolve) =>
      worker.once(
        'exit',
        guarded('end of the history', () => resolve()),
      ),
    )
    this.#tell({ order: 'close' })
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(guarded('end of the history', resolve), CLOSE_WITHIN)
    })
    worker.ref()
    await Promise.race([ended, late])
    clearTimeout(timer)
    await worker.terminate()
  }

  #writeNext(): void {
    if (this.#writing !== null || this.#waiting.length === 0) return
    const batches = this.#waiting
    this.#waiting = []
    this.#makeFolder()
    this.#writing = { batches, began: Date.now() }
    if (!this.#tell({ order: 'write', batches }))
      this.#written({ kind: 'unwritable', message: 'no thread can be begun' })
  }

  /** Here and not in the thread, which may come to it when the monitor has ended and somebody has taken its folder away. */
  #makeFolder(): void {
    try {
      mkdirSync(dirname(this.path), { recursive: true, mode: 0o700 })
    } catch {
      // The thread says why nothing can be written there.
    }
  }

  #written(fault: Fault | null): void {
    const batches = this.#writing?.batches ?? []
    this.#writing = null
    if (fault === null) {
      this.#fault = null
      this.#lost = 0
      this.#writeNext()
    } else {
      this.#fault = { ...fault, since: this.#fault?.since ?? Date.now() }
      // Of what a newer version has written nothing will ever be ours: nothing has to wait.
      this.#waiting = fault.kind === 'newer' ? [] : [...batches, ...this.#waiting]
      this.#forgetOldest()
    }
    if (this.#writing !== null) return
    const settled = this.#settled
    this.#settled = []
    for (const resolve of settled) resolve()
  }

  #forgetOldest(): void {
    let rows = this.#waiting.reduce((sum, batch) => sum + rowsIn(batch), 0)
    while (rows > MOST_WAITING && this.#waiting.length > 1) {
      const oldest = this.#waiting.shift()
      if (oldest === undefined) return
      rows -= rowsIn(oldest)
      this.#lost += rowsIn(oldest)
    }
  }

  /** @returns whether there is a thread that hears it */
  #tell(order: Order): boolean {
    this.#worker ??= this.#begin()
    this.#worker?.postMessage(order)
    return this.#worker !== null
  }

  #begin(): Worker | null {
    const { path, bounds } = this.#options
    try {
      // Node 22 says of every use of its SQLite that it is experimental; what we use of it is tested with each version.
      const execArgv = ['--disable-warning=ExperimentalWarning']
      const worker = new Worker(SCRIPT, { name: 'history', workerData: { path, bounds }, execArgv })
      worker.unref()
      worker.on(
        'message',
        guarded(
          'history report',
          (report: Report) => this.#hear(report),
          () => this.#dropped(),
        ),
      )
      worker.on(
        'error',
        guarded('history thread', (error: unknown) => internalError('history thread', error)),
      )
      worker.once(
        'exit',
        guarded('end of the history thread', () => this.#ended()),
      )
      return worker
    } catch (error) {
      internalError('history thread', error)
      return null
    }
  }

  #hear(report: Report): void {
    if (report.report === 'failed') {
      const { place, text } = report
      internalError(place, text)
    } else if (report.report === 'dropped') this.#dropped()
    else if (report.report === 'written') this.#written(report.fault)
    else if (report.report === 'damaged') this.#options.damaged(report.file)
    else if (report.report === 'answer') this.#take(report.number)?.resolve(report.answer)
    else if (report.report === 'no-answer') {
      this.#take(report.number)?.reject(new MonitorError('no-history', `The history cannot be read: ${report.message}`))
    }
  }

  /** An order failed, or its answer did. What was to be written waits for the next batch; a question runs out of time. */
  #dropped(): void {
    if (this.#writing !== null) this.#written({ kind: 'unwritable', message: 'its thread failed at it' })
  }

  #take(number: number): Asked | undefined {
    const asked = this.#asked.get(number)
    this.#asked.delete(number)
    clearTimeout(asked?.timer)
    return asked
  }

  /** The next batch begins another. What was under way may be on disk already: it is given once more. */
  #ended(): void {
    this.#worker = null
    for (const number of [...this.#asked.keys()]) {
      this.#take(number)?.reject(new MonitorError('no-history', 'The history ended while it was asked'))
    }
    if (this.#writing !== null) this.#written({ kind: 'unwritable', message: 'its thread ended' })
  }
}

function rowsIn({ slices, states, entries }: Batch): number {
  return slices.length + states.length + entries.length
}
