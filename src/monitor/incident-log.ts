import type { IncidentBook } from '../incidents/book.ts'
import type { Incident } from '../observation/incident.ts'

/** What one `incident` node knows, the newest first. */
interface KnownIncidents {
  readonly list: readonly Incident[]
  readonly open: readonly Incident[]
  /** Those of them in which something fires that this monitor judges itself. */
  readonly judged: readonly Incident[]
}

/**
 * What the `incident` nodes of one monitor know, for `/metrics`, the status and the routes about incidents, and what one of
 * them leaves to the one that takes its place in a deploy. By node id.
 */
export class IncidentLog {
  readonly #nodes = new Map<string, KnownIncidents>()
  readonly #books = new Map<string, IncidentBook>()

  /** @returns the way to take it down */
  show(owner: string, known: KnownIncidents): () => void {
    this.#nodes.set(owner, known)
    return () => {
      if (this.#nodes.get(owner) === known) this.#nodes.delete(owner)
    }
  }

  /** Whether any node groups what fires. */
  get isGrouping(): boolean {
    return this.#nodes.size > 0
  }

  /** The newest first. */
  get all(): Incident[] {
    return [...this.#nodes.values()].flatMap(({ list }) => list).sort(newestFirst)
  }

  get open(): Incident[] {
    return [...this.#nodes.values()].flatMap(({ open }) => open).sort(newestFirst)
  }

  /** Those in which something fires that this monitor judges itself: of the others somebody else tells people already. */
  get judged(): Incident[] {
    return [...this.#nodes.values()].flatMap(({ judged }) => judged).sort(newestFirst)
  }

  /** For a node that closes and will be made again. */
  leave(owner: string, book: IncidentBook): void {
    this.#books.set(owner, book)
  }

  /** What the node before left; null where there was none. */
  take(owner: string): IncidentBook | null {
    const book = this.#books.get(owner) ?? null
    this.#books.delete(owner)
    return book
  }
}

/** By when they began. */
export function newestFirst(one: Incident, other: Incident): number {
  return Date.parse(other.startsAt) - Date.parse(one.startsAt)
}
