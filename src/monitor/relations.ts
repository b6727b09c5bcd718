import type { LinkedTarget } from '../incidents/kinship.ts'
import { DependencyGraph, type Naming } from '../targets/dependency-graph.ts'

/**
 * Who needs whom and who shares what among the targets of one monitor. It is made when what is watched changes: what fires
 * is asked about it every second, and of thousands of targets hardly any names another.
 */
export class Relations<T extends LinkedTarget> {
  /** By `dependsOn` only. */
  readonly dependencies: DependencyGraph<T>
  /** By `dependsOn`, and from a stream to the platform that shows it. */
  readonly needs: DependencyGraph<T>
  readonly #naming = new Map<string, T[]>()
  readonly #onHost = new Map<string, T[]>()
  readonly #order = new Map<T, number>()

  constructor(entries: readonly T[]) {
    this.dependencies = new DependencyGraph(entries, (entry) => entry.links.dependsOn.map(anything))
    this.needs = new DependencyGraph(entries, needed)
    for (const entry of entries) {
      const { dependsOn, platform, host } = entry.links
      this.#order.set(entry, this.#order.size)
      for (const name of new Set(platform === null ? dependsOn : [...dependsOn, platform]))
        add(this.#naming, name, entry)
      if (host !== null) add(this.#onHost, host, entry)
    }
  }

  /** Those whose settings name such a target under `dependsOn` or `platform`, of whatever kind it is. */
  naming(name: string): readonly T[] {
    return this.#naming.get(name) ?? []
  }

  /** Those whose address has this host. */
  onHost(host: string | null): readonly T[] {
    return (host === null ? undefined : this.#onHost.get(host)) ?? []
  }

  /** Each once, in the order in which they were entered. */
  inOrder(entries: Iterable<T>): T[] {
    const place = (entry: T) => this.#order.get(entry) ?? 0
    return [...new Set(entries)].sort((one, other) => place(one) - place(other))
  }
}

const anything = (name: string): Naming => ({ kind: 'any', name })

function needed({ links: { dependsOn, platform } }: LinkedTarget): Naming[] {
  const all = dependsOn.map(anything)
  return platform === null ? all : [...all, { kind: 'platform', name: platform }]
}

function add<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}
