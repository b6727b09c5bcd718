import { MonitorError } from '../observation/errors.ts'
import { refusedVariable } from '../secrets/placeholder.ts'
import type { SecretKeeper } from '../secrets/seal.ts'
import { type Environment, type Resolution, Variables } from '../secrets/variables.ts'
import { type Fingerprint, readSmallFile } from '../storage/small-file.ts'
import { type Collection, collectFromEnvironment, collectFromFile, targetVariables } from './collect.ts'
import type { KeepCommand, WatchCommand } from './command.ts'
import { FileWatch } from './file-watch.ts'
import { parseJson } from './json.ts'
import { entriesKept, watchedAsBefore } from './kept-entries.ts'
import { type CheckedEntry, checkEntries, keepsOf, rejectOutdated, type SealedEntry, sealEntries } from './load.ts'
import type { TargetsMemory } from './memory.ts'
import { type Rejection, toRejection } from './rejection.ts'
import type { TargetsPlace } from './set-up.ts'
import { parseShard, type Shard } from './shard.ts'
import { type Share, shareOf } from './share.ts'
import { MOST_TARGETS, type TargetKind, type TargetKinds } from './target-kind.ts'

/** Everything there is to watch now, and what is wrong with the rest. */
export interface TargetsSnapshot {
  /** The file's path, the variables' names, or null: then nobody said what to watch. */
  origin: { file: string } | { variables: string[] } | null
  /** As the file says; null where it does not. */
  site: string | null
  watches: WatchCommand[]
  /** To be sent after the watches. Empty as long as nothing could be read: then nobody knows what is gone. */
  keeps: KeepCommand[]
  rejected: Rejection[]
}

export interface TargetsSourceOptions {
  kinds: TargetKinds
  /** Who the watches and their secrets belong to: the node's id. */
  owner: string
  /** Path of the file; without it TARGETS_FILE, else RTMP_STREAMS and its like. */
  file?: string
  environment: Environment
  /** Variables that addresses may not name, beside the monitor's own secrets. */
  hidden?: readonly string[]
  secrets: SecretKeeper
  /** The owner's, from before the deploy. */
  memory: TargetsMemory
  /** Milliseconds between two looks at the files. */
  interval?: number
}

/** Of a file, bytes and entries of a list. One that several monitors share lists what all of them watch. */
const LIMITS = {
  alone: { bytes: 1024 * 1024, entries: MOST_TARGETS },
  shared: { bytes: 16 * 1024 * 1024, entries: 50_000 },
} as const

const LOOK_EVERY = 500

/**
 * Reads the targets, and again when a file changes. Ended by `stop`.
 *
 * @throws MonitorError `invalid-shard` where SHARD says no part: then nothing is watched, rather than all of it twice
 */
export class TargetsSource {
  readonly #options: TargetsSourceOptions
  #file: string
  readonly #variables: Variables
  /** Null where this monitor watches all that the file says. */
  readonly #shard: Shard | null
  readonly #watch: FileWatch
  #listener: ((snapshot: TargetsSnapshot) => void) | null = null
  /** As text: what the listener has. */
  #newest = ''
  #loading: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(options: TargetsSourceOptions) {
    this.#options = options
    this.#file = options.file?.trim() || options.environment.TARGETS_FILE?.trim() || ''
    this.#shard = parseShard(options.environment)
    const lists = Object.values<TargetKind>(options.kinds).map(({ variable }) => variable)
    this.#variables = new Variables(options.environment, options.memory.values, (name) =>
      refusedVariable(name, lists, options.hidden),
    )
    this.#watch = new FileWatch(() => this.#load(), options.interval ?? LOOK_EVERY)
  }

  /** Tells the first snapshot, then one whenever it differs from the one before. */
  start(listener: (snapshot: TargetsSnapshot) => void): Promise<TargetsSnapshot> {
    this.#listener = listener
    return this.#load()
  }

  /** Reads everything again and tells it, changed or not. */
  reload(): Promise<TargetsSnapshot> {
    this.#newest = ''
    return this.#load()
  }

  /** Where the targets come from now. */
  get place(): TargetsPlace {
    const { kinds, environment } = this.#options
    return { kinds, environment, file: this.#file, isShard: this.#shard !== null }
  }

  /** Reads this file from now on, and tells what is in it. */
  follow(file: string): Promise<TargetsSnapshot> {
    this.#file = file
    return this.reload()
  }

  /**
   * An entry as a watch gets it, with the values of its variables; nothing is watched of it.
   *
   * @throws MonitorError why it would be refused
   */
  async seal(list: TargetKind, value: unknown): Promise<SealedEntry> {
    const { checked, refused } = checkEntries([{ label: list.noun, list, index: 0, value }])
    const resolution = await this.#variables.resolve(variablesOf(checked))
    const { sealed, refused: unsealed } = sealEntries(this.#options.owner, checked, resolution)
    const [entry] = sealed
    if (entry !== undefined) {
      const secrets = entry.entry.variables.map((name) => ({ name, value: resolution.values.get(name) ?? '' }))
      return { ...entry, secrets: [...entry.secrets, ...secrets] }
    }
    const why = [...refused, ...unsealed][0]?.rejection
    throw new MonitorError(why?.code ?? 'invalid-target', why?.message ?? 'it cannot be watched')
  }

  /** Looks at no file any more and tells nothing. The secrets stay: what was sent may still run. */
  stop(): void {
    this.#stopped = true
    this.#listener = null
    this.#watch.stop()
  }

  /** One after another: a later load must not be overtaken by an earlier one. */
  #load(): Promise<TargetsSnapshot> {
    const loading = this.#loading.then(() => this.#loadNow())
    this.#loading = loading.catch(() => undefined)
    return loading
  }

  async #loadNow(): Promise<TargetsSnapshot> {
    const files = new Map<string, Fingerprint>()
    const { collection, rejection } = await this.#collect(files)
    const snapshot = await this.#take(collection, rejection, files)
    if (this.#stopped) return snapshot
    this.#options.memory.rejected = snapshot.rejected
    this.#watch.follow(files)
    const text = JSON.stringify(snapshot)
    if (text !== this.#newest) {
      this.#newest = text
      this.#listener?.(snapshot)
    }
    return snapshot
  }

  /** The entries as written; null where the file cannot be read now. */
  async #collect(
    files: Map<string, Fingerprint>,
  ): Promise<{ collection: Collection | null; rejection: Rejection | null }> {
    const { environment, kinds } = this.#options
    if (this.#file === '') return { collection: collectFromEnvironment(kinds, environment), rejection: null }
    const { bytes, entries } = LIMITS[this.#shard === null ? 'alone' : 'shared']
    const { fingerprint, content } = await readSmallFile(this.#file, bytes)
    files.set(this.#file, fingerprint)
    try {
      if ('error' in content) throw content.error
      return { collection: collectFromFile(kinds, parseJson(content.text), entries), rejection: null }
    } catch (error) {
      return { collection: null, rejection: toRejection(this.#file, error, { targets: 0 }) }
    }
  }

  async #take(
    collection: Collection | null,
    unreadable: Rejection | null,
    files: Map<string, Fingerprint>,
  ): Promise<TargetsSnapshot> {
    const { kinds, owner, secrets, memory } = this.#options
    const before = memory.lastGood?.file === this.#file ? memory.lastGood : null
    const { checked, refused: wrong } = checkEntries(collection?.entries ?? [])
    const resolution = await this.#variables.resolve(variablesOf([...checked, ...(before?.entries ?? [])]))
    for (const [path, fingerprint] of resolution.files) files.set(path, fingerprint)

    const { sealed: taken, refused: unsealed } = sealEntries(owner, checked, resolution)
    const refused = [...wrong, ...unsealed]
    const unread = collection?.unread ?? new Map()
    const file =
      unreadable ?? (before && taken.length === 0 && refused.length + unread.size > 0 ? this.#allWrong() : null)
    const kept = entriesKept(before?.entries ?? [], taken, { file, unread, refused })
    const again = sealEntries(
      owner,
      kept.map(({ entry }) => entry),
      resolution,
    )
    const goesOn = new Set(again.sealed.map(({ entry }) => entry))
    const mended = new Set(kept.flatMap(({ entry, because }) => (goesOn.has(entry) ? because : [])))

    const sealed = [...taken, ...again.sealed]
    const isKnown = collection !== null || before !== null
    const isUsed = variablesOf([...checked, ...sealed.map(({ entry }) => entry)])
    if (isKnown && !this.#stopped) this.#keepSecrets(secretsOf(sealed, isUsed, resolution))
    const site = collection === null ? (before?.site ?? null) : collection.site
    if (this.#file !== '' && !this.#stopped && (before !== null || sealed.length > 0)) {
      memory.lastGood = { file: this.#file, site, entries: sealed.map(({ entry }) => entry) }
    }
    const share = this.#shard === null ? null : shareOf(kinds, sealed, this.#shard)
    if (!this.#stopped) memory.sharedFile = isKnown ? (share?.file ?? null) : null
    const watches = (share?.own ?? sealed).map(({ watch }) => watch)
    const rejected = [
      ...notShared(share),
      ...(file ? [file] : []),
      ...(collection?.rejected ?? []),
      ...refused.map(({ rejection }) => rejection),
    ].map((rejection) => (mended.has(rejection) ? watchedAsBefore(rejection) : rejection))
    return {
      origin: this.#origin(),
      site,
      watches,
      keeps: isKnown ? keepsOf(kinds, owner, watches) : [],
      rejected: [...rejected, ...rejectOutdated(resolution, isUsed)].map((one) => ({
        ...one,
        message: secrets.redact(one.message),
      })),
    }
  }

  #allWrong(): Rejection {
    const error = new MonitorError('invalid-file', 'nothing in it can be used')
    return toRejection(this.#file, error, { targets: 0 })
  }

  /** A name is given up one load after it was needed last: what was sent before may still need it for a moment. */
  #keepSecrets(needed: ReadonlyMap<string, string>): void {
    const { owner, secrets, memory } = this.#options
    for (const [name, value] of needed) secrets.put(owner, name, value)
    const { newest, before } = memory.names
    for (const name of before) {
      if (!needed.has(name) && !newest.has(name)) secrets.remove(owner, name)
    }
    memory.names = { newest: new Set(needed.keys()), before: newest }
  }

  #origin(): TargetsSnapshot['origin'] {
    if (this.#file !== '') return { file: this.#file }
    const { kinds, environment } = this.#options
    const variables = targetVariables(kinds, environment)
    return variables.length > 0 ? { variables } : null
  }
}

/** What no shard watches, and what this one has no room for. */
function notShared(share: Share | null): readonly Rejection[] {
  return share === null ? [] : [...share.refused.map(({ rejection }) => rejection), ...share.tooMany]
}

function variablesOf(entries: readonly CheckedEntry[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ variables }) => variables))
}

function secretsOf(
  sealed: readonly SealedEntry[],
  isUsed: ReadonlySet<string>,
  { values }: Resolution,
): Map<string, string> {
  const own = sealed.flatMap(({ secrets }) => secrets.map(({ name, value }) => [name, value] as const))
  return new Map([...[...values].filter(([name]) => isUsed.has(name)), ...own])
}
