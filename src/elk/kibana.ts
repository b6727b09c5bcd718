import { isRecord } from '../observation/shape.ts'
import { digestOf, holds, type Json } from './asset.ts'
import shipped from './assets.json' with { type: 'json' }
import type { Server } from './cluster.ts'
import { type Places, withPlaces } from './kibana-links.ts'
import { type Change, isOlder } from './setup.ts'
import { VERSION } from './shipped.ts'

/** Kibana asks for it of whoever is no browser. */
const HEADERS = { 'kbn-xsrf': 'true' }

/** The first whose Dashboards API stays as it is. */
const OLDEST = [[9, 5]] as const

/** @param version of Elasticsearch, which Kibana has as well */
export function hasDashboards(version: string): boolean {
  return !isOlder(version, OLDEST)
}

/**
 * Puts the data view and the dashboards into Kibana. A dashboard that bears our mark is left alone, so that what somebody has
 * changed of it stays, until there is another one of it here.
 *
 * @param places where links out of Kibana lead
 * @throws SetupError
 */
export async function putKibana(server: Server, places: Places, tell: (change: Change) => void): Promise<void> {
  const { dataView, dashboards } = withPlaces(shipped, places)
  tell({ what: `data view ${dataView.title}`, done: await putDataView(server, dataView) })
  for (const { id, ...dashboard } of dashboards) {
    tell({ what: `dashboard ${dashboard.title}`, done: await putDashboard(server, id, dashboard) })
  }
}

async function putDataView(server: Server, wanted: Json): Promise<Change['done']> {
  const { status, json } = await server.ask(`/api/data_views/data_view/${wanted.id}`, { headers: HEADERS })
  if (status === 200 && holds(json.data_view, wanted)) return 'unchanged'
  const body = { data_view: wanted, override: true }
  await server.must('/api/data_views/data_view', { method: 'POST', body, headers: HEADERS })
  return status === 200 ? 'changed' : 'created'
}

async function putDashboard(
  server: Server,
  id: string,
  dashboard: Json & { description: string },
): Promise<Change['done']> {
  const digest = digestOf(dashboard).slice(0, 8)
  const mark = `(rtmp-hmonitor ${VERSION}, ${digest})`
  const path = `/api/dashboards/${id}`
  const { status, json } = await server.ask(path, { headers: HEADERS })
  const there = status === 200 ? descriptionIn(json) : ''
  if (there.endsWith(mark) || Number(/\(rtmp-hmonitor (\d+), \w+\)$/.exec(there)?.[1]) > VERSION) return 'unchanged'
  const body = { ...dashboard, description: `${dashboard.description} ${mark}` }
  await server.must(path, { method: 'PUT', body, headers: HEADERS })
  return status === 200 ? 'changed' : 'created'
}

/** Kibana gives a dashboard back within `data`. */
function descriptionIn(answer: Json): string {
  const { description } = isRecord(answer.data) ? answer.data : answer
  return typeof description === 'string' ? description : ''
}
