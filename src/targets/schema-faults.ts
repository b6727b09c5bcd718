import type { ErrorCode } from '../observation/errors.ts'
import { keys, type SchemaFault } from './validators.generated.js'

/** What a fault in an entry is called, and what to write instead. Never the value: it may be a secret in the wrong place. */
export interface Explanation {
  code: ErrorCode
  message: string
}

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

/** Says in one line all that is wrong with an entry of `kind`. */
export function explainFaults(
  kind: keyof typeof keys | 'profiles',
  faults: readonly SchemaFault[],
  value: unknown,
): Explanation {
  // Of a bad name within `labels` ajv tells twice: what the name lacks, and that there is one.
  // Of a choice by `if` it tells that it failed beside what failed in it.
  const told = faults.filter(({ propertyName, keyword }) => propertyName === undefined && keyword !== 'if')
  const sentences = new Set(told.map((fault) => sentence(kind, fault, value)))
  const onlyKeys = told.every(({ keyword }) => keyword === 'additionalProperties')
  return { code: onlyKeys ? 'unknown-key' : 'invalid-target', message: [...sentences].join('; ') }
}

function sentence(kind: keyof typeof keys | 'profiles', fault: SchemaFault, value: unknown): string {
  const path = fault.instancePath.split('/').slice(1)
  const [first = ''] = path
  if (first === '') return entrySentence(kind, fault)
  const given = path.reduce<unknown>((part, key) => (part as Record<string, unknown> | null)?.[key], value)
  const key = path.at(-1) ?? first
  return `"${path.join('.')}" ${requirement(key in FORMS ? key : first, fault, given)}`
}

function entrySentence(kind: keyof typeof keys | 'profiles', { keyword, params }: SchemaFault): string {
  if (keyword === 'required') return `"${params.missingProperty}" is missing`
  if (keyword === 'additionalProperties') {
    const known = kind === 'profiles' ? '' : ` (known are ${keys[kind].join(', ')})`
    return `${unknownKey(String(params.additionalProperty))}${known}`
  }
  return 'it must be an object { … }'
}

function requirement(key: string, { keyword, params }: SchemaFault, given: unknown): string {
  switch (keyword) {
    case 'required':
      return `lacks "${params.missingProperty}"`
    case 'additionalProperties':
      return `has ${unknownKey(String(params.additionalProperty))}`
    case 'type':
      return `must be ${[params.type]
        .flat()
        .map((type) => TYPES[String(type)])
        .join(' or ')}`
    case 'enum':
      return `must be one of ${[params.allowedValues]
        .flat()
        .map((allowed) => JSON.stringify(allowed))
        .join(', ')}`
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
      return 'must have names of letters, digits and _ that do not begin with a digit or __; "target" is taken'
    default:
      return `must be ${FORMS[key] ?? 'of another form'}`
  }
}

/** Names an unknown key where it looks like one. Anything else may be a secret in the wrong place. */
export function unknownKey(key: string): string {
  return /^[A-Za-z_$]{1,24}$/.test(key) ? `unknown key "${key}"` : 'a key that is not known'
}
