/** The schema of the targets file as scripts read it. */
import { readFileSync } from 'node:fs'
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

export const TARGETS_SCHEMA = new URL('../src/targets/targets.schema.json', import.meta.url)

export function readTargetsSchema(): TargetsSchema {
  return JSON.parse(readFileSync(TARGETS_SCHEMA, 'utf8')) as TargetsSchema
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
export function withoutAnnotations(text: string): string {
  const published = JSON.parse(text, (key, value) => (key === 'x-dialog' ? undefined : value)) as object
  return `${JSON.stringify(published, null, 2)}\n`
}
