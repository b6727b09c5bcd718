import { didYouMean, nearestWord } from './nearest-word.ts'

/** One fault that a validator found, as ajv describes it. */
export interface SchemaFault {
  /** JSON pointer to the value. */
  instancePath: string
  keyword: string
  params: Record<string, unknown>
  message?: string
  /** The key that was looked at, where the fault is about a key. */
  propertyName?: string
}

export interface Validator {
  /** May fill in defaults; what is wrong is in `errors` until the next call. */
  (value: unknown): boolean
  errors?: SchemaFault[] | null
}

/** What a schema cannot say to a person by itself. */
interface Explainer {
  /** The form of a value where a pattern says nothing to a person, by key. */
  forms: Readonly<Record<string, string>>
  /** The keys that are known at a place. */
  keysAt(path: readonly string[]): readonly string[]
  /** What may stand instead of a value of a list, as the rest of a sentence. */
  otherwise?(path: readonly string[]): string
}

/** What is wrong with a value, and what to write instead. Never the value: it may be a secret in the wrong place. */
interface Explanation {
  message: string
  /** The right word, of the first fault that has one. */
  suggestion: string | null
  /** Whether nothing is wrong but keys that are not known. */
  isOnlyKeys: boolean
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

const TYPES: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  object: 'an object { … }',
  array: 'a list [ … ]',
  null: 'null',
}

/** A number that must be at least as large is a time. */
const MILLISECONDS = 1e12

/** Faults of one value that are explained: somebody's other file has thousands. */
const MOST_FAULTS = 100

/** Says in one line all that is wrong with a value. */
export function explainFaults(faults: readonly SchemaFault[], value: unknown, explainer: Explainer): Explanation {
  // Of a bad name within `labels` ajv tells twice: what the name lacks, and that there is one.
  // Of a choice by `if` it tells that it failed beside what failed in it.
  // And of a choice between forms, all that each of them lacks.
  const choice = faults.filter(({ keyword }) => keyword === 'oneOf')
  const told =
    choice.length > 0
      ? choice
      : faults.filter(({ propertyName, keyword }) => propertyName === undefined && keyword !== 'if')
  const parts = told.slice(0, MOST_FAULTS).map((fault) => explain(fault, value, explainer))
  // A key that is mistyped is missing, too: it is said once.
  const meant = new Set(parts.flatMap(({ instead }) => (instead === null ? [] : [instead])))
  const shown = parts.filter(({ missing }) => missing === null || !meant.has(missing))
  return {
    message: [...new Set(shown.map(({ sentence }) => sentence))].join('; '),
    suggestion: shown.find(({ suggestion }) => suggestion !== null)?.suggestion ?? null,
    isOnlyKeys: shown.every(({ isKey }) => isKey),
  }
}

function explain(fault: SchemaFault, value: unknown, explainer: Explainer): Told {
  const { keyword, params } = fault
  const path = fault.instancePath.split('/').slice(1).map(unescaped)
  const given = path.reduce<unknown>((part, key) => (part as Record<string, unknown> | null)?.[key], value)
  const where = path.join('.')
  if (keyword === 'additionalProperties') return explainKey(path, String(params.additionalProperty), given, explainer)
  if (keyword === 'required') {
    const missing = String(params.missingProperty)
    const sentence = path.length === 0 ? `"${missing}" is missing` : `"${where}" lacks "${missing}"`
    return { ...PLAIN, sentence, missing: [where, missing].join('.') }
  }
  const [first] = path
  if (first === undefined) {
    const form = keyword === 'oneOf' ? explainer.forms.oneOf : undefined
    return { ...PLAIN, sentence: form ?? 'it must be an object { … }' }
  }
  const key = path.at(-1) ?? first
  const suggestion = keyword === 'enum' ? nearestValue(given, params) : null
  const form = explainer.forms[Object.hasOwn(explainer.forms, key) ? key : first]
  const otherwise = keyword === 'enum' ? (explainer.otherwise?.(path) ?? '') : ''
  const said = `"${where}" ${requirement(form, fault, given)}${otherwise}`
  return { ...PLAIN, sentence: said + didYouMean(suggestion), suggestion }
}

/** A part of a JSON pointer (RFC 6901, section 4). */
function unescaped(part: string): string {
  return part.replaceAll('~1', '/').replaceAll('~0', '~')
}

function explainKey(path: readonly string[], key: string, given: unknown, { keysAt }: Explainer): Told {
  const known = keysAt(path)
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

/** The allowed value that was meant: a mistyped one, or one that goes on, as "sunday" for "sun". */
function nearestValue(given: unknown, { allowedValues }: SchemaFault['params']): string | null {
  if (typeof given !== 'string') return null
  const allowed = [allowedValues].flat().filter((value) => typeof value === 'string')
  return nearestWord(given, allowed) ?? allowed.find((value) => given.toLowerCase().startsWith(value)) ?? null
}

function requirement(form: string | undefined, { keyword, params }: SchemaFault, given: unknown): string {
  switch (keyword) {
    case 'type':
      return `must be ${[params.type]
        .flat()
        .map((type) => TYPES[String(type)])
        .join(' or ')}`
    case 'enum':
      return `must be one of ${[params.allowedValues]
        .flat()
        .map((value) => JSON.stringify(value))
        .join(', ')}`
    case 'const':
      return `must be ${JSON.stringify(params.allowedValue)}`
    case 'format':
      return `must be ${form ?? 'a time such as "2026-01-31T11:30:00Z"'}`
    case 'minimum':
      if (Number(params.limit) >= MILLISECONDS) return `must be ${form ?? 'milliseconds since 1970'}, not seconds`
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
      return `must be ${form ?? 'of another form'}`
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
