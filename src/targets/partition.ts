import { MonitorError } from '../observation/errors.ts'
import { DependencyGraph, type Naming, type Node } from './dependency-graph.ts'
import { ownerOf, type Shard } from './shard.ts'

/** What decides where a target is watched. */
export interface SharedTarget extends Node {
  /** What it is called in an error: `streams[2] "main"`. */
  readonly label: string
  /** Whether one shard watches it, or each that has something which needs it. */
  readonly watchedBy: 'one-shard' | 'each-that-needs-it'
  readonly dependsOn: readonly string[]
  /** Of a stream. */
  readonly shardKey?: string | null
  readonly backupOf?: string | null
  readonly platform?: string | null
}

/** Where the targets of a file are watched. */
export interface Partition<T extends SharedTarget> {
  /** What this shard watches, in the order of the file. */
  own: T[]
  /** What no shard can watch, with the reason. */
  refused: { target: T; error: MonitorError }[]
  /** What any shard watches, with their indexes in order. */
  placed: { target: T; shards: number[] }[]
}

/**
 * Parts targets among shards. A stream belongs to the shard of its `shardKey`, else of its name; a backup to that of its
 * main stream. What a stream needs is watched by the same process, or nothing could be said of the cause of a fault: hosts
 * and services by every shard that has need of them, encoders, platforms and bandwidth tests with the streams that name
 * them. It is decided by keys and not by where they happen to fall, so that no resize brings a refusal.
 */
export function partition<T extends SharedTarget>(targets: readonly T[], { index, count }: Shard): Partition<T> {
  const keys = new Keys(targets)
  const owners = new Map<string, number>()
  const ownerNow = (key: string) => {
    const owner = owners.get(key) ?? ownerOf(key, count)
    owners.set(key, owner)
    return owner
  }
  const own: T[] = []
  const refused: Partition<T>['refused'] = []
  const placed: Partition<T>['placed'] = []
  for (const target of targets) {
    const error = keys.faultOf(target)
    if (error !== null) {
      refused.push({ target, error })
      continue
    }
    const shards = [...new Set(keys.of(target).map(ownerNow))].sort((one, other) => one - other)
    placed.push({ target, shards })
    if (shards.includes(index)) own.push(target)
  }
  return { own, refused, placed }
}

class Keys<T extends SharedTarget> {
  readonly #graph: DependencyGraph<T>
  readonly #known = new Map<T, readonly string[]>()

  constructor(targets: readonly T[]) {
    this.#graph = new DependencyGraph(targets, named)
  }

  /** Those of which a target needs to be with at least one; of one that a single shard watches, several are a fault. */
  of(target: T): readonly string[] {
    const known = this.#known.get(target)
    if (known !== undefined) return known
    const keys = isStream(target) ? [this.#keyOf(target)] : this.#keysOfNeeded(target)
    this.#known.set(target, keys)
    return keys
  }

  faultOf(target: T): MonitorError | null {
    if (target.watchedBy === 'each-that-needs-it') return null
    if (!isStream(target)) {
      if (this.of(target).length < 2) return null
      const users = this.#graph.effectsOf(target).filter(isStream)
      return apart(target, `${list(users)} ${users.length === 1 ? 'needs' : 'need'} it`)
    }
    const main = this.#mainOf(target)
    const own = target.shardKey ?? null
    if (main !== target && own !== null && own !== this.#keyOf(target)) {
      return apart(target, `its shardKey "${own}" is not that of "${main.name}", whose backup it is`)
    }
    const others = this.#graph
      .causesOf(target)
      .filter((cause) => isStream(cause) && this.#keyOf(cause) !== this.#keyOf(target))
    return others.length === 0 ? null : apart(target, `it depends on ${list(others)}`)
  }

  /** A backup whose main stream is not in the file goes by the name of that all the same. */
  #keyOf(stream: T): string {
    const { shardKey, backupOf, name } = this.#mainOf(stream)
    if (shardKey) return shardKey
    return backupOf && this.#graph.get('stream', backupOf) === undefined ? backupOf : name
  }

  /** Where backups name each other in a circle, the first of them by name. */
  #mainOf(stream: T): T {
    const path = new Set<T>()
    let main: T | undefined = stream
    while (main !== undefined && !path.has(main)) {
      path.add(main)
      const next: T | undefined = main.backupOf ? this.#graph.get('stream', main.backupOf) : undefined
      if (next === undefined) return main
      main = next
    }
    return [...path].sort((one, other) => (one.name < other.name ? -1 : 1))[0] ?? stream
  }

  #keysOfNeeded(target: T): string[] {
    const users = this.#graph.effectsOf(target)
    if (target.watchedBy === 'each-that-needs-it') {
      const keys = users.filter(isOne).flatMap((user) => this.of(user))
      return keys.length > 0 ? distinct(keys) : this.#keysOfTops(target)
    }
    const streams = users.filter(isStream)
    if (streams.length > 0) return distinct(streams.map((stream) => this.#keyOf(stream)))
    // A platform that needs the encoder of a stream goes where that is.
    const beside = this.#graph.causesOf(target).filter((cause) => isOne(cause) && !isStream(cause))
    const theirs = beside.flatMap((cause) => this.#graph.effectsOf(cause).filter(isStream))
    if (theirs.length > 0) return distinct(theirs.map((stream) => this.#keyOf(stream)))
    return this.#keysOfTops(target)
  }

  /** By what needs it and is needed by nothing itself; by its own name where there is none. */
  #keysOfTops(target: T): string[] {
    const tops = this.#graph.effectsOf(target).filter((user) => this.#graph.effectsOf(user).length === 0)
    return tops.length === 0 ? [target.name] : distinct(tops.map(({ name }) => name))
  }
}

function named({ dependsOn, platform }: SharedTarget): Naming[] {
  const all = dependsOn.map((name): Naming => ({ kind: 'any', name }))
  return platform ? [...all, { kind: 'platform', name: platform }] : all
}

function isStream({ kind }: SharedTarget): boolean {
  return kind === 'stream'
}

function isOne({ watchedBy }: SharedTarget): boolean {
  return watchedBy === 'one-shard'
}

function distinct(keys: readonly string[]): string[] {
  return [...new Set(keys)]
}

/** Streams that an error names. */
const MOST_NAMED = 4

function list(targets: readonly SharedTarget[]): string {
  const names = targets.slice(0, MOST_NAMED).map(({ name }) => `"${name}"`)
  const more = targets.length - names.length
  return `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

function apart({ label }: SharedTarget, why: string): MonitorError {
  const message = `${label}: ${why}, and they may be in different shards; give these streams one "shardKey"`
  return new MonitorError('invalid-shard', message)
}
