import { type Kinship, THE_MONITOR } from './kinship.ts'

/** Targets that share something and are affected, from which on they are taken to have one cause. */
const FEWEST = 3

/** The part of those that share it that must be affected. */
const SHARE = 0.5

/**
 * Milliseconds within which what has one cause by sharing something begins. Zixi's ZEN Master takes at least three objects
 * and half of those that share a resource, in error within 10 min, for one incident. What has been wrong for hours must not
 * be drawn into the next fault.
 */
const WITHIN = 600_000

/** A target that something fires of. */
export interface Affected {
  /** As `targetKey` gives it. */
  readonly key: string
  /** When the newest of what fires began, milliseconds since the epoch. */
  readonly since: number
}

/**
 * What belongs together of what is affected now: what needs one another, directly or not; and what shares a server, something
 * that it needs, or the monitor, where that is at least three targets and at least half of those that share it. Each target
 * is in one group, in the order of the targets, whichever order they came in. Pure.
 *
 * @param isDown of a target that nothing fires of yet: of a server that dies with fifty streams the first alert comes alone
 */
export function groupsOf(
  affected: readonly Affected[],
  kinship: Kinship,
  isDown: (key: string) => boolean,
): string[][] {
  const since = new Map<string, number>()
  for (const { key, since: began } of affected) since.set(key, Math.max(began, since.get(key) ?? began))
  const keys = [...since.keys()].sort()
  const sets = new DisjointSets(keys)
  for (const key of keys) {
    for (const cause of kinship.causesOf(key)) if (since.has(cause)) sets.join(key, cause)
  }
  const shared = new Set(keys.flatMap((key) => kinship.resourcesOf(key)))
  shared.delete(THE_MONITOR)
  for (const resource of [...shared].sort()) {
    const alike = alikeOf(kinship.sharersOf(resource), since, isDown)
    if (alike !== null) sets.joinAll(alike)
  }
  const all = alikeOf(kinship.sharersOf(THE_MONITOR), since, isDown)
  if (all !== null && isMoreThanOneGroup(sets, kinship, isDown)) sets.joinAll(all)
  return sets.groups()
}

/** Those of the sharers that began together, where they are enough; null where they are not. */
function alikeOf(
  sharers: readonly string[],
  since: ReadonlyMap<string, number>,
  isDown: (key: string) => boolean,
): string[] | null {
  const firing = sharers.filter((key) => since.has(key))
  if (firing.length === 0 || sharers.length < FEWEST) return null
  const newest = Math.max(...firing.map((key) => since.get(key) ?? 0))
  const recent = firing.filter((key) => newest - (since.get(key) ?? 0) <= WITHIN)
  const affected = recent.length + sharers.filter((key) => !since.has(key) && isDown(key)).length
  return affected >= FEWEST && affected >= sharers.length * SHARE ? recent : null
}

/**
 * Whether it needs the monitor to explain what is affected: of what the largest group does not hold, half is affected, too.
 * Fifty streams of one server are most of what many a monitor watches.
 */
function isMoreThanOneGroup(sets: DisjointSets, kinship: Kinship, isDown: (key: string) => boolean): boolean {
  const [largest = []] = sets.groups().sort((one, other) => other.length - one.length)
  if (largest.length < FEWEST) return true
  const within = new Set(largest)
  const explained = new Set(largest.flatMap((key) => kinship.resourcesOf(key)).filter((one) => one !== THE_MONITOR))
  const isExplained = (key: string) =>
    within.has(key) || (isDown(key) && kinship.resourcesOf(key).some((one) => explained.has(one)))
  const rest = kinship.sharersOf(THE_MONITOR).filter((key) => !isExplained(key))
  const hit = rest.filter((key) => sets.has(key) || isDown(key))
  return hit.length > 0 && hit.length >= rest.length * SHARE
}

/** Union-find by Tarjan, with paths halved. */
class DisjointSets {
  readonly #parents: Map<string, string>

  constructor(keys: readonly string[]) {
    this.#parents = new Map(keys.map((key) => [key, key]))
  }

  has(key: string): boolean {
    return this.#parents.has(key)
  }

  join(one: string, other: string): void {
    const [first, second] = [this.#rootOf(one), this.#rootOf(other)].sort()
    if (first !== undefined && second !== undefined && first !== second) this.#parents.set(second, first)
  }

  joinAll(keys: readonly string[]): void {
    for (const key of keys) this.join(keys[0] ?? key, key)
  }

  /** Each sorted, and all of them by their first. */
  groups(): string[][] {
    const groups = new Map<string, string[]>()
    for (const key of this.#parents.keys()) {
      const root = this.#rootOf(key)
      const group = groups.get(root)
      if (group === undefined) groups.set(root, [key])
      else group.push(key)
    }
    return [...groups.values()]
  }

  #rootOf(key: string): string {
    let [at, parent] = [key, this.#parents.get(key) ?? key]
    while (parent !== at) {
      const above = this.#parents.get(parent) ?? parent
      this.#parents.set(at, above)
      at = parent
      parent = above
    }
    return at
  }
}
