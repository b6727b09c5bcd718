import { guarded } from '../observation/internal-errors.ts'
import type { Kind } from '../observation/observation.ts'
import { keyOf } from './directory.ts'

/** A watch that goes on while no node holds it, as over a deploy. */
export interface Parked {
  readonly kind: Kind
  readonly name: string
  /** The id of the node that parked it. */
  readonly owner: string
  /** Stops it and takes it out of the directory. */
  end(): void
}

/** Milliseconds after which a parked watch ends in any case: flows that do not start again must not be watched by nobody. */
const LONGEST_PARKED = 30_000

/** The watches of a monitor that no node holds now: those that wait for a new node, and those that are just ending. */
export class Parking {
  readonly #parked = new Map<string, Parked>()
  readonly #ending = new Map<string, Promise<void>>()
  #timer: NodeJS.Timeout | undefined
  #closed = false

  park(watch: Parked): void {
    if (this.#closed) {
      watch.end()
      return
    }
    this.#parked.set(keyOf(watch.kind, watch.name), watch)
    this.#timer ??= this.#arm()
  }

  has(kind: Kind, name: string): boolean {
    return this.#parked.has(keyOf(kind, name))
  }

  /** Hands a node all that its predecessor of the same id has parked. */
  takeAllOf(kind: Kind, owner: string): Parked[] {
    const own = [...this.#parked.values()].filter((watch) => watch.kind === kind && watch.owner === owner)
    for (const { name } of own) this.#parked.delete(keyOf(kind, name))
    this.#disarm()
    return own
  }

  /** Ends one that another node wants in its place. */
  endOne(kind: Kind, name: string): void {
    const watch = this.#parked.get(keyOf(kind, name))
    this.#parked.delete(keyOf(kind, name))
    this.#disarm()
    watch?.end()
  }

  /** Ends what nobody has taken; resolves when everything that was ending has ended. */
  async endAll(): Promise<void> {
    const parked = [...this.#parked.values()]
    this.#parked.clear()
    this.#disarm()
    for (const watch of parked) watch.end()
    await Promise.all(this.#ending.values())
  }

  /** As `endAll`; what is parked later ends at once. */
  close(): Promise<void> {
    this.#closed = true
    return this.endAll()
  }

  /** Remembers that a target's watch is ending, until it has ended: well or not. */
  track(kind: Kind, name: string, ending: Promise<void>): void {
    const key = keyOf(kind, name)
    const before = this.#ending.get(key)
    const both = Promise.allSettled([before, ending]).then(() => {
      if (this.#ending.get(key) === both) this.#ending.delete(key)
    })
    this.#ending.set(key, both)
  }

  /** Resolves when no watch of this target is ending any more; null when none is. It never rejects. */
  ending(kind: Kind, name: string): Promise<void> | null {
    return this.#ending.get(keyOf(kind, name)) ?? null
  }

  /** What could not be ended is tried again. */
  #arm(): NodeJS.Timeout {
    const again = () => {
      this.#timer = this.#arm()
    }
    return setTimeout(
      guarded('parked watches', () => this.endAll(), again),
      LONGEST_PARKED,
    )
  }

  #disarm(): void {
    if (this.#parked.size > 0) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
