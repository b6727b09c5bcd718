import { guarded } from '../observation/internal-errors.ts'

/** Sent at once: a small list is watched as fast as ever, and a request waits for no more than these. */
const AT_ONCE = 100

/**
 * Sends a long list a few at a time, so that requests and probes have their turn in between: Node-RED hands over
 * whatever is sent at once before it looks at the network again. A list takes the place of the one before.
 */
export class Batches<T> {
  readonly #send: (item: T) => void
  #done = () => {}
  #left: readonly T[] = []
  #next: NodeJS.Immediate | undefined

  constructor(send: (item: T) => void) {
    this.#send = send
  }

  /** Sends the first of them before it returns. @param done told when the last of them was sent */
  send(items: readonly T[], done: () => void = () => {}): void {
    this.stop()
    this.#left = items
    this.#done = done
    this.#sendSome()
  }

  /** What has not been sent yet is not. */
  stop(): void {
    clearImmediate(this.#next)
    this.#left = []
  }

  #sendSome(): void {
    const now = this.#left.slice(0, AT_ONCE)
    this.#left = this.#left.slice(AT_ONCE)
    if (this.#left.length > 0) this.#later()
    else this.#done()
    for (const item of now) this.#send(item)
  }

  /** What throws loses its own batch at the most: the others follow. */
  #later(): void {
    const goOn = () => {
      if (this.#next === next && this.#left.length > 0) this.#later()
    }
    const next = setImmediate(guarded('batch of messages', () => this.#sendSome(), goOn))
    this.#next = next
  }
}
