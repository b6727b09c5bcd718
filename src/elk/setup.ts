import { isRecord } from '../observation/shape.ts'
import { type Asset, digestOf, holds, KINDS, marked, markOf } from './asset.ts'
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
 * A template is for indices to come, so that data streams which are there begin new ones. The mark of the index template
 * stands for all templates, and is put when they have: where something breaks off before, the next time does it.
 *
 * @param tell hears of each as soon as it is done
 * @throws SetupError, before anything is changed, where a newer version has put something there, or what is written to is no
 * data stream
 */
export async function putAssets(
  server: Server,
  engine: Engine,
  assets: readonly Asset[],
  tell: (change: Change) => void,
): Promise<void> {
  const wanted = markedAssets(engine.name === 'OpenSearch' ? portable(assets) : assets)
  const found = await Promise.all(wanted.map((asset) => installed(server, asset)))
  refuseNewer(wanted, found)
  const patterns = wanted.flatMap(({ body }) => (Array.isArray(body.index_patterns) ? body.index_patterns : [])).join()
  await refuseIndices(server, patterns)
  let isTemplateNew = false
  for (const [index, asset] of wanted.entries()) {
    const there = found[index] ?? null
    let isAsItShouldBe = there !== null && isAsWanted(asset, there)
    isTemplateNew ||= asset.kind.endsWith('template') && !isAsItShouldBe
    if (asset.kind === 'index template' && isTemplateNew) {
      await rollOver(server, asset, patterns, tell)
      isAsItShouldBe = false
    }
    if (!isAsItShouldBe) await put(server, asset)
    tell({
      what: `${asset.kind} ${asset.name}`,
      done: isAsItShouldBe ? 'unchanged' : there === null ? 'created' : 'changed',
    })
  }
}

/** The assets with their marks. */
function markedAssets(assets: readonly Asset[]): Asset[] {
  const templates = assets.filter(({ kind }) => kind.endsWith('template')).map(({ body }) => body)
  return assets.map((asset) => ({
    ...asset,
    body: marked(asset, VERSION, digestOf(asset.kind === 'index template' ? { templates } : asset.body)),
  }))
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

/** An index of that name was made by who wrote before there was a template. No template changes it, nor makes a data stream of it. */
async function refuseIndices(server: Server, patterns: string): Promise<void> {
  const { indices } = (await server.find(`/_resolve/index/${patterns}`)) ?? {}
  const names = (Array.isArray(indices) ? indices : []).flatMap((index: unknown) =>
    isRecord(index) && index.data_stream === undefined ? [String(index.name)] : [],
  )
  if (names.length === 0) return
  throw new SetupError(
    `${names.join(', ')} there is an index, and has to be a data stream: something wrote to it before elk setup. ` +
      'Keep what you need of it (POST /_reindex), delete it, and begin again; nothing was changed',
  )
}

async function put(server: Server, { kind, name, body }: Asset): Promise<void> {
  await server.must(`${KINDS[kind].path}/${name}`, { method: 'PUT', body })
}

function isAsWanted({ kind, body }: Asset, there: unknown): boolean {
  if (KINDS[kind].mark === null) return holds(there, body)
  const [mark, own] = [markOf(kind, there), markOf(kind, body)]
  return mark !== null && own !== null && mark.digest === own.digest && mark.version === own.version
}

/** Lets each data stream begin a new index, which is as the templates say. */
async function rollOver(
  server: Server,
  template: Asset,
  patterns: string,
  tell: (change: Change) => void,
): Promise<void> {
  const { data_streams } = await server.must(`/_data_stream/${patterns}`)
  const names = (Array.isArray(data_streams) ? data_streams : []).flatMap((stream: unknown) =>
    isRecord(stream) && typeof stream.name === 'string' ? [stream.name] : [],
  )
  if (names.length === 0) return
  await put(server, { ...template, body: marked(template, VERSION, UNFINISHED) })
  for (const name of names) {
    await server.must(`/${name}/_rollover`, { method: 'POST' })
    tell({ what: `data stream ${name}, which has begun a new index`, done: 'changed' })
  }
}

/** In the place of a digest, until all of it is done. */
const UNFINISHED = 'unfinished'
