// Makes the schema of the targets file of the parts that lie with the kinds, and writes src/targets/targets.schema.json,
// which is published. A test holds the file to it.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { KINDS } from '../src/kinds/kinds.ts'
import type { DialogField, DialogGroup, DialogInput } from '../src/targets/dialog.ts'

/** What a dialog needs to know of a field beside what its definition says. */
export interface DialogAnnotation {
  property?: string
  input?: DialogInput
  group?: DialogGroup
  icon?: string
  unit?: string
  choices?: string[]
  type?: string
  shownWith?: string
  check?: DialogField['check']
  /** It is nothing for a dialog: it says how several monitors share a file. */
  onlyInFile?: true
}

/** Of a target: its node, and what the node's dialog asks that is no field of the target. */
export interface NodeAnnotation {
  node: string
  test?: boolean
  more?: (DialogAnnotation & { property: string; input: DialogInput; after: string })[]
}

/** A definition, or a property of one. */
export interface Property {
  $ref?: string
  title?: string
  description?: string
  type?: string | string[]
  enum?: (string | null)[]
  default?: unknown
  examples?: unknown[]
  minimum?: number
  exclusiveMinimum?: number
  maximum?: number
  maxLength?: number
  maxItems?: number
  pattern?: string
  properties?: Record<string, Property>
  additionalProperties?: boolean | Property
  required?: string[]
  items?: Property
  then?: Property
  else?: Property
  'x-dialog'?: DialogAnnotation & Partial<NodeAnnotation>
}

export type TargetsSchema = Required<Pick<Property, 'properties'>> & { $id: string; $defs: Record<string, Property> }

export const PUBLISHED_SCHEMA = fileURLToPath(new URL('../src/targets/targets.schema.json', import.meta.url))

/** What a kind says of its list, with the definition of its entries. */
type ListSchema = Property & { $schema: string; $defs: Record<string, Property> }

/** @param name of a kind, or `every-kind`: the file itself, and what the definitions of several kinds refer to */
function partOf<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`../src/kinds/${name}.schema.json`, import.meta.url), 'utf8')) as T
}

/**
 * The whole schema, with what only our dialogs need. The lists come in the order of the kinds.
 *
 * @throws Error where two parts have a definition of one name
 */
export function readTargetsSchema(): TargetsSchema {
  const base = partOf<TargetsSchema>('every-kind')
  const parts = Object.values(KINDS).map(({ kind, list }) => ({ list, ...partOf<ListSchema>(kind) }))
  const $defs = { ...base.$defs }
  for (const { list, $defs: own } of parts) {
    const taken = Object.keys(own).find((name) => Object.hasOwn($defs, name))
    if (taken !== undefined) throw new Error(`the schema of ${list} defines ${taken}, which there is already`)
    Object.assign($defs, own)
  }
  const { $schema, site, ...others } = base.properties
  const lists = Object.fromEntries(parts.map(({ list, $schema, $defs, ...property }) => [list, property]))
  // In this order the file is written, and its page in the documentation.
  return { ...base, properties: { ...($schema && { $schema }), ...(site && { site }), ...lists, ...others }, $defs }
}

/** The name of the definition that a property refers to; undefined where it is described in its place. */
export function referenceOf({ $ref }: Property): string | undefined {
  return $ref?.split('/').pop()
}

/**
 * The definition of the entries of a list.
 *
 * @throws Error where there is none
 */
export function entryOf(schema: TargetsSchema, list: string): { reference: string; definition: Property } {
  const { $ref: reference } = schema.properties[list]?.items ?? {}
  const definition = schema.$defs[reference?.split('/').pop() ?? '']
  if (reference === undefined || definition === undefined) throw new Error(`the schema has no definition for ${list}`)
  return { reference, definition }
}

/** A property with what the definition that it refers to says; its own words count before those. */
export function resolved(schema: TargetsSchema, property: Property): Property {
  const definition = schema.$defs[referenceOf(property) ?? ''] ?? {}
  const dialog = { ...definition['x-dialog'], ...property['x-dialog'] }
  return { ...definition, ...property, 'x-dialog': dialog }
}

/** The schema as it is published: without what only our dialogs need. */
export function publishedSchema(): string {
  return `${JSON.stringify(readTargetsSchema(), (key, value) => (key === 'x-dialog' ? undefined : value), 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(PUBLISHED_SCHEMA, publishedSchema())
