import { MonitorError } from '../observation/errors.ts'
import type { RawEntry } from './collect.ts'
import type { KeepCommand, WatchCommand } from './command.ts'
import { TARGET_LISTS, type TargetList } from './lists.ts'
import { checkStreamUrl, parseTarget } from './parse-target.ts'
import { fillPlaceholders, placeholdersIn } from './placeholder.ts'
import { type Rejection, toRejection } from './rejection.ts'
import { sealUrl } from './seal.ts'
import type { Target } from './target.ts'
import type { Resolution } from './variables.ts'

/** An entry that its definition has accepted. */
export interface CheckedEntry {
  label: string
  list: TargetList
  target: Target
  /** The names of all `${NAME}` in it. */
  variables: string[]
}

/** What there is to watch, as messages, and what is kept out of them. */
export interface Loaded {
  watches: WatchCommand[]
  /** One for every kind: what is not in it any more is unwatched. */
  keeps: KeepCommand[]
  secrets: Map<string, string>
  rejected: Rejection[]
}

/** Checks every entry by itself. Of two with the same name and kind the first is taken. */
export function checkEntries(entries: readonly RawEntry[]): { checked: CheckedEntry[]; rejected: Rejection[] } {
  const checked: CheckedEntry[] = []
  const rejected: Rejection[] = []
  const firsts = new Map<string, string>()
  for (const entry of entries) {
    try {
      const target = parseTarget(entry.list.kind, entry.value, entry.label)
      const identity = `${entry.list.kind}/${target.name}`
      const first = firsts.get(identity)
      if (first !== undefined) throw duplicate(entry, first)
      firsts.set(identity, entry.label)
      const { label, list } = entry
      checked.push({ label, list, target, variables: placeholdersIn(fieldOf(list, target)) })
    } catch (error) {
      rejected.push(toRejection(entry.label, error))
    }
  }
  return { checked, rejected }
}

/** Fills in the variables, checks the whole address, and takes the secrets out of what will be sent. */
export function sealEntries(owner: string, checked: readonly CheckedEntry[], resolution: Resolution): Loaded {
  const loaded: Loaded = { watches: [], keeps: [], secrets: new Map(resolution.values), rejected: [] }
  for (const entry of checked) {
    try {
      loaded.watches.push({ action: 'watch', kind: entry.list.kind, owner, target: sealed(entry, resolution, loaded) })
    } catch (error) {
      loaded.rejected.push(toRejection(entry.label, error))
    }
  }
  for (const [name, error] of resolution.outdated) {
    const { code, message } = toRejection(`${name}_FILE`, error)
    loaded.rejected.push({ entry: `${name}_FILE`, code, message: `${message}; its last value stays in use` })
  }
  loaded.keeps = TARGET_LISTS.map(({ kind }) => ({ action: 'keep', kind, owner, names: namesOf(loaded.watches, kind) }))
  return loaded
}

function sealed({ label, list, target, variables }: CheckedEntry, resolution: Resolution, loaded: Loaded): Target {
  const fault = variables.map((name) => resolution.missing.get(name)).find((error) => error !== undefined)
  if (fault) throw fault
  if (list.field !== 'url') return target
  const template = fieldOf(list, target)
  const filled = fillPlaceholders(template, (name) => resolution.values.get(name) ?? '')
  if (list.kind === 'stream' && variables.length > 0) checkStreamUrl(filled, label)
  const { url, secrets } = sealUrl(list.list, target.name, template, filled)
  for (const { name, value } of secrets) loaded.secrets.set(name, value)
  return { ...target, url }
}

function fieldOf({ field }: TargetList, target: Target): string {
  const value = (target as unknown as Readonly<Record<string, unknown>>)[field]
  return typeof value === 'string' ? value : ''
}

function namesOf(watches: readonly WatchCommand[], kind: string): string[] {
  return watches.filter((watch) => watch.kind === kind).map(({ target }) => (target as Target).name)
}

function duplicate({ label, list }: RawEntry, first: string): MonitorError {
  return new MonitorError(
    'duplicate-target',
    `${label}: ${first} has the same name; names are unique among ${list.list}`,
  )
}
