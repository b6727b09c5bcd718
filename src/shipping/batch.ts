import type { Verdict } from './destination.ts'
import { type ShippedLine, shippedLine } from './shipped-line.ts'

/** Lines and bytes of one request. */
export interface Limits {
  lines: number
  bytes: number
}

/** The oldest lines of the queue while they are on their way: the queue lets go of them when all are settled. */
export class Batch {
  /** Lines of the queue that it stands for. */
  readonly count: number
  /** Those that are none: their file was damaged. */
  readonly unreadable: readonly string[]
  #left: readonly ShippedLine[]
  readonly #deferred = new Set<ShippedLine>()
  #isProven = false

  constructor(texts: readonly string[]) {
    this.count = texts.length
    const lines = texts.map((text) => ({ text, line: shippedLine(text) }))
    this.#left = lines.flatMap(({ line }) => (line === null ? [] : [line]))
    this.unreadable = lines.flatMap(({ text, line }) => (line === null ? [text] : []))
  }

  get isSettled(): boolean {
    return this.#left.length === 0
  }

  /** The next lines within the limits, and one at least. */
  next({ lines, bytes }: Limits): readonly ShippedLine[] {
    let size = 0
    const most = this.#left.slice(0, Math.max(1, lines))
    const tooMuch = most.findIndex(({ text }, index) => {
      size += Buffer.byteLength(text)
      return index > 0 && size > bytes
    })
    return tooMuch === -1 ? most : most.slice(0, tooMuch)
  }

  /** Whether one of its lines was taken: then it is neither the address nor the moment that is wrong. */
  get isProven(): boolean {
    return this.#isProven
  }

  /** Sends a line after the others, to see whether they are taken. @returns whether there are others to be tried */
  defer(line: ShippedLine): boolean {
    this.#deferred.add(line)
    this.#left = [...this.#left.filter((other) => other !== line), line]
    return this.#left.some((other) => !this.#deferred.has(other))
  }

  /** What became of lines that `next` gave: what is to be sent again stays, in its order. */
  settle(lines: readonly ShippedLine[], verdicts: readonly Verdict[]): void {
    const settled = new Set(lines.filter((_, index) => verdicts[index]?.is !== 'again'))
    this.#left = this.#left.filter((line) => !settled.has(line))
    this.#isProven ||= verdicts.some(({ is }) => is !== 'again' && is !== 'rejected')
  }
}
