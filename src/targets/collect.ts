import { MonitorError } from '../observation/errors.ts'
import { didYouMean } from '../observation/nearest-word.ts'
import { unknownKey } from '../observation/schema-faults.ts'
import { isRecord } from '../observation/shape.ts'
import type { Environment } from '../secrets/variables.ts'
import { nameOf } from './parse-target.ts'
import { type Rejection, toRejection } from './rejection.ts'
import { explainTarget } from './schema-faults.ts'
import { MOST_TARGETS, type TargetKind, type TargetKinds } from './target-kind.ts'
import { fileKeys, validators } from './validators.generated.js'

/** An entry as it was written, not yet checked. */
export interface RawEntry {
  /** What it is called in an error: `streams[2] "main"`. */
  label: string
  list: TargetKind
  /** Its place in the list. */
  index: number
  value: unknown
}

/** Everything that a file or the environment holds. */
export interface Collection {
  site: string | null
  entries: RawEntry[]
  rejected: Rejection[]
  /** The lists that something stands for, but nothing that can be read, and the rejection that says so. */
  unread: Map<TargetKind, Rejection>
  /** Whether there is a list: where all are empty, nothing is to be watched. */
  hasLists: boolean
}

const LONGEST_SITE = 64
const SITE = `must be text of 1 to ${LONGEST_SITE} characters, without \${ }`

/**
 * Takes a targets file apart. What is wrong in one place is rejected there and harms nothing else.
 *
 * @param most entries of a list that are taken
 * @throws MonitorError `invalid-file` when it is no object at all, or there is no list of targets in it
 */
export function collectFromFile(kinds: TargetKinds, value: unknown, most: number = MOST_TARGETS): Collection {
  if (!isRecord(value)) {
    throw new MonitorError('invalid-file', 'it must be an object such as { "streams": [{ "name": …, "url": … }] }')
  }
  const collection = emptyCollection()
  const document = value as Readonly<Record<string, unknown>>
  const lists = Object.values<TargetKind>(kinds)
  const present = fileKeys.file.filter((key) => Object.hasOwn(document, key))
  for (const [key, part] of Object.entries(document)) collectKey(collection, lists, key, part, { present, most })
  if (!collection.hasLists && collection.unread.size === 0) throw noList(lists)
  if (document.profiles !== undefined) addProfiles(collection, document.profiles)
  return collection
}

function emptyCollection(): Collection {
  return { site: null, entries: [], rejected: [], unread: new Map(), hasLists: false }
}

/** It may be any file: what stands in it is not told one by one. */
function noList(lists: readonly TargetKind[]): MonitorError {
  const names = lists.map(({ list }) => list).join(', ')
  return new MonitorError(
    'invalid-file',
    `there is no list of targets in it (known are ${names}); if nothing is to be watched, write "streams": []`,
  )
}

/** Gives every stream the file's own profiles; what is wrong with them is wrong with the streams that name one. */
function addProfiles(collection: Collection, profiles: unknown): void {
  const checked = structuredClone(profiles)
  if (!validators.profiles(checked)) {
    const { message, suggestion } = explainTarget('profiles', validators.profiles.errors ?? [], profiles)
    collection.rejected.push(ignored('profiles', new MonitorError('invalid-profile', message, { suggestion })))
    return
  }
  for (const entry of collection.entries) {
    if (entry.list.kind !== 'stream' || !isRecord(entry.value)) continue
    if ('profile' in entry.value) entry.value = { profiles: checked, ...entry.value }
  }
}

function collectKey(
  collection: Collection,
  lists: readonly TargetKind[],
  key: string,
  value: unknown,
  { present, most }: { present: readonly string[]; most: number },
): void {
  const list = lists.find((row) => row.list === key)
  if (!fileKeys.file.includes(key)) collectUnknown(collection, lists, key, value, present)
  else if (key === 'site') {
    if (isSite(value)) collection.site = value
    else collection.rejected.push(ignored(key, new MonitorError('invalid-target', SITE)))
  } else if (list && Array.isArray(value)) {
    collection.hasLists = true
    if (value.length > most) {
      const message = `${value.length} entries, and ${most === MOST_TARGETS ? 'a monitor watches' : 'a file has'} at most ${most} of a kind; the first ${most} are watched. Split them over several ${most === MOST_TARGETS ? 'monitors' : 'files'}`
      const error = new MonitorError('too-many-targets', message)
      const targets = value.length - most
      collection.rejected.push(toRejection(key, error, { kind: list.kind, targets }))
    }
    for (const [index, entry] of value.slice(0, most).entries()) {
      const name = nameOf(entry)
      const label = `${key}[${index}]${name === null ? '' : ` "${name}"`}`
      collection.entries.push({ label, list, index, value: entry })
    }
  } else if (list) {
    const rejection = toRejection(key, new MonitorError('invalid-target', 'must be a list [ … ]'), { kind: list.kind })
    collection.rejected.push(rejection)
    collection.unread.set(list, rejection)
  }
}

/**
 * A key that is none: maybe a list whose name is mistyped, or is called by its kind.
 *
 * @param present the known keys that are there
 */
function collectUnknown(
  collection: Collection,
  lists: readonly TargetKind[],
  key: string,
  value: unknown,
  present: readonly string[],
): void {
  const named = lists.find(({ kind, list }) => kind === key && !present.includes(list))
  const { sentence, suggestion } = named
    ? { sentence: `unknown key "${key}"${didYouMean(named.list)}`, suggestion: named.list }
    : unknownKey(key, fileKeys.file, present)
  const message = suggestion === null ? `${sentence} (known are ${fileKeys.file.join(', ')})` : sentence
  const list = lists.find((row) => row.list === suggestion)
  const error = new MonitorError('unknown-key', message, { suggestion })
  const targets = Array.isArray(value) && value.some((entry) => nameOf(entry) !== null) ? value.length : 0
  if (list === undefined && targets === 0) collection.rejected.push(ignored('the file', error))
  else {
    const rejection = toRejection('the file', error, { targets: targets || 1, kind: list?.kind ?? null })
    collection.rejected.push(rejection)
    // It may stand for any list that is not there.
    const absent = lists.filter((row) => !present.includes(row.list) && !collection.unread.has(row))
    for (const row of list ? [list] : absent) collection.unread.set(row, rejection)
  }
}

function ignored(entry: string, error: MonitorError): Rejection {
  return toRejection(entry, error, { effect: 'ignored', targets: 0 })
}

function isSite(value: unknown): value is string {
  return typeof value === 'string' && /^(?:(?!\$\{)\P{Cc})+$/u.test(value) && value.length <= LONGEST_SITE
}

/** Takes RTMP_STREAMS and its like; a variable that is not a list of `name=value` is rejected as a whole. */
export function collectFromEnvironment(kinds: TargetKinds, environment: Environment): Collection {
  const collection = emptyCollection()
  for (const list of Object.values<TargetKind>(kinds)) {
    try {
      const items = splitList(list.variable, environment[list.variable] ?? '')
      for (const [index, { name, value }] of items.entries()) {
        const label = `${list.variable} "${name}"`
        collection.entries.push({ label, list, index, value: { name, [list.field]: value } })
      }
    } catch (error) {
      collection.rejected.push(toRejection(list.variable, error, { kind: list.kind }))
    }
  }
  return collection
}

/** The variables that hold targets and are set. */
export function targetVariables(kinds: TargetKinds, environment: Environment): string[] {
  return Object.values<TargetKind>(kinds)
    .map(({ variable }) => variable)
    .filter((variable) => (environment[variable] ?? '').trim() !== '')
}

/** One `name=value` of an environment variable such as RTMP_STREAMS. */
export interface ListItem {
  name: string
  value: string
}

const NAME = '[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N} _.-]{0,63}'
const SEPARATOR = new RegExp(`,\\s*(?=${NAME}=)`, 'u')
const ITEM = new RegExp(`^(${NAME})=(.*)$`, 'su')

/**
 * Splits `main=rtmp://…,backup=rtmp://…` at a comma only before the next `name=`, so that an address may hold commas.
 * A comma at the end is passed over.
 *
 * @param variable its name, for errors
 * @throws MonitorError `invalid-target` when the list does not begin with `name=`; its text, maybe a key, is not shown
 */
export function splitList(variable: string, text: string): ListItem[] {
  const trimmed = text.trim().replace(/,$/, '')
  if (trimmed === '') return []
  return trimmed.split(SEPARATOR).map((item) => {
    const [, name = '', value = ''] = ITEM.exec(item) ?? []
    if (name === '') {
      throw new MonitorError(
        'invalid-target',
        `${variable}: write name=address, and a comma before the next name=address`,
      )
    }
    return { name: name.trim(), value: value.trim() }
  })
}
