/** What a graph needs to know of a target. Names are unique per kind. */
export interface Node {
  readonly kind: string
  readonly name: string
}

/** What a target names, of one kind or of whatever kind. */
export interface Naming {
  readonly kind: string | 'any'
  readonly name: string
}

/**
 * Who needs whom among some targets, looked up once and then known: it is asked of every alert, each second. It never
 * changes; where the targets do, another one is made.
 */
export class DependencyGraph<T extends Node> {
  readonly #namesOf: (target: T) => readonly Naming[]
  readonly #all: readonly T[]
  readonly #byName = new Map<string, T[]>()
  readonly #causes = new Map<T, readonly T[]>()
  /** Null until it is asked for. */
  #effects: Map<T, T[]> | null = null

  /** @param namesOf what a target names itself */
  constructor(targets: readonly T[], namesOf: (target: T) => readonly Naming[]) {
    this.#all = targets
    this.#namesOf = namesOf
    for (const target of targets) {
      const known = this.#byName.get(target.name)
      if (known === undefined) this.#byName.set(target.name, [target])
      else known.push(target)
    }
  }

  get(kind: string, name: string): T | undefined {
    return this.#byName.get(name)?.find((target) => target.kind === kind)
  }

  /** Everything that a target needs to work, directly or not, nearest first, never itself. Circles end. */
  causesOf(target: T): readonly T[] {
    const known = this.#causes.get(target)
    if (known !== undefined) return known
    const found = new Set<T>()
    let names = this.#namesOf(target)
    while (names.length > 0) {
      const next = new Set(
        names.flatMap((naming) => this.#named(naming)).filter((one) => one !== target && !found.has(one)),
      )
      for (const cause of next) found.add(cause)
      names = [...next].flatMap(this.#namesOf)
    }
    const causes = found.size === 0 ? NONE : [...found]
    this.#causes.set(target, causes)
    return causes
  }

  /** Everything that needs a target to work, directly or not, in the order of the targets. */
  effectsOf(target: T): readonly T[] {
    this.#effects ??= this.#inverted()
    return this.#effects.get(target) ?? NONE
  }

  #named({ kind, name }: Naming): readonly T[] {
    const named = this.#byName.get(name) ?? NONE
    return kind === 'any' ? named : named.filter((target) => target.kind === kind)
  }

  #inverted(): Map<T, T[]> {
    const effects = new Map<T, T[]>()
    for (const target of this.#all) {
      for (const cause of this.causesOf(target)) {
        const known = effects.get(cause)
        if (known === undefined) effects.set(cause, [target])
        else known.push(target)
      }
    }
    return effects
  }
}

const NONE: readonly never[] = []
