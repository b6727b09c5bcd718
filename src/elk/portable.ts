import { isRecord } from '../observation/shape.ts'
import { type Asset, type Json, KINDS } from './asset.ts'

/**
 * The assets as OpenSearch takes them: without what is Elastic's alone. That is lifecycle and snapshot policies and roles
 * (OpenSearch has others of its own), the failure store, `logsdb`, the mappings of ECS by name, and a pipeline of the
 * user's own. What is left means the same in both.
 */
export function portable(assets: readonly Asset[]): Asset[] {
  return assets
    .filter(({ kind }) => KINDS[kind].portable)
    .map((asset) => ({ ...asset, body: BODIES[asset.kind]?.(asset.body) ?? asset.body }))
}

const BODIES: Partial<Record<Asset['kind'], (body: Json) => Json>> = {
  'component template': ({ template, ...body }) => ({ ...body, template: portableTemplate(objectOf(template)) }),
  'index template': ({ composed_of, ignore_missing_component_templates, allow_auto_create: _, ...body }) => ({
    ...body,
    // OpenSearch refuses a template that names one which is not there.
    composed_of: listOf(composed_of).filter(
      (name) => name !== 'ecs@mappings' && !listOf(ignore_missing_component_templates).includes(name),
    ),
  }),
  'ingest pipeline': ({ processors, ...body }) => ({
    ...body,
    processors: listOf(processors).filter((processor) => !isRecord(processor) || !('pipeline' in processor)),
  }),
}

function portableTemplate({ data_stream_options: _, settings, mappings, ...template }: Json): Json {
  return {
    ...template,
    ...(settings !== undefined && { settings: { index: portableSettings(objectOf(objectOf(settings).index)) } }),
    ...(mappings !== undefined && { mappings: portableMappings(objectOf(mappings)) }),
  }
}

function portableSettings({ mode: _, lifecycle: __, mapping, ...settings }: Json): Json {
  const { total_fields, ...limits } = objectOf(mapping)
  const { ignore_dynamic_beyond_limit: ___, ...total } = objectOf(total_fields)
  return { ...settings, mapping: { ...limits, total_fields: total } }
}

/** Without the mappings of ECS, what a shipper adds would be guessed: it is kept, and not searched. */
function portableMappings({ properties, ...mappings }: Json): Json {
  return { ...mappings, dynamic: false, properties: portableProperties(objectOf(properties)) }
}

function portableProperties(properties: Json): Json {
  return Object.fromEntries(
    Object.entries(properties).map(([name, property]) => {
      const { properties: inner, ...rest } = objectOf(property)
      if (inner !== undefined) return [name, { ...rest, properties: portableProperties(objectOf(inner)) }]
      // OpenSearch wants to know the value beforehand.
      const isUnknown = rest.type === 'constant_keyword' && rest.value === undefined
      return [name, isUnknown ? { type: 'keyword' } : rest]
    }),
  )
}

const objectOf = (value: unknown): Json => (isRecord(value) ? value : {})
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
