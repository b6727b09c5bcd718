import { isRecord } from '../observation/shape.ts'
import { type Asset, holds, KINDS, marked, markOf } from './asset.ts'
import type { Server } from './cluster.ts'
import { portable } from './portable.ts'
import { SetupError } from './setup-error.ts'
import { VERSION } from './shipped.ts'

/** What a cluster is, and what of the assets it takes. */
export interface Engine {
  name: 'Elasticsearch' | 'OpenSearch'
  /** As it says it itself: `9.5.1`. */
  version: string
}

/** The first that have all that is put there: the failure store came with them. */
const OLDEST_ELASTICSEARCH = [
  [8, 19],
  [9, 1],
] as const
/** `match_only_text` came with it. */
const OLDEST_OPENSEARCH = [[2, 12]] as const

/** @throws SetupError where it is neither, or too old */
export async function engineOf(server: Server): Promise<Engine> {
  const { version, tagline } = await server.must('/')
  const { number, distribution, build_flavor } = isRecord(version) ? version : {}
  if (typeof number !== 'string') {
    throw new SetupError('what answers there is neither Elasticsearch nor OpenSearch: it does not say its version')
  }
  if (build_flavor === 'serverless') {
    throw new SetupError(`${tagline ?? 'It'}: serverless Elasticsearch has no lifecycle policies, and was not tried`)
  }
  const name = distribution === 'opensearch' ? 'OpenSearch' : 'Elasticsearch'
  const oldest = name === 'OpenSearch' ? OLDEST_OPENSEARCH : OLDEST_ELASTICSEARCH
  if (isOlder(number, oldest)) {
    const needed = oldest.map((parts) => parts.join('.')).join(' or ')
    throw new SetupError(`${name} ${number} is too old: it has to be ${needed} or newer`)
  }
  return { name, version: number }
}

/** Whether a version is below the first of its own major version, or of an older major version. */
export function isOlder(version: string, oldest: readonly (readonly [number, number])[]): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const own = oldest.find(([first]) => first === major)
  if (own !== undefined) return minor < own[1]
  return major < Math.max(...oldest.map(([first]) => first))
}

/** What has been done about one thing. */
export interface Change {
  what: string
  done: 'created' | 'changed' | 'unchanged'
}

/**
 * Puts the assets into a cluster. What is there as it should be is left alone, so that a second time changes nothing.
 *
 * @param tell hears of each as soon as it is done
 * @throws SetupError, before anything is changed, where a newer version has put something there
 */
export async function putAssets(
  server: Server,
  engine: Engine,
  assets: readonly Asset[],
  tell: (change: Change) => void,
): Promise<void> {
  const wanted = engine.name === 'OpenSearch' ? portable(assets) : assets
  const found = await Promise.all(wanted.map((asset) => installed(server, asset)))
  refuseNewer(wanted, found)
  let isTemplateChanged = false
  for (const [index, asset] of wanted.entries()) {
    const done = await put(server, asset, found[index] ?? null)
    isTemplateChanged ||= done === 'changed' && asset.kind.endsWith('template')
    tell({ what: `${asset.kind} ${asset.name}`, done })
  }
  if (isTemplateChanged) await rollOver(server, wanted, tell)
}

async function installed(server: Server, { kind, name }: Asset): Promise<unknown> {
  const answer = await server.find(`${KINDS[kind].path}/${name}`)
  return answer === null ? null : (KINDS[kind].within(answer, name) ?? null)
}

function refuseNewer(assets: readonly Asset[], found: readonly unknown[]): void {
  for (const [index, { kind, name }] of assets.entries()) {
    const { version } = markOf(kind, found[index]) ?? { version: 0 }
    if (version <= VERSION) continue
    throw new SetupError(
      `the ${kind} ${name} there is of version ${version}, and this rtmp-hmonitor brings version ${VERSION}: ` +
        'update it, and nothing was changed',
    )
  }
}

async function put(server: Server, asset: Asset, there: unknown): Promise<Change['done']> {
  const body = marked(asset, VERSION)
  if (there !== null && isAsWanted(asset, there, body)) return 'unchanged'
  await server.must(`${KINDS[asset.kind].path}/${asset.name}`, { method: 'PUT', body })
  return there === null ? 'created' : 'changed'
}

function isAsWanted({ kind }: Asset, there: unknown, body: Asset['body']): boolean {
  if (KINDS[kind].mark === null) return holds(there, body)
  const [mark, own] = [markOf(kind, there), markOf(kind, body)]
  return mark !== null && own !== null && mark.digest === own.digest && mark.version === own.version
}

/**
 * A template is for indices to come. A data stream that is there begins a new one, so that what is written from now on is
 * indexed as it says.
 */
async function rollOver(server: Server, assets: readonly Asset[], tell: (change: Change) => void): Promise<void> {
  const patterns = assets.flatMap(({ body }) => (Array.isArray(body.index_patterns) ? body.index_patterns : []))
  const { data_streams } = await server.must(`/_data_stream/${patterns.join(',')}`)
  for (const stream of Array.isArray(data_streams) ? data_streams : []) {
    if (!isRecord(stream) || typeof stream.name !== 'string') continue
    await server.must(`/${stream.name}/_rollover`, { method: 'POST' })
    tell({ what: `data stream ${stream.name}, which has begun a new index`, done: 'changed' })
  }
}
