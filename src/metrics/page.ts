import { setImmediate as turn } from 'node:timers/promises'

/** Characters that are encoded at once: a millisecond of work, where a whole page of 1000 streams takes twenty. */
const PIECE = 256 * 1024

/** A page of text: taken together at once, so that all of it is of one moment, and encoded piece by piece. */
export class Page {
  readonly #pieces: string[] = []
  #last = ''

  add(text: string): void {
    this.#last += text
    if (this.#last.length < PIECE) return
    this.#pieces.push(this.#last)
    this.#last = ''
  }

  /** UTF-8. Whatever else waits gets its turn between two pieces. */
  async encode(): Promise<Buffer> {
    const encoded: Buffer[] = []
    for (const piece of this.#pieces) {
      encoded.push(Buffer.from(piece))
      await turn()
    }
    return Buffer.concat([...encoded, Buffer.from(this.#last)])
  }
}
