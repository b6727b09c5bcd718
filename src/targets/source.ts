import { guarded } from '../observation/internal-errors.ts'
import {
  type Collection,
  collectFromEnvironment,
  collectFromFile,
  type Environment,
  targetVariables,
} from './collect.ts'
import type { KeepCommand, WatchCommand } from './command.ts'
import { FileWatch } from './file-watch.ts'
import { parseJson } from './json.ts'
import { checkEntries, sealEntries } from './load.ts'
import type { TargetsMemory } from './memory.ts'
import { type Fingerprint, readSmallFile } from './read-file.ts'
import { type Rejection, toRejection } from './rejection.ts'
import type { SecretKeeper } from './seal.ts'
import { Variables } from './variables.ts'

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
  /** Who the watches and their secrets belong to: the node's id. */
  owner: string
  /** Path of the file; without it TARGETS_FILE, else RTMP_STREAMS and its like. */
  file?: string
  environment: Environment
  secrets: SecretKeeper
  /** The owner's, from before the deploy. */
  memory: TargetsMemory
  /** Milliseconds between two looks at the files. */
  interval?: number
}

const LARGEST_FILE = 1024 * 1024
const LOOK_EVERY = 500

/** Reads the targets, and again when a file changes. Ended by `stop`. */
export class TargetsSource {
  readonly #options: TargetsSourceOptions
  readonly #file: string
  readonly #variables: Variables
  readonly #watch: FileWatch
  #listener: ((snapshot: TargetsSnapshot) => void) | null = null
  #told = ''
  #loading: Promise<unknown> = Promise.resolve()
  #stopped = false

  constructor(options: TargetsSourceOptions) {
    this.#options = options
    this.#file = options.file?.trim() || options.environment.TARGETS_FILE?.trim() || ''
    this.#variables = new Variables(options.environment, options.memory.values)
    this.#watch = new FileWatch(
      guarded('targets', () => this.#load()),
      options.interval ?? LOOK_EVERY,
    )
  }

  /** Tells the first snapshot, then one whenever it differs from the one before. */
  start(listener: (snapshot: TargetsSnapshot) => void): Promise<TargetsSnapshot> {
    this.#listener = listener
    return this.#load()
  }

  /** Reads everything again and tells it, changed or not. */
  reload(): Promise<TargetsSnapshot> {
    this.#told = ''
    return this.#load()
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
    if (text !== this.#told) {
      this.#told = text
      this.#listener?.(snapshot)
    }
    return snapshot
  }

  /** The entries as written. Where the file cannot be read now: those it held last, if it ever could. */
  async #collect(
    files: Map<string, Fingerprint>,
  ): Promise<{ collection: Collection | null; rejection: Rejection | null }> {
    const { environment, memory } = this.#options
    if (this.#file === '') return { collection: collectFromEnvironment(environment), rejection: null }
    const { fingerprint, content } = await readSmallFile(this.#file, LARGEST_FILE)
    files.set(this.#file, fingerprint)
    try {
      if ('error' in content) throw content.error
      const collection = collectFromFile(parseJson(content.text))
      if (!this.#stopped) memory.lastGood = { file: this.#file, collection }
      return { collection, rejection: null }
    } catch (error) {
      const last = memory.lastGood?.file === this.#file ? memory.lastGood.collection : null
      return { collection: last, rejection: toRejection(this.#file, error) }
    }
  }

  async #take(
    collection: Collection | null,
    rejection: Rejection | null,
    files: Map<string, Fingerprint>,
  ): Promise<TargetsSnapshot> {
    const { owner, secrets } = this.#options
    const { site, entries, rejected: unread } = collection ?? { site: null, entries: [], rejected: [] }
    const { checked, rejected: wrong } = checkEntries(entries)
    const resolution = await this.#variables.resolve(checked.flatMap(({ variables }) => variables))
    for (const [path, fingerprint] of resolution.files) files.set(path, fingerprint)
    const { watches, keeps, secrets: needed, rejected: unsealed } = sealEntries(owner, checked, resolution)
    if (collection && !this.#stopped) this.#keepSecrets(needed)
    const rejected = [rejection ?? [], unread, wrong, unsealed].flat()
    return {
      origin: this.#origin(),
      site,
      watches,
      keeps: collection ? keeps : [],
      rejected: rejected.map((one) => ({ ...one, message: secrets.redact(one.message) })),
    }
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
    const variables = targetVariables(this.#options.environment)
    return variables.length > 0 ? { variables } : null
  }
}
