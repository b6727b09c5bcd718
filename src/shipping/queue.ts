import type { Spool } from './spool.ts'

/** Lines and bytes that wait in memory at most, where the disk does not take them. */
const MEMORY = { lines: 10_000, bytes: 8_000_000 } as const

/** What waits to be shipped, in its order: on disk, and behind it in memory what the disk has not taken yet. */
export class ShippingQueue {
  readonly #spool: Spool
  readonly #limit: number
  #memory: string[] = []
  #memoryBytes = 0
  #lost = 0

  /** @param limit bytes that wait at most; what does not fit any more is lost, and counted */
  constructor(spool: Spool, limit: number) {
    this.#spool = spool
    this.#limit = limit
  }

  get lines(): number {
    return this.#spool.lines + this.#memory.length
  }

  get bytes(): number {
    return this.#spool.bytes + this.#memoryBytes
  }

  get limit(): number {
    return this.#limit
  }

  /** Lines that would be gone if the process ended now. */
  get inMemory(): number {
    return this.#memory.length
  }

  /** Why the disk does not take or give lines, in words; null where all is well. */
  get problem(): string | null {
    return this.#spool.problem
  }

  /** How many did not fit since this was asked last while there was room; 0 while there is none. */
  takeLost(): number {
    const isFull = this.bytes >= this.#limit - LONGEST || this.#memory.length >= MEMORY.lines
    if (isFull) return 0
    const lost = this.#lost
    this.#lost = 0
    return lost
  }

  /** @returns whether it fitted */
  add(line: string): boolean {
    const bytes = Buffer.byteLength(line) + 1
    const isTooMuch = this.#memory.length >= MEMORY.lines || this.#memoryBytes + bytes > MEMORY.bytes
    if (isTooMuch || this.bytes + bytes > this.#limit) {
      this.#lost += 1
      return false
    }
    this.#memory.push(line)
    this.#memoryBytes += bytes
    return true
  }

  /** Brings to the disk what is in memory, as far as it takes it. */
  settle(): void {
    if (this.#memory.length > 0 && this.#spool.append(this.#memory)) this.#forget(this.#memory.length)
  }

  /** The oldest lines. They still wait. */
  peek(most: { lines: number; bytes: number }): string[] {
    if (this.#spool.lines > 0) return this.#spool.peek(most)
    return this.#memory.slice(0, most.lines)
  }

  /** The oldest so many are settled, wherever they are by now. */
  drop(count: number): void {
    const onDisk = Math.min(count, this.#spool.lines)
    this.#spool.drop(onDisk)
    this.#forget(count - onDisk)
  }

  #forget(count: number): void {
    for (const line of this.#memory.splice(0, count)) this.#memoryBytes -= Buffer.byteLength(line) + 1
  }
}

/** Bytes that must be free before it counts as having room again: a line that says how many are missing has to fit, too. */
const LONGEST = 10_000
