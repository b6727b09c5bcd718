import type { Packet } from '../stream/packet.ts'

const LINE_FEED = 10
const CARRIAGE_RETURN = 13

export interface LineListener {
  /** A line, without its end. The bytes are only valid until this returns. */
  line(bytes: Buffer, start: number, end: number): void
  /** A line was too long, or a further stretch of the longest length of one that does not end. */
  overlong(): void
}

/** Finds the lines in the bytes of a program's output, cut anywhere, without making strings of them. */
export class LineReader {
  readonly #longest: number
  readonly #listener: LineListener
  readonly #carry: Buffer
  #carried = 0
  #skipping = false
  #skipped = 0

  /** @param longest bytes that a line may have: no more are kept */
  constructor(longest: number, listener: LineListener) {
    this.#longest = longest
    this.#listener = listener
    this.#carry = Buffer.alloc(longest)
  }

  /** Takes the next bytes and hands over every line that they complete. */
  push(chunk: Buffer): void {
    let start = 0
    let end = chunk.indexOf(LINE_FEED)
    while (end !== -1) {
      if (this.#skipping) this.#skipping = false
      else if (this.#carried > 0) this.#endCarriedLine(chunk, start, end)
      else this.#line(chunk, start, end)
      start = end + 1
      end = chunk.indexOf(LINE_FEED, start)
    }
    if (start === chunk.length) return
    if (this.#skipping) this.#skip(chunk.length - start)
    else this.#carryOver(chunk, start, chunk.length)
  }

  #skip(bytes: number): void {
    this.#skipped += bytes
    for (; this.#skipped >= this.#longest; this.#skipped -= this.#longest) this.#listener.overlong()
  }

  #endCarriedLine(chunk: Buffer, start: number, end: number): void {
    const fits = this.#carryOver(chunk, start, end)
    const length = this.#carried
    this.#carried = 0
    this.#skipping = false
    if (fits) this.#line(this.#carry, 0, length)
  }

  #carryOver(chunk: Buffer, start: number, end: number): boolean {
    if (this.#carried + end - start > this.#longest) {
      this.#carried = 0
      this.#skipping = true
      this.#listener.overlong()
      return false
    }
    chunk.copy(this.#carry, this.#carried, start, end)
    this.#carried += end - start
    return true
  }

  #line(bytes: Buffer, start: number, lineEnd: number): void {
    const end = lineEnd > start && bytes[lineEnd - 1] === CARRIAGE_RETURN ? lineEnd - 1 : lineEnd
    if (end - start > this.#longest) this.#listener.overlong()
    else this.#listener.line(bytes, start, end)
  }
}

/** Each line that makes no sense adds 10, each good one takes 1 away; broken from 500 on. */
const WEIGHT = 10
const BOUND = 500

/** Tells a program that prints a few odd lines from one that prints something else altogether. */
export class Garbage {
  /** Lines that made no sense, in all. */
  lines = 0
  #level = 0

  /** At least 50 such lines, more than a tenth of what came lately. */
  get isTooMuch(): boolean {
    return this.#level >= BOUND
  }

  good(): void {
    if (this.#level > 0) this.#level--
  }

  bad(): void {
    this.lines++
    this.#level = Math.min(this.#level + WEIGHT, BOUND)
  }
}

/** Bytes. A packet's line has 80 to 120, a header's hardly more; what is longer is neither. */
const LONGEST_LINE = 512
/** Bytes. No packet is larger; a larger figure would spoil the totals. */
export const LARGEST_PACKET = 2 ** 30
/** More digits than a double holds are no time stamp, no size and no number. */
export const MOST_DIGITS = 16

export const COMMA = 44
export const MINUS = 45
export const ZERO = 48
export const NINE = 57

/** Packets of which a program prints a line each. It never throws: a line that makes no sense is counted. */
export abstract class PacketLines {
  protected readonly onPacket: (packet: Packet) => void
  protected readonly garbage = new Garbage()
  readonly #lines = new LineReader(LONGEST_LINE, {
    line: (bytes, start, end) => this.line(bytes, start, end),
    overlong: () => this.garbage.bad(),
  })

  constructor(onPacket: (packet: Packet) => void) {
    this.onPacket = onPacket
  }

  /** Lines that made no sense, and stretches of more than 512 bytes without a line end. */
  get garbageLines(): number {
    return this.garbage.lines
  }

  /** True when what came is not the program's output: at least 50 garbage lines, more than a tenth of what came lately. */
  get isBroken(): boolean {
    return this.garbage.isTooMuch
  }

  /** Takes the next bytes and calls `onPacket` for every line that they complete. */
  push(chunk: Buffer): void {
    this.#lines.push(chunk)
  }

  protected abstract line(bytes: Buffer, start: number, end: number): void
}

export function indexOfComma(bytes: Buffer, start: number, end: number): number {
  let position = start
  while (position < end && bytes[position] !== COMMA) position++
  return position
}
