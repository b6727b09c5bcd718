/** What of the log is in a cluster. */
import assert from 'node:assert/strict'
import { Server } from '../../src/elk/cluster.ts'
import { engineOf, putAssets } from '../../src/elk/setup.ts'
import { chosenAssets } from '../../src/elk/shipped.ts'
import type { Engine } from './engine.ts'

export const STREAMS = 'logs-rtmp_hmonitor.*'

/** Of one request. */
const PAGE = 5_000

interface Hit {
  _source: { event: { id: string; sequence: number } }
  sort: unknown[]
}

/** Puts there what `elk setup` puts there. */
export async function setUp(engine: Engine): Promise<void> {
  const server = new Server({ url: engine.url, authorization: null, ca: null }, 60, new AbortController().signal)
  await putAssets(server, await engineOf(server), chosenAssets({ retentionDays: null, snapshots: null }), () => {})
}

/** The places of all lines, by the opening of the file they were written in, in their order; one that is there twice stands there twice. */
export async function sequencesIn(engine: Engine): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>()
  // A node that is lost is still asked for a moment.
  if ((await engine.try(`/${STREAMS}/_refresh`, 'POST')).status === 503) return found
  for (let after: unknown[] | undefined, hits: Hit[] = []; ; after = hits.at(-1)?.sort) {
    const body = {
      ...{ size: PAGE, _source: ['event.id', 'event.sequence'], query: { exists: { field: 'event.sequence' } } },
      ...{ sort: ['event.id', 'event.sequence', '_index'], ...(after !== undefined && { search_after: after }) },
    }
    const { status, json } = await engine.try(`/${STREAMS}/_search`, 'POST', JSON.stringify(body))
    // An index that has just been made has no shard yet that can be asked, and before the first line no field to sort by.
    if (status === 503 || status === 400) return new Map()
    assert.equal(status, 200, JSON.stringify(json))
    hits = (json as { hits: { hits: Hit[] } }).hits.hits
    for (const { _source } of hits) {
      const opening = _source.event.id.split('-')[0] ?? ''
      found.set(opening, [...(found.get(opening) ?? []), _source.event.sequence])
    }
    if (hits.length < PAGE) break
  }
  for (const places of found.values()) places.sort((one, other) => one - other)
  return found
}

/** Each place of a file from the first to the last, once. */
export function assertWhole(places: readonly number[]): void {
  const hole = places.findIndex((place, index) => place !== index + 1)
  const near = places.slice(Math.max(0, hole - 2), hole + 3).join(', ')
  assert.equal(hole, -1, `${places.length} lines; not each of them once: … ${near} …`)
}

/** How many lines Lucene's syntax finds. */
export async function found(engine: Engine, query: string): Promise<number> {
  await engine.ask(`/${STREAMS}/_refresh`, 'POST')
  const { status, json } = await engine.try(`/${STREAMS}/_count?q=${encodeURIComponent(query)}`)
  // An index that has just been made has no shard yet that can be asked.
  if (status === 503) return 0
  assert.equal(status, 200, JSON.stringify(json))
  return Number(json.count)
}

/** Sends lines as the monitor does, each into the data stream that it names, and counts the answers by status. */
export async function create(engine: Engine, lines: readonly string[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (let at = 0; at < lines.length; at += 500) {
    const body = lines.slice(at, at + 500).map((line) => {
      const { data_stream } = JSON.parse(line) as { data_stream: { dataset: string } }
      return `${JSON.stringify({ create: { _index: `logs-${data_stream.dataset}-default` } })}\n${line}\n`
    })
    const { items } = (await engine.ask('/_bulk', 'POST', body.join(''))) as { items: { create: { status: number } }[] }
    for (const { create } of items) counts[create.status] = (counts[create.status] ?? 0) + 1
  }
  return counts
}
