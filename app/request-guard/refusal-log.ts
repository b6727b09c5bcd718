import type { IncomingMessage } from 'node:http'

/** Milliseconds between two lines. */
const EVERY = 60_000
const LONGEST_PATH = 100

/** Says in the log that requests are refused: one short line a minute, however many there are. */
export class RefusalLog {
  readonly #say: (line: string) => void
  readonly #now: () => number
  #saidAt = Number.NEGATIVE_INFINITY
  #more = 0

  /** @param now monotonic milliseconds */
  constructor(say: (line: string) => void, now = () => performance.now()) {
    this.#say = say
    this.#now = now
  }

  refused(request: IncomingMessage, why: string): void {
    const at = this.#now()
    if (at - this.#saidAt < EVERY) {
      this.#more += 1
      return
    }
    const path = JSON.stringify((request.url ?? '').split('?')[0]?.slice(0, LONGEST_PATH))
    const before = this.#more > 0 ? `; before it ${this.#more} others` : ''
    this.#say(`A request was refused: ${request.method} ${path} of ${request.socket.remoteAddress}: ${why}${before}`)
    this.#saidAt = at
    this.#more = 0
  }
}
