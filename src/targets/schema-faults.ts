import type { ErrorCode } from '../observation/errors.ts'
import { didYouMean, nearestWord } from '../observation/nearest-word.ts'
import type { Kind } from '../observation/observation.ts'
import { keys, type SchemaFault } from './validators.generated.js'

/** What a fault in an entry is called, and what to write instead. Never the value: it may be a secret in the wrong place. */
export interface Explanation {
  code: ErrorCode
  message: string
  /** The right word, of the first fault that has one. */
  suggestion: string | null
}

/** A fault as a person reads it. */
interface Told {
  sentence: string
  suggestion: string | null
  /** The key that is not there, with the path to it. */
  missing: string | null
  /** The key that was meant where another stands, with the path to it. */
  instead: string | null
  isKey: boolean
}

const PLAIN: Omit<Told, 'sentence'> = { suggestion: null, missing: null, instead: null, isKey: false }

/** The form of a value where a pattern says nothing to a person. */
const FORMS: Readonly<Record<string, string>> = {
  name: '1 to 64 letters, digits, spaces and any of _ . : / ( ) + # @ - , and begin with a letter or digit',
  url: 'an address without spaces that does not begin with -',
  address: 'a host name or an IP address, without protocol and path',
  liveEvent: 'the number of the event, in quotes, or "next"',
  labels: 'text without line breaks and without ${ }',
  dependsOn: 'names of targets',
  platform: 'the name of a target',
  from: 'a time such as "09:45"',
  to: 'a time such as "11:30", at the latest "24:00"',
}

const TYPES: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object { … }',
  array: 'a list [ … ]',
  null: 'null',
}

/** Faults of one entry that are explained: somebody's other file has thousands. */
const MOST_FAULTS = 100

/** What is explained: an entry of this kind, or the file's profiles. */
type Explained = Kind | 'profiles'

/** Says in one line all that is wrong with an entry of `kind`. */
export function explainFaults(kind: Explained, faults: readonly SchemaFault[], value: unknown): Explanation {
  // Of a bad name within `labels` ajv tells twice: what the name lacks, and that there is one.
  // Of a choice by `if` it tells that it failed beside what failed in it.
  const told = faults
    .filter(({ propertyName, keyword }) => propertyName === undefined && keyword !== 'if')
    .slice(0, MOST_FAULTS)
  const parts = told.map((fault) => explain(kind, fault, value))
  // A key that is mistyped is missing, too: it is said once.
  const meant = new Set(parts.flatMap(({ instead }) => (instead === null ? [] : [instead])))
  const shown = parts.filter(({ missing }) => missing === null || !meant.has(missing))
  const onlyKeys = shown.every(({ isKey }) => isKey)
  return {
    code: onlyKeys ? 'unknown-key' : 'invalid-target',
    message: [...new Set(shown.map(({ sentence }) => sentence))].join('; '),
    suggestion: shown.find(({ suggestion }) => suggestion !== null)?.suggestion ?? null,
  }
}

function explain(kind: Explained, fault: SchemaFault, value: unknown): Told {
  const { keyword, params } = fault
  const path = fault.instancePath.split('/').slice(1)
  const given = path.reduce<unknown>((part, key) => (part as Record<string, unknown> | null)?.[key], value)
  const where = path.join('.')
  if (keyword === 'additionalProperties') return explainKey(kind, path, String(params.additionalProperty), given)
  if (keyword === 'required') {
    const missing = String(params.missingProperty)
    const sentence = path.length === 0 ? `"${missing}" is missing` : `"${where}" lacks "${missing}"`
    return { ...PLAIN, sentence, missing: [where, missing].join('.') }
  }
  const [first] = path
  if (first === undefined) return { ...PLAIN, sentence: 'it must be an object { … }' }
  const key = path.at(-1) ?? first
  const suggestion = keyword === 'enum' ? nearestValue(given, params) : null
  const said = `"${where}" ${requirement(Object.hasOwn(FORMS, key) ? key : first, fault, given)}`
  return { ...PLAIN, sentence: said + didYouMean(suggestion), suggestion }
}

function explainKey(kind: Explained, path: readonly string[], key: string, given: unknown): Told {
  const known = keysAt(kind, path)
  const present = known.filter((each) => Object.hasOwn(given ?? {}, each))
  const { sentence, suggestion } = unknownKey(key, known, present)
  const where = path.join('.')
  const more = suggestion === null && path.length === 0 && known.length > 0 ? ` (known are ${known.join(', ')})` : ''
  return {
    sentence: `${path.length === 0 ? '' : `"${where}" has `}${sentence}${more}`,
    suggestion,
    missing: null,
    instead: suggestion === null ? null : [where, suggestion].join('.'),
    isKey: true,
  }
}

function keysAt(kind: Explained, [first, ...rest]: readonly string[]): readonly string[] {
  if (kind === 'profiles') return []
  if (first === undefined) return keys[kind]
  if (first === 'expected' && rest.length === 1) return keys.window
  return first === 'limits' && rest.length === 1 ? keys.limits : []
}

/** The allowed value that was meant: a mistyped one, or one that goes on, as "sunday" for "sun". */
function nearestValue(given: unknown, { allowedValues }: SchemaFault['params']): string | null {
  if (typeof given !== 'string') return null
  const allowed = [allowedValues].flat().filter((value) => typeof value === 'string')
  return nearestWord(given, allowed) ?? allowed.find((value) => given.toLowerCase().startsWith(value)) ?? null
}

function requirement(key: string, { keyword, params, instancePath }: SchemaFault, given: unknown): string {
  switch (keyword) {
    case 'type':
      return `must be ${[params.type]
        .flat()
        .map((type) => TYPES[String(type)])
        .join(' or ')}`
    case 'enum': {
      const allowed = [params.allowedValues].flat().map((value) => JSON.stringify(value))
      return `must be one of ${allowed.join(', ')}${instancePath === '/expected' ? ', or a list of windows of the week' : ''}`
    }
    case 'minimum':
      return `must be at least ${params.limit}${typeof given === 'number' ? `, not ${given}` : ''}`
    case 'maximum':
      return `must be at most ${params.limit}${typeof given === 'number' ? `, not ${given}` : ''}`
    case 'maxLength':
      return `must not be longer than ${params.limit} characters`
    case 'minItems':
      return `must have at least ${params.limit} ${params.limit === 1 ? 'entry' : 'entries'}`
    case 'minLength':
      return 'must not be empty'
    case 'maxProperties':
    case 'maxItems':
      return `must not have more than ${params.limit} entries`
    case 'uniqueItems':
      return 'must not name anything twice'
    case 'propertyNames':
      return 'must have names of letters, digits and _ that do not begin with a digit or __; "target" is reserved'
    default:
      return `must be ${FORMS[key] ?? 'of another form'}`
  }
}

/**
 * Names an unknown key where it looks like one, with the known one that was meant. Anything else may be a secret in the
 * wrong place.
 *
 * @param present what stands there beside it, which cannot be meant
 */
export function unknownKey(
  key: string,
  known: readonly string[],
  present: readonly string[] = [],
): { sentence: string; suggestion: string | null } {
  if (!/^[A-Za-z_$-]{1,24}$/.test(key)) return { sentence: 'a key that is not known', suggestion: null }
  const suggestion = nearestWord(
    key,
    known.filter((candidate) => !present.includes(candidate)),
  )
  return { sentence: `unknown key "${key}"${didYouMean(suggestion)}`, suggestion }
}
