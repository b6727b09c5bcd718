import { MonitorError } from '../observation/errors.ts'
import { kindsOf } from '../observation/kind.ts'
import { fillPlaceholders, placeholdersIn } from '../secrets/placeholder.ts'
import { type Secret, sealUrl } from '../secrets/seal.ts'
import type { Resolution } from '../secrets/variables.ts'
import type { RawEntry } from './collect.ts'
import type { KeepCommand, WatchCommand } from './command.ts'
import { addressOf, checkAddress, nameOf, parseTarget } from './parse-target.ts'
import { type Rejection, toRejection } from './rejection.ts'
import type { Target } from './target.ts'
import type { TargetKind, TargetKinds } from './target-kind.ts'

/** An entry that its definition has accepted. */
export interface CheckedEntry {
  label: string
  list: TargetKind
  /** Its place in the list. */
  index: number
  target: Target
  /** The names of all `${NAME}` in it. */
  variables: string[]
}

/** An entry that is not taken. */
export interface RefusedEntry {
  list: TargetKind
  index: number
  rejection: Rejection
}

/** An entry that is taken, as a probe node gets it. */
export interface SealedEntry {
  entry: CheckedEntry
  watch: WatchCommand
  secrets: readonly Secret[]
}

/** Checks every entry by itself. Of two with the same name and kind the first is taken. */
export function checkEntries(entries: readonly RawEntry[]): { checked: CheckedEntry[]; refused: RefusedEntry[] } {
  const checked: CheckedEntry[] = []
  const refused: RefusedEntry[] = []
  const firsts = new Map<string, string>()
  for (const entry of entries) {
    const { label, list, index, value } = entry
    try {
      const target = parseTarget(list, value, label)
      const identity = `${list.kind}/${target.name}`
      const first = firsts.get(identity)
      if (first !== undefined) throw duplicate(entry, first)
      firsts.set(identity, label)
      checked.push({ label, list, index, target, variables: placeholdersIn(addressOf(list, target)) })
    } catch (error) {
      refused.push(refusedEntry(entry, nameOf(value), error))
    }
  }
  return { checked, refused }
}

/** Fills in the variables, checks the whole address, and takes the secrets out of what will be sent. */
export function sealEntries(
  owner: string,
  checked: readonly CheckedEntry[],
  resolution: Resolution,
): { sealed: SealedEntry[]; refused: RefusedEntry[] } {
  const sealed: SealedEntry[] = []
  const refused: RefusedEntry[] = []
  for (const entry of checked) {
    try {
      const { target, secrets } = seal(entry, resolution)
      sealed.push({ entry, watch: { action: 'watch', kind: entry.list.kind, owner, target }, secrets })
    } catch (error) {
      refused.push(refusedEntry(entry, entry.target.name, error))
    }
  }
  return { sealed, refused }
}

/** Says of every `${NAME}` whose file cannot be read now that its last value stays. */
export function rejectOutdated({ outdated }: Resolution, isUsed: ReadonlySet<string>): Rejection[] {
  const used = [...outdated].filter(([name]) => isUsed.has(name))
  return used.map(([name, error]) => {
    const rejection = toRejection(`${name}_FILE`, error, { effect: 'watched-as-before', targets: 0 })
    return { ...rejection, message: `${rejection.message}; its last value stays in use` }
  })
}

/** One for every kind: what is not in it any more is unwatched. */
export function keepsOf(kinds: TargetKinds, owner: string, watches: readonly WatchCommand[]): KeepCommand[] {
  return kindsOf(kinds).map((kind) => ({ action: 'keep', kind, owner, names: namesOf(watches, kind) }))
}

function refusedEntry(
  { label, list, index }: Pick<RawEntry, 'label' | 'list' | 'index'>,
  name: string | null,
  error: unknown,
): RefusedEntry {
  return { list, index, rejection: toRejection(label, error, { kind: list.kind, name }) }
}

function seal(
  { label, list, target, variables }: CheckedEntry,
  resolution: Resolution,
): { target: Target; secrets: readonly Secret[] } {
  const fault = variables.map((name) => resolution.missing.get(name)).find((error) => error !== undefined)
  if (fault) throw fault
  const template = addressOf(list, target)
  const filled = fillPlaceholders(template, (name) => resolution.values.get(name) ?? '')
  if (variables.length > 0) checkAddress(list, filled, label)
  if (list.field !== 'url') return { target, secrets: [] }
  const { url, secrets } = sealUrl(list.list, target.name, template, filled)
  return { target: { ...target, url }, secrets }
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
