import type { estypes } from '@elastic/elasticsearch'
import { FIELDS, KEYWORD } from './fields.ts'
import { CUSTOM, DATA_STREAMS, LIFECYCLE, MAPPINGS, PIPELINE, SETTINGS } from './names.ts'

interface ComponentTemplate {
  template: estypes.IndicesPutIndexTemplateIndexTemplateMapping
}

/**
 * Our own template takes the place of Elasticsearch's `logs`, so that all must be said which that one says: mode, lifecycle,
 * failure store, what becomes of malformed values and of fields beyond the limit.
 */
export const SETTINGS_TEMPLATE: ComponentTemplate = {
  template: {
    settings: {
      index: {
        mode: 'logsdb',
        lifecycle: { name: LIFECYCLE },
        default_pipeline: PIPELINE,
        number_of_shards: 1,
        // Right for one node, which would stay yellow with a replica, and for three.
        auto_expand_replicas: '0-1',
        refresh_interval: '5s',
        mapping: {
          // What an alert brings in a message may be anything. One odd value must not keep a whole line out: it is in
          // `_source`, and `_ignored` says so.
          ignore_malformed: true,
          total_fields: { limit: 1000, ignore_dynamic_beyond_limit: true },
        },
      },
    },
    data_stream_options: { failure_store: { enabled: true } },
  },
}

interface Properties {
  [name: string]: estypes.MappingProperty | { dynamic?: boolean; properties: Properties }
}

/** Fields with dots as objects within objects. */
function nested(fields: Readonly<Record<string, estypes.MappingProperty>>): Properties {
  const whole: Properties = {}
  for (const [path, property] of Object.entries(fields)) {
    const names = path.split('.')
    const last = names.pop() ?? path
    let inner = whole
    for (const name of names) {
      inner[name] ??= { properties: {} }
      inner = (inner[name] as { properties: Properties }).properties
    }
    inner[last] = property
  }
  return whole
}

const fields = nested(FIELDS)

export const MAPPINGS_TEMPLATE: ComponentTemplate = {
  template: {
    mappings: {
      // What a shipper adds is mapped by its name in ECS; a text is no date for looking like one.
      dynamic: true,
      date_detection: false,
      dynamic_templates: [
        // Before those of `ecs@mappings`, which take labels by their last part: `ip`, `location`, `start`, `created`,
        // `usage` and `name` are types of their own there, and a hall is no point on the earth.
        { labels: { path_match: 'labels.*', mapping: KEYWORD } },
      ],
      properties: {
        ...fields,
        // A newer monitor's fields are kept and not searched, until its own `elk setup` has said what they are.
        hmonitor: { ...(fields.hmonitor as { properties: Properties }), dynamic: false },
      } as Record<string, estypes.MappingProperty>,
    },
  },
}

export const TEMPLATE: Pick<
  estypes.IndicesIndexTemplate,
  | 'index_patterns'
  | 'composed_of'
  | 'ignore_missing_component_templates'
  | 'priority'
  | 'data_stream'
  | 'allow_auto_create'
> = {
  index_patterns: [`${DATA_STREAMS}-*`],
  // The later one wins, but of what is mapped by a pattern the first.
  composed_of: [SETTINGS, MAPPINGS, 'ecs@mappings', CUSTOM],
  ignore_missing_component_templates: [CUSTOM],
  // Elasticsearch's own for `logs-*-*` has 100.
  priority: 200,
  data_stream: {},
  allow_auto_create: true,
}
