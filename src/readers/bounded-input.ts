import { Readable } from 'node:stream'
import { guarded } from '../observation/internal-errors.ts'

/**
 * Milliseconds for which bytes are gathered: to write each message by itself, 50 to 80 times a second, costs us and the
 * program a wake-up each time.
 */
const GATHERED = 200
/** Bytes that are handed over at a time. What was handed over is not counted any more, so it must be little. */
const PORTION = 64 * 1024
/** Seconds that bytes may wait: what a program says of older ones is of the past. */
const LONGEST_WAIT = 10
/** Bytes that may wait: what a server keeps from one key frame to the next, and sends at once, is less. */
const MOST_WAITING = 16 * 2 ** 20

/** What a program reads by its standard input of something that cannot wait for it: nobody does, and little is kept. */
export class BoundedInput {
  /** To be given to the program. */
  readonly stream: Readable
  #waiting: { bytes: Buffer; at: number }[] = []
  /** Bytes. */
  #held = 0
  #isAskedFor = false
  #timer: NodeJS.Timeout | null = null

  constructor() {
    const read = guarded('input of a program', () => {
      this.#isAskedFor = true
      if (this.#held >= PORTION) this.#pour()
    })
    this.stream = new Readable({ read })
    this.stream.on('error', () => {})
    // A program that takes no more leaves nothing behind.
    this.stream.once(
      'close',
      guarded('input of a program', () => this.end()),
    )
  }

  /**
   * Takes bytes, which must not change afterwards. False where the program is too far behind: nothing is kept any more.
   *
   * @param at monotonic seconds
   */
  write(bytes: Buffer, at: number): boolean {
    if (this.stream.destroyed) return false
    this.#waiting.push({ bytes, at })
    this.#held += bytes.length
    if (this.#held > MOST_WAITING || at - (this.#waiting[0]?.at ?? at) > LONGEST_WAIT) {
      this.end()
      return false
    }
    this.#timer ??= setTimeout(
      guarded('input of a program', () => {
        this.#timer = null
        this.#pour()
      }),
      GATHERED,
    )
    return true
  }

  /** The program gets no more; what waits is forgotten. */
  end(): void {
    if (this.#timer) clearTimeout(this.#timer)
    this.#timer = null
    this.#waiting = []
    this.#held = 0
    this.stream.destroy()
  }

  #pour(): void {
    while (this.#isAskedFor && this.#waiting.length > 0) {
      let count = 0
      let size = 0
      for (; count < this.#waiting.length && size < PORTION; count++) size += this.#waiting[count]?.bytes.length ?? 0
      const portion = this.#waiting.splice(0, count).map(({ bytes }) => bytes)
      this.#held -= size
      this.#isAskedFor = this.stream.push(Buffer.concat(portion, size))
    }
  }
}
