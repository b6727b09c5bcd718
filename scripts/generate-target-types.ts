/**
 * Writes the types of targets from their definitions in the schema. Run it after a change there; a test holds the types
 * to it. A target has every key that has a default: the validators fill it in.
 */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { KINDS } from '../src/kinds/kinds.ts'
import {
  entryOf,
  type Property,
  readTargetsSchema,
  referenceOf,
  resolved,
  type TargetsSchema,
} from './generate-targets-schema.ts'

export const TARGET_TYPES = fileURLToPath(new URL('../src/targets/target.generated.d.ts', import.meta.url))

/** Definitions that another room reads, and its type of them. */
const ELSEWHERE: Record<string, { type: string; from: string; name: string }> = {
  limits: { type: 'LimitOverrides', from: '../health/check.ts', name: 'LimitOverrides' },
  userProfiles: { type: 'Record<string, UserProfile>', from: '../health/profile.ts', name: 'UserProfile' },
}
/** Definitions that have a type of their own. */
const NAMED: Record<string, string> = { expected: 'ExpectationRule', window: 'ExpectedWindow' }

export function targetTypes(): string {
  const schema = readTargetsSchema()
  const kinds = Object.values(KINDS).map(({ kind, list }) => ({ kind, ...entryOf(schema, list) }))
  const all = kinds.map(({ definition }) => definition.properties ?? {})
  const [first = {}, ...others] = all
  const common = Object.keys(first).filter((name) => {
    const type = typeOf(schema, first[name] ?? {})
    return others.every((properties) => properties[name] !== undefined && typeOf(schema, properties[name]) === type)
  })
  const { expected = {}, window = {} } = schema.$defs
  const imports = Object.values(ELSEWHERE).map(({ name, from }) => `import type { ${name} } from '${from}'`)
  const interfaces = kinds.map(({ kind, definition }) => {
    const own = Object.entries(definition.properties ?? {}).filter(([name]) => !common.includes(name))
    return `${comment(definition)}\nexport interface ${nameOf(kind)} extends CommonTarget {\n${members(schema, own, definition.required)}\n}`
  })
  // A kind may say of its own what the definition says of all.
  const shared = common.map((name): [string, Property] => {
    const property = first[name] ?? {}
    const { description } = schema.$defs[referenceOf(property) ?? ''] ?? {
      description: 'Seconds between two observations.',
    }
    return [name, { ...property, ...(description !== undefined && { description }) }]
  })
  return `${[
    '// Made from targets.schema.json by scripts/generate-target-types.ts. Do not edit.',
    imports.join('\n'),
    `${comment(expected)}\nexport type ExpectationRule = ${typeOf(schema, expected.then ?? {})} | ${typeOf(schema, expected.else ?? {})}`,
    `${comment(window)}\nexport interface ExpectedWindow {\n${members(schema, Object.entries(window.properties ?? {}))}\n}`,
    `/** What every target has, whatever its kind. */\nexport interface CommonTarget {\n${members(schema, shared)}\n}`,
    ...interfaces,
    `/** The target of each kind, as it is after its definition has checked it. */\nexport interface TargetOf {\n${kinds.map(({ kind }) => `  ${kind}: ${nameOf(kind)}`).join('\n')}\n}`,
  ].join('\n\n')}\n`
}

function nameOf(kind: string): string {
  return `${kind.charAt(0).toUpperCase()}${kind.slice(1)}Target`
}

function comment({ description = '' }: Property, indent = ''): string {
  return `${indent}/** ${description.replaceAll('*/', '*')} */`
}

/** @param required without a default, and there all the same; default: all are there */
function members(
  schema: TargetsSchema,
  properties: [name: string, property: Property][],
  required = properties.map(([name]) => name),
): string {
  return properties
    .map(([name, property]) => {
      const isThere = required.includes(name) || property.default !== undefined
      const key = `${name}${isThere ? '' : '?'}: ${typeOf(schema, property)}`
      return `${comment(resolved(schema, property), '  ')}\n  ${key}`
    })
    .join('\n')
}

/** @throws Error of what is not written here yet */
function typeOf(schema: TargetsSchema, property: Property): string {
  const reference = referenceOf(property) ?? ''
  const known = ELSEWHERE[reference]?.type ?? NAMED[reference]
  if (known !== undefined) return known
  const { enum: values, type, items, additionalProperties } = resolved(schema, property)
  if (values !== undefined) return values.map((value) => (value === null ? 'null' : `'${value}'`)).join(' | ')
  return [type]
    .flat()
    .map((name) => {
      if (name === 'string' || name === 'boolean' || name === 'number' || name === 'null') return name
      if (name === 'integer') return 'number'
      if (name === 'array' && items) return `readonly ${bracketed(typeOf(schema, items))}[]`
      if (name === 'object' && typeof additionalProperties === 'object') {
        return `Record<string, ${typeOf(schema, additionalProperties)}>`
      }
      throw new Error(`no type is known for ${JSON.stringify(property)}`)
    })
    .join(' | ')
}

function bracketed(type: string): string {
  return type.includes(' ') ? `(${type})` : type
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(TARGET_TYPES, targetTypes())
