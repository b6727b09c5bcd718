/** What waits at most to be written: lines, and bytes of them. */
export interface BacklogBounds {
  lines: number
  bytes: number
}

export const DEFAULT_BOUNDS: BacklogBounds = { lines: 10_000, bytes: 8_000_000 }

/** Lines that wait to be written, in their order, within bounds. Where some did not fit, a line stands that says so. */
export class Backlog {
  readonly #bounds: BacklogBounds
  readonly #sayLost: (count: number) => string
  #lines: Buffer[] = []
  #bytes = 0
  #lost = 0

  /** @param sayLost the line for so many that did not fit */
  constructor(bounds: BacklogBounds, sayLost: (count: number) => string) {
    this.#bounds = bounds
    this.#sayLost = sayLost
  }

  get length(): number {
    return this.#lines.length
  }

  /** How many did not fit and are not told of yet. */
  get lost(): number {
    return this.#lost
  }

  get isEmpty(): boolean {
    return this.#lines.length === 0 && this.#lost === 0
  }

  add(line: string): void {
    const bytes = Buffer.from(line)
    if (this.#lines.length >= this.#bounds.lines || this.#bytes + bytes.length > this.#bounds.bytes) {
      this.#lost += 1
      return
    }
    this.#tellLost()
    this.#push(bytes)
  }

  /** The oldest lines as one piece of at most so many bytes; one line, where that alone is longer. They still wait. */
  peek(most: number): { piece: Buffer; count: number } {
    if (this.#lines.length === 0) this.#tellLost()
    let bytes = 0
    let count = 0
    for (const line of this.#lines) {
      if (count > 0 && bytes + line.length > most) break
      bytes += line.length
      count += 1
    }
    return { piece: Buffer.concat(this.#lines.slice(0, count), bytes), count }
  }

  /** These are written. */
  drop(count: number): void {
    for (const line of this.#lines.splice(0, count)) this.#bytes -= line.length
  }

  #tellLost(): void {
    if (this.#lost === 0) return
    const line = this.#sayLost(this.#lost)
    this.#lost = 0
    this.#push(Buffer.from(line))
  }

  #push(line: Buffer): void {
    this.#lines.push(line)
    this.#bytes += line.length
  }
}
