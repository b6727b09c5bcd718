import { createHash } from 'node:crypto'
import { isRecord } from '../observation/shape.ts'

/** A body of a request, or what stands within one. */
export type Json = Readonly<Record<string, unknown>>

/** What is put into a cluster under a name. */
export interface Asset {
  kind: AssetKind
  name: string
  /** As Elasticsearch takes it. */
  body: Json
}

export type AssetKind =
  | 'lifecycle policy'
  | 'snapshot repository'
  | 'snapshot policy'
  | 'role'
  | 'component template'
  | 'ingest pipeline'
  | 'index template'

interface KindOfAsset {
  /** Where it is put, and asked for. */
  path: string
  /** Whether OpenSearch has it, too. */
  portable: boolean
  /** Where within the body a mark may stand; null: nowhere, and what is there is compared with what would be put. */
  mark: readonly string[] | null
  /** What was put, in the answer to who asks for it. */
  within: (answer: Json, name: string) => unknown
}

const byName = (answer: Json, name: string) => answer[name]
const firstOf = (list: string, key: string) => (answer: Json) => {
  const found: unknown = Array.isArray(answer[list]) ? answer[list][0] : null
  return isRecord(found) ? found[key] : null
}

export const KINDS: Readonly<Record<AssetKind, KindOfAsset>> = {
  'lifecycle policy': { path: '/_ilm/policy', portable: false, mark: ['policy', '_meta'], within: byName },
  'snapshot repository': { path: '/_snapshot', portable: true, mark: null, within: byName },
  'snapshot policy': {
    path: '/_slm/policy',
    portable: false,
    mark: ['config', 'metadata'],
    within: (answer, name) => (isRecord(answer[name]) ? answer[name].policy : null),
  },
  role: { path: '/_security/role', portable: false, mark: ['metadata'], within: byName },
  'component template': {
    path: '/_component_template',
    portable: true,
    mark: ['_meta'],
    within: firstOf('component_templates', 'component_template'),
  },
  'ingest pipeline': { path: '/_ingest/pipeline', portable: true, mark: null, within: byName },
  'index template': {
    path: '/_index_template',
    portable: true,
    mark: ['_meta'],
    within: firstOf('index_templates', 'index_template'),
  },
}

/** Which `elk setup` has put something there, and what. A cluster gives a body back in another form, so it is not compared. */
export interface Mark {
  managed_by: string
  version: number
  digest: string
}

const MANAGED_BY = 'rtmp-hmonitor'

/** The body with its mark, where it takes one. */
export function marked({ kind, body }: Asset, version: number, digest: string): Json {
  const { mark } = KINDS[kind]
  if (mark === null) return body
  return placed(body, mark, { managed_by: MANAGED_BY, version, digest } satisfies Mark)
}

/** Tells one body from another: 16 hexadecimal digits. */
export function digestOf(body: Json): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex').slice(0, 16)
}

function placed(body: Json, [key = '', ...path]: readonly string[], value: unknown): Json {
  const inner = isRecord(body[key]) ? body[key] : {}
  return { ...body, [key]: path.length === 0 ? value : placed(inner, path, value) }
}

/** The mark of what a cluster has; null where it bears none. */
export function markOf(kind: AssetKind, installed: unknown): Mark | null {
  const found = (KINDS[kind].mark ?? []).reduce<unknown>((at, key) => (isRecord(at) ? at[key] : null), installed)
  if (!isRecord(found)) return null
  const { managed_by, version, digest } = found
  return managed_by === MANAGED_BY && typeof version === 'number' && typeof digest === 'string'
    ? { managed_by, version, digest }
    : null
}

/** Whether all that is wanted is there as it is wanted; there may be more, which a cluster adds by itself. */
export function holds(installed: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(installed) &&
      installed.length === wanted.length &&
      wanted.every((each, index) => holds(installed[index], each))
    )
  }
  if (isRecord(wanted)) {
    return isRecord(installed) && Object.entries(wanted).every(([key, value]) => holds(installed[key], value))
  }
  // Settings come back as texts.
  return installed === wanted || String(installed) === String(wanted)
}
