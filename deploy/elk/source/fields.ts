import type { estypes } from '@elastic/elasticsearch'
import { type FieldType, LOG_FIELDS } from '../../../src/logs/log-fields.ts'

/** ECS: longer ones are kept and not searched. https://www.elastic.co/guide/en/ecs/8.11/ecs-principles-implementation.html */
export const KEYWORD: estypes.MappingProperty = { type: 'keyword', ignore_above: 1024 }

const MAPPED: Readonly<Record<FieldType, estypes.MappingProperty>> = {
  keyword: KEYWORD,
  text: { type: 'match_only_text' },
  date: { type: 'date' },
  long: { type: 'long' },
  // Said beforehand: the first whole number would make it a `long`, and halves would be lost to a search.
  double: { type: 'double' },
  labels: { type: 'object', dynamic: true },
}

/** Within one data stream they are the same for all lines, and take no room. */
const DATA_STREAM: Readonly<Record<string, estypes.MappingProperty>> = {
  'data_stream.type': { type: 'constant_keyword', value: 'logs' },
  'data_stream.dataset': { type: 'constant_keyword' },
  'data_stream.namespace': { type: 'constant_keyword' },
}

/** What the ingest pipeline adds. */
export const ADDED_BY_PIPELINE: Readonly<Record<string, estypes.MappingProperty>> = {
  'event.ingested': MAPPED.date,
  'error.message': MAPPED.text,
}

/** How each field of a line is indexed. */
export const FIELDS: Readonly<Record<string, estypes.MappingProperty>> = {
  ...Object.fromEntries(Object.entries(LOG_FIELDS).map(([path, type]) => [path, MAPPED[type]])),
  ...DATA_STREAM,
  ...ADDED_BY_PIPELINE,
}
