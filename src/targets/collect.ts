import { type ErrorCode, MonitorError } from '../observation/errors.ts'
import { splitList } from './env-list.ts'
import { TARGET_LISTS, type TargetList } from './lists.ts'
import { nameOf } from './parse-target.ts'
import type { Rejection } from './rejection.ts'
import { toRejection } from './rejection.ts'
import { explainFaults, unknownKey } from './schema-faults.ts'
import { keys, validators } from './validators.generated.js'

/** An entry as it was written, not yet checked. */
export interface RawEntry {
  /** What it is called in an error: `streams[2] "main"`. */
  label: string
  list: TargetList
  value: unknown
}

/** Everything that a file or the environment holds. */
export interface Collection {
  site: string | null
  entries: RawEntry[]
  rejected: Rejection[]
}

/** The environment, or what a test gives for it. */
export type Environment = Readonly<Record<string, string | undefined>>

const LONGEST_SITE = 64

/**
 * Takes a targets file apart. What is wrong in one place is rejected there and harms nothing else.
 *
 * @throws MonitorError `invalid-file` when it is no object at all
 */
export function collectFromFile(document: unknown): Collection {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) {
    throw new MonitorError('invalid-file', 'it must be an object such as { "streams": [{ "name": …, "url": … }] }')
  }
  const collection: Collection = { site: null, entries: [], rejected: [] }
  for (const [key, value] of Object.entries(document)) collectKey(collection, key, value)
  const { profiles } = document as { profiles?: unknown }
  if (profiles !== undefined) addProfiles(collection, profiles)
  return collection
}

/** Gives every stream the file's own profiles; what is wrong with them is wrong with the streams that name one. */
function addProfiles(collection: Collection, profiles: unknown): void {
  const checked = structuredClone(profiles)
  if (!validators.profiles(checked)) {
    const { message } = explainFaults('profiles', validators.profiles.errors ?? [], profiles)
    reject(collection, 'profiles', 'invalid-profile', message)
    return
  }
  for (const entry of collection.entries) {
    if (entry.list.kind !== 'stream' || typeof entry.value !== 'object' || entry.value === null) continue
    if ('profile' in entry.value) entry.value = { profiles: checked, ...entry.value }
  }
}

function collectKey(collection: Collection, key: string, value: unknown): void {
  const list = TARGET_LISTS.find((row) => row.list === key)
  if (!keys.file.includes(key)) {
    reject(collection, 'the file', 'unknown-key', `${unknownKey(key)} (known are ${keys.file.join(', ')})`)
  } else if (key === 'site') {
    if (isSite(value)) collection.site = value
    else reject(collection, key, 'invalid-target', `must be text of 1 to ${LONGEST_SITE} characters, without \${ }`)
  } else if (list && Array.isArray(value)) {
    for (const [index, entry] of value.entries()) {
      const name = nameOf(entry)
      const label = `${key}[${index}]${name === null ? '' : ` "${name}"`}`
      collection.entries.push({ label, list, value: entry })
    }
  } else if (list) {
    reject(collection, key, 'invalid-target', 'must be a list [ … ]')
  }
}

function isSite(value: unknown): value is string {
  return typeof value === 'string' && /^(?:(?!\$\{)\P{Cc})+$/u.test(value) && value.length <= LONGEST_SITE
}

/** Takes RTMP_STREAMS and its like; a variable that is not a list of `name=value` is rejected as a whole. */
export function collectFromEnvironment(environment: Environment): Collection {
  const collection: Collection = { site: null, entries: [], rejected: [] }
  for (const list of TARGET_LISTS) {
    try {
      for (const { name, value } of splitList(list.variable, environment[list.variable] ?? '')) {
        collection.entries.push({ label: `${list.variable} "${name}"`, list, value: { name, [list.field]: value } })
      }
    } catch (error) {
      collection.rejected.push(toRejection(list.variable, error))
    }
  }
  return collection
}

/** The variables that hold targets and are set. */
export function targetVariables(environment: Environment): string[] {
  return TARGET_LISTS.map(({ variable }) => variable).filter((variable) => (environment[variable] ?? '').trim() !== '')
}

function reject(collection: Collection, entry: string, code: ErrorCode, message: string): void {
  collection.rejected.push({ entry, code, message: `${entry}: ${message}` })
}
