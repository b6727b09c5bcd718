/** A watched target, and what its settings say of others. */
export interface LinkedTarget {
  readonly kind: string
  readonly name: string
  readonly links: {
    readonly dependsOn: readonly string[]
    readonly platform: string | null
    readonly host: string | null
  }
}

/** What everything shares that one monitor watches: its network, its site, itself. */
export const THE_MONITOR = 'monitor'

/** By what a target is known here. No kind contains a blank, so that no two targets have the same key. */
export function targetKey(kind: string, name: string): string {
  return `${kind} ${name}`
}

/** Looks up what a target needs, directly or not. */
interface Needs {
  causesOf(target: LinkedTarget): readonly LinkedTarget[]
}

/**
 * Who needs whom, and who shares what: a server, anything that several need, the monitor. Made once, when what is watched
 * changes: of thousands of targets it is asked about every second.
 */
export class Kinship {
  readonly #causes = new Map<string, readonly string[]>()
  readonly #resources = new Map<string, readonly string[]>()
  /** By resource: the keys of the targets that share it. */
  readonly #sharers = new Map<string, string[]>()

  /** @param needs by `dependsOn`, and from a stream to the platform that shows it */
  constructor(targets: readonly LinkedTarget[], needs: Needs) {
    for (const target of targets) {
      const { host } = target.links
      const key = targetKey(target.kind, target.name)
      const causes = needs.causesOf(target).map(({ kind, name }) => targetKey(kind, name))
      const shared = causes.map((cause) => `needs ${cause}`)
      const resources = [...(host === null ? [] : [`host ${host}`]), ...shared, THE_MONITOR]
      this.#causes.set(key, causes)
      this.#resources.set(key, resources)
      for (const resource of resources) add(this.#sharers, resource, key)
    }
  }

  /** The keys of everything that a target needs, directly or not, and of the platform that shows it. */
  causesOf(key: string): readonly string[] {
    return this.#causes.get(key) ?? []
  }

  /** What a target shares with others, the narrowest first. */
  resourcesOf(key: string): readonly string[] {
    return this.#resources.get(key) ?? []
  }

  /** The keys of those that share something. */
  sharersOf(resource: string): readonly string[] {
    return this.#sharers.get(resource) ?? []
  }
}

function add<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}
