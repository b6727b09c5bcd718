import { guarded } from './internal-errors.ts'

/** Milliseconds after which other work of the process gets its turn. */
export const SLICE = 10

/**
 * Long work that lets other work of the process come between its steps: timers, connections and messages wait for a slice
 * of it, and not for all of it.
 */
export class InSlices {
  #work: Iterator<void> | null = null
  #next: NodeJS.Immediate | undefined
  readonly #go: () => void

  /** @param place as `guarded` has it: what throws ends this work, and not the next */
  constructor(place: string) {
    this.#go = guarded(
      place,
      () => this.#slice(),
      () => this.end(),
    )
  }

  /** Begins it, unless what was begun before goes on still. Its first slice is done when this returns. */
  begin(work: Iterator<void>): void {
    if (this.#work !== null) return
    this.#work = work
    this.#go()
  }

  /** What is left of it is not done. */
  end(): void {
    clearImmediate(this.#next)
    this.#work = null
  }

  #slice(): void {
    const until = performance.now() + SLICE
    while (this.#work !== null && performance.now() < until) if (this.#work.next().done === true) this.#work = null
    if (this.#work !== null) this.#next = setImmediate(this.#go)
  }
}
