import { type Clock, type Instant, now, systemClock } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Kind } from '../observation/observation.ts'
import type { Target } from '../targets/target.ts'
import { Relations } from './relations.ts'

/** One watched target. */
export interface DirectoryEntry {
  readonly kind: Kind
  readonly name: string
  /** The id of the node that watches it. */
  readonly owner: string
  /** Seconds between two observations. */
  readonly interval: number
  /** When it began to be watched. */
  readonly since: Instant
  readonly links: Links
}

/** What a target's settings say of other targets, by name. */
export interface Links {
  /** Those without which it cannot work, of whatever kind. */
  readonly dependsOn: readonly string[]
  /** Of a stream: the platform target that shows it. */
  readonly platform: string | null
  /** Of a stream: the stream whose backup it is. */
  readonly backupOf: string | null
  /** The host of its address, in small letters; null where it has none, or a variable stands for it. */
  readonly host: string | null
  /** Where the user says that it stands. */
  readonly at: 'auto' | 'venue' | 'way' | 'server'
  /** Whether it is always expected, so that it has no broadcasts. */
  readonly isEndless: boolean
  /** Of a stream that has events: how long one is planned to be (seconds; null: nobody said), and the share of it on the air. */
  readonly plan: { readonly objective: number; readonly planned: number | null } | null
  /** Whether it answers as long as the monitor's own network works. */
  readonly control: boolean
}

export const NO_LINKS: Links = {
  ...{ dependsOn: [], platform: null, backupOf: null },
  ...{ host: null, at: 'auto', isEndless: false, plan: null, control: false },
}

/**
 * What one monitor watches: the only truth about whether a target still is there. Whoever keeps something by target
 * listens to `onLeft` and lets go of it then.
 */
export class Directory {
  readonly #clock: Clock
  readonly #entries = new Map<string, DirectoryEntry>()
  readonly #listeners = new Set<(entry: DirectoryEntry) => void>()
  /** Null until it is asked for, and after each change. */
  #relations: Relations<DirectoryEntry> | null = null

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  /**
   * Enters a target. Again by the same owner it only takes over the interval and the links.
   *
   * @param interval seconds
   * @throws MonitorError `duplicate-target` when another owner watches it
   */
  enter(kind: Kind, name: string, owner: string, interval: number, links: Partial<Links> = {}): void {
    const known = this.get(kind, name)
    if (known && known.owner !== owner) {
      throw new MonitorError(
        'duplicate-target',
        `${kind} "${name}" is watched by another node already; remove it there or give this one another name`,
      )
    }
    const since = known?.since ?? now(this.#clock)
    this.#entries.set(keyOf(kind, name), { kind, name, owner, interval, since, links: { ...NO_LINKS, ...links } })
    this.#relations = null
  }

  /** Takes a target out and tells everybody at once. An owner cannot take out what another watches. */
  leave(kind: Kind, name: string, owner: string): void {
    const known = this.get(kind, name)
    if (known?.owner !== owner) return
    this.#entries.delete(keyOf(kind, name))
    this.#relations = null
    for (const listener of [...this.#listeners]) guarded('listener of the directory', listener)(known)
  }

  has(kind: Kind, name: string): boolean {
    return this.#entries.has(keyOf(kind, name))
  }

  get(kind: Kind, name: string): DirectoryEntry | undefined {
    return this.#entries.get(keyOf(kind, name))
  }

  /** In the order in which they were entered. */
  list(kind?: Kind): DirectoryEntry[] {
    const all = [...this.#entries.values()]
    return kind === undefined ? all : all.filter((entry) => entry.kind === kind)
  }

  /** Who needs whom and who shares what, of all that is watched now: the same until that changes. */
  get relations(): Relations<DirectoryEntry> {
    this.#relations ??= new Relations(this.list())
    return this.#relations
  }

  /** @returns the way to stop listening */
  onLeft(listener: (entry: DirectoryEntry) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** No kind contains a slash, so that no two targets have the same key. */
export function keyOf(kind: Kind, name: string): string {
  return `${kind}/${name}`
}

/** What the settings of a target say of others, and of where it is. */
export function linksOf(target: Target): Links {
  return {
    dependsOn: [...target.dependsOn],
    platform: 'platform' in target ? target.platform : null,
    backupOf: 'backupOf' in target ? target.backupOf : null,
    host: hostOf('url' in target ? target.url : 'address' in target ? target.address : ''),
    at: 'at' in target ? target.at : 'auto',
    isEndless: target.expected === 'always',
    plan: planOf(target),
    control: 'control' in target && target.control,
  }
}

/** What is promised of its events: of one whose length nobody has said, and of what never ends, nothing. */
function planOf(target: Target): Links['plan'] {
  if (!('eventMinutes' in target) || target.expected === 'always') return null
  const { objective, eventMinutes } = target
  if (eventMinutes === null && target.expected === 'manual') return null
  return { objective: objective / 100, planned: eventMinutes === null ? null : eventMinutes * 60 }
}

/** The host of a URL, or an address that is one. */
function hostOf(address: string): string | null {
  const server = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]*)/i.exec(address)?.[1] ?? address
  const host = /^\[([^\]]+)\]/.exec(server)?.[1] ?? server.replace(/:\d*$/, '')
  return host === '' || host.includes('$') ? null : host.toLowerCase()
}
