/** What the rows of the log in Grafana ask, as its data source of Elasticsearch asks it. */
import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Dashboard, Panel } from '@grafana/schema'
import { root } from '../runtime.ts'
import type { Engine } from './engine.ts'
import { STREAMS } from './in-index.ts'

/** A line as it comes back: what a person sees of it, and what the links on its fields are made of. */
export interface Hit {
  _source: Record<string, unknown>
  fields: { '@timestamp': string[] }
}

/** The chosen values of variables; one that is not named has All. */
export type Chosen = Readonly<Record<string, readonly string[]>>

const folder = join(root, 'deploy/grafana/dashboards')

/** The queries of all panels of the log, by dashboard and title. */
export function questionsOfRows(): { panel: string; query: string }[] {
  return readdirSync(folder).flatMap((name) => {
    const { title, panels = [] } = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Dashboard
    const all = panels.flatMap((panel) => [panel, ...((panel as { panels?: Panel[] }).panels ?? [])] as Panel[])
    return all.flatMap(({ title: panel, datasource, targets = [] }) =>
      datasource?.uid === '${log}'
        ? targets.map(({ query }) => ({ panel: `${title}, ${panel}`, query: String(query) }))
        : [],
    )
  })
}

const escaped = (value: string) => value.replace(/[!*+\-=<>\s&|()[\]{}^~?:\\/"]/g, '\\$&')

/** As Grafana fills in variables: one value as it is, as a link brings it, and several in quotes; All is what the variable has for it. */
function filledIn(query: string, chosen: Chosen): string {
  const filled = query.replace(/\$\{(\w+):lucene\}/g, (_, name: string) => {
    const values = chosen[name]
    if (values === undefined) return '.*'
    const [one = '', ...others] = values.map(escaped)
    return others.length === 0 ? one : `(${[one, ...others].map((value) => `"${value}"`).join(' OR ')})`
  })
  assert.doesNotMatch(filled, /\$\{/)
  return filled
}

/** The newest lines of the last hour that a panel shows. */
export async function shownBy(engine: Engine, query: string, chosen: Chosen): Promise<Hit[]> {
  const now = Date.now()
  const header = { search_type: 'query_then_fetch', ignore_unavailable: true, index: STREAMS }
  const time = '@timestamp'
  const range = { [time]: { gte: now - 3_600_000, lte: now, format: 'epoch_millis' } }
  const body = {
    size: 200,
    query: {
      bool: { filter: [{ range }, { query_string: { analyze_wildcard: true, query: filledIn(query, chosen) } }] },
    },
    sort: [{ [time]: { order: 'desc', unmapped_type: 'boolean' } }, { _doc: { order: 'desc' } }],
    docvalue_fields: [time],
    fields: [{ field: time, format: 'strict_date_optional_time_nanos' }],
    highlight: {
      pre_tags: ['@HIGHLIGHT@'],
      post_tags: ['@/HIGHLIGHT@'],
      fragment_size: 2147483647,
      fields: { '*': {} },
    },
  }
  const sent = `${JSON.stringify(header)}\n${JSON.stringify(body)}\n`
  const { responses } = (await engine.ask('/_msearch?max_concurrent_shard_requests=5', 'POST', sent)) as {
    responses: { status: number; error?: unknown; hits: { hits: Hit[] } }[]
  }
  const [answer] = responses
  assert.equal(answer?.status, 200, JSON.stringify(answer?.error))
  return answer.hits.hits
}

/** What stands in a field of a line, by its path. */
export function valueIn({ _source }: Hit, path: string): unknown {
  return path.split('.').reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], _source)
}
