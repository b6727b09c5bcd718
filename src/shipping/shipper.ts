import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Counters } from '../observation/own-metric.ts'
import { Batch, type Limits } from './batch.ts'
import { type Destination, ShippingError, type Verdict, type Way } from './destination.ts'
import { type LineResult, SHIPPED_LINES, SHIPPING_FAILURES, type ShippingState } from './metrics.ts'
import type { ShippingQueue } from './queue.ts'
import type { ShippedLine } from './shipped-line.ts'

/** Milliseconds. */
export interface Pace {
  /** How long the first line waits for others. */
  gather: number
  /** Between tries: doubled each time, within these; a half of it is left to chance, so that many do not come at once. */
  firstRetry: number
  longestRetry: number
}

const DEFAULT_PACE: Pace = { gather: 1_000, firstRetry: 1_000, longestRetry: 60_000 }

/** Of one request, until the other side says that it is too much. */
const MOST: Limits = { lines: 500, bytes: 1_000_000 }

interface ShipperOptions {
  way: Way
  queue: ShippingQueue
  /** Asked for before each request, so that a secret in a file can be changed. May throw: then nothing is sent. */
  destination(): Promise<Destination>
  /** Keeps a line that will never be taken. */
  setAside(line: string, why: string): void
  counters: Counters
  /** Something of the state is another one. */
  changed(): void
  pace?: Pace
  /** From 0 to 1. */
  random?: () => number
}

/**
 * Ships lines in their order: gathers them, sends them in batches, tries again what was not taken, keeps aside what never
 * will be. A line is there once in effect, because whoever gets it knows its id: a batch whose answer did not arrive is
 * sent again.
 */
export class Shipper {
  readonly #options: ShipperOptions
  readonly #pace: Pace
  readonly #closing = new AbortController()
  #timer: NodeJS.Timeout | undefined
  #isSending = false
  #isSettling = false
  #batch: Batch | null = null
  #limits: Limits = { ...MOST }
  #failures = 0
  #error: string | null = null
  #failingSince: number | null = null
  #lastSuccess: number | null = null
  #certificateEnds: number | null = null
  #isLosing = false
  #lost = 0
  #rejected: ShippingState['rejected'] = null

  constructor(options: ShipperOptions) {
    this.#options = options
    this.#pace = options.pace ?? DEFAULT_PACE
    if (options.queue.lines > 0) this.#plan(0)
  }

  get state(): ShippingState {
    const { way, queue } = this.#options
    const { lines, bytes, limit, problem, inMemory } = queue
    return {
      ...{ way, waiting: lines, bytes, limit, problem, inMemory, lastSuccess: this.#lastSuccess },
      ...{ error: this.#error, failingSince: this.#failingSince, rejected: this.#rejected },
      certificateEnds: this.#certificateEnds,
      ...{ isLosing: this.#isLosing, lost: this.#lost },
    }
  }

  /** @param line of the log, without its end */
  add(line: string): void {
    if (this.#closing.signal.aborted) return
    const isKept = this.#options.queue.add(line)
    if (!isKept) this.#countLost(1)
    if (this.#isLosing !== !isKept) {
      this.#isLosing = !isKept
      this.#options.changed()
    }
    this.#settleSoon()
    if (this.#timer === undefined && !this.#isSending) this.#plan(this.#pace.gather)
  }

  /** Lines that did not fit since this was asked last, once there is room again. */
  takeLost(): number {
    return this.#options.queue.takeLost()
  }

  /** Lines that are gone, because their file was. */
  gone(lines: number): void {
    this.#countLost(lines)
  }

  /** What waits stays on disk for the next one. @returns how many lines do not, because the disk does not take them */
  close(): number {
    this.#closing.abort()
    clearTimeout(this.#timer)
    this.#options.queue.settle()
    return this.#options.queue.inMemory
  }

  /** What comes within one turn is one write. */
  #settleSoon(): void {
    if (this.#isSettling) return
    this.#isSettling = true
    const settle = guarded('log shipping', () => {
      this.#isSettling = false
      if (!this.#closing.signal.aborted) this.#options.queue.settle()
    })
    setImmediate(settle)
  }

  /** @param wait milliseconds */
  #plan(wait: number): void {
    clearTimeout(this.#timer)
    if (this.#closing.signal.aborted) return
    const again = () => this.#plan(this.#pace.longestRetry)
    this.#timer = setTimeout(
      guarded('log shipping', () => this.#turn(), again),
      wait,
    )
  }

  async #turn(): Promise<void> {
    this.#timer = undefined
    if (this.#isSending) return
    this.#isSending = true
    try {
      this.#options.queue.settle()
      while (!this.#closing.signal.aborted && (await this.#sendNext()));
    } finally {
      this.#isSending = false
    }
    // What came meanwhile has not planned anything.
    if (this.#timer === undefined && this.#options.queue.lines > 0) this.#plan(this.#pace.gather)
  }

  /** @returns whether the next lines may be sent at once */
  async #sendNext(): Promise<boolean> {
    const batch = this.#batch ?? this.#begin()
    if (batch === null) return false
    if (batch.isSettled) return this.#finish(batch)
    const lines = batch.next(this.#limits)
    let verdicts: readonly Verdict[]
    try {
      verdicts = await this.#sent(lines)
    } catch (error) {
      if (this.#closing.signal.aborted) return false
      if (error instanceof ShippingError) return this.#failed(batch, lines, error)
      if (!(error instanceof MonitorError)) throw error
      this.#later(error.message, null)
      return false
    }
    return this.#judge(batch, lines, verdicts)
  }

  async #sent(lines: readonly ShippedLine[]): Promise<Verdict[]> {
    const destination = await this.#options.destination()
    try {
      return await destination.send(lines, this.#closing.signal)
    } finally {
      // A server that refuses shows it, too.
      this.#certificateEnds = destination.certificateEnds()
    }
  }

  #begin(): Batch | null {
    const texts = this.#options.queue.peek(MOST)
    if (texts.length === 0) return null
    this.#batch = new Batch(texts)
    return this.#batch
  }

  #finish(batch: Batch): boolean {
    this.#batch = null
    this.#limits.lines = MOST.lines
    for (const text of batch.unreadable) this.#reject(text, 'it is no line of the log: its file was damaged')
    this.#options.queue.drop(batch.count)
    return true
  }

  #judge(batch: Batch, lines: readonly ShippedLine[], verdicts: readonly Verdict[]): boolean {
    this.#limits.lines = Math.min(MOST.lines, 2 * this.#limits.lines)
    const again = verdicts.find((verdict) => verdict.is === 'again')
    for (const [index, verdict] of verdicts.entries()) {
      if (verdict.is === 'rejected') this.#reject(lines[index]?.text ?? '', verdict.why)
      else if (verdict.is !== 'again') this.#count(verdict.is)
    }
    batch.settle(lines, verdicts)
    if (verdicts.some(({ is }) => is !== 'again')) this.#succeeded()
    if (again?.is !== 'again') return true
    this.#later(again.why, null)
    return false
  }

  #failed(batch: Batch, lines: readonly ShippedLine[], { fault, retryAfter, message }: ShippingError): boolean {
    if (fault === 'later') {
      this.#later(message, retryAfter)
      return false
    }
    const [line] = lines
    if (lines.length > 1 || line === undefined) {
      // Too much together: that stays so. Or one of them is not understood: which one is found by halves.
      if (fault === 'too-large') this.#limits.bytes = Math.max(1, Math.floor(sizeOf(lines) / 2))
      this.#limits.lines = Math.floor(lines.length / 2)
      return true
    }
    return this.#refused(batch, line, message)
  }

  /** One line is refused as a whole request: by itself, or because the address is wrong and nothing would be taken. */
  #refused(batch: Batch, line: ShippedLine, why: string): boolean {
    if (batch.isProven) {
      this.#reject(line.text, why)
      batch.settle([line], [{ is: 'rejected', status: 0, why }])
      return true
    }
    if (batch.defer(line)) return true
    // With what comes meanwhile it is tried again.
    this.#batch = null
    this.#later(why, null)
    return false
  }

  #succeeded(): void {
    this.#failures = 0
    this.#lastSuccess = Date.now()
    const was = this.#error
    this.#error = null
    this.#failingSince = null
    if (was !== null) this.#options.changed()
  }

  #later(why: string, retryAfter: number | null): void {
    const { firstRetry, longestRetry } = this.#pace
    const { random = Math.random, counters, way, changed } = this.#options
    const longest = Math.min(firstRetry * 2 ** Math.min(this.#failures, 20), longestRetry)
    this.#failures += 1
    this.#error = why
    this.#failingSince ??= Date.now()
    counters.count(SHIPPING_FAILURES, { way })
    this.#plan(Math.max(longest * (0.5 + random() / 2), Math.min(retryAfter ?? 0, 10 * longestRetry)))
    changed()
  }

  #reject(text: string, why: string): void {
    this.#options.setAside(text, why)
    this.#count('rejected')
    this.#rejected = { lines: (this.#rejected?.lines ?? 0) + 1, why, at: Date.now() }
    this.#options.changed()
  }

  #countLost(lines: number): void {
    this.#lost += lines
    this.#count('lost', lines)
  }

  #count(result: LineResult, by = 1): void {
    const { counters, way } = this.#options
    counters.count(SHIPPED_LINES, { way, result }, by)
  }
}

function sizeOf(lines: readonly ShippedLine[]): number {
  return lines.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0)
}
