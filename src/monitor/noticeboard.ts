import type { AlertBook } from '../alerts/book.ts'
import type { Alert, AlertProblem } from '../observation/alert.ts'

/** What one node says of itself whenever it is asked. */
export interface Notice {
  alerts?(): readonly Alert[]
  problems?(): readonly AlertProblem[]
  /** Milliseconds since the epoch; null where nothing waits. */
  oldestWaiting?(): number | null
}

/**
 * What the `alert`, `notify` and `log` nodes of one monitor say of themselves, for `/health`, `/metrics` and the status,
 * and what an `alert` node leaves to the one that takes its place in a deploy. By node id.
 */
export class Noticeboard {
  readonly #notices = new Map<string, Notice>()
  readonly #books = new Map<string, AlertBook>()

  /** @returns the way to take it down */
  show(owner: string, notice: Notice): () => void {
    this.#notices.set(owner, notice)
    return () => {
      if (this.#notices.get(owner) === notice) this.#notices.delete(owner)
    }
  }

  /** What fires now. */
  get alerts(): Alert[] {
    return [...this.#notices.values()].flatMap((notice) => notice.alerts?.() ?? [])
  }

  /** Each once: two nodes may share what is wrong, such as a file. */
  get problems(): AlertProblem[] {
    const all = [...this.#notices.values()].flatMap((notice) => notice.problems?.() ?? [])
    return [...new Map(all.map((problem) => [problem.message, problem])).values()]
  }

  /** When the oldest alert that no receiver has taken yet was put into an outbox; null where none waits. */
  get oldestWaiting(): number | null {
    const times = [...this.#notices.values()].flatMap((notice) => notice.oldestWaiting?.() ?? [])
    return times.length === 0 ? null : Math.min(...times)
  }

  /** For a node that closes and will be made again. */
  leave(owner: string, book: AlertBook): void {
    this.#books.set(owner, book)
  }

  /** What the node before left; null where there was none. */
  take(owner: string): AlertBook | null {
    const book = this.#books.get(owner) ?? null
    this.#books.delete(owner)
    return book
  }
}
