import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { ADDED_BY_PIPELINE } from '../../deploy/elk/source/fields.ts'
import { DASHBOARDS } from '../../deploy/elk/source/kibana.ts'
import { Server } from '../../src/elk/cluster.ts'
import { hasDashboards, putKibana } from '../../src/elk/kibana.ts'
import type { Change } from '../../src/elk/setup.ts'
import { LOG_FIELDS } from '../../src/logs/log-fields.ts'
import { parseEsql } from './esql.ts'
import { StubCluster } from './stub-cluster.ts'

const FIELDS = new Set([...Object.keys(LOG_FIELDS), ...Object.keys(ADDED_BY_PIPELINE)])

describe('what is put into Kibana', () => {
  const kibana = new StubCluster()
  let url = ''
  before(async () => {
    url = await kibana.start()
  })
  after(() => kibana.stop())

  async function put(): Promise<string[]> {
    const done: Change['done'][] = []
    const server = new Server({ url, authorization: null, ca: null }, 0, new AbortController().signal)
    await putKibana(server, { GRAFANA_URL: null, DASHBOARD_URL: null }, (change) => {
      done.push(change.done)
    })
    return done
  }

  it('is there the first time, and the second time as it was', async () => {
    assert.deepEqual(
      await put(),
      Array.from({ length: DASHBOARDS.length + 1 }, () => 'created'),
    )
    const [view] = kibana.changes()
    assert.equal(view, 'POST /api/data_views/data_view')
    assert.deepEqual([...new Set(await put())], ['unchanged'])
    assert.deepEqual(kibana.changes(), [])
  })

  it('leaves alone what somebody has changed, and puts another one in the place of an older one', async () => {
    const path = '/api/dashboards/hmonitor-events'
    const { description } = kibana.kept.get(path) as { description: string }
    assert.match(description, /^What happened.*\(rtmp-hmonitor 1, [0-9a-f]{8}\)$/)
    kibana.kept.set(path, { title: 'mine', description })
    await put()
    assert.deepEqual(kibana.changes(), [])
    kibana.kept.set(path, { title: 'older', description: 'What happened (rtmp-hmonitor 1, 00000000)' })
    await put()
    assert.deepEqual(kibana.changes(), [`PUT ${path}`])
    kibana.kept.set(path, { title: 'newer', description: 'What happens (rtmp-hmonitor 2, 00000000)' })
    await put()
    assert.deepEqual(kibana.changes(), [])
  })

  it('waits for a Kibana that is just starting, and says which request was refused', async () => {
    const path = '/api/data_views/data_view/hmonitor-log'
    const starting = { status: 503, body: { message: 'Kibana server is not ready yet' } }
    kibana.instead.set(`GET ${path}`, [starting])
    const server = (wait: number) =>
      new Server({ url, authorization: null, ca: null }, wait, new AbortController().signal)
    const nowhere = { GRAFANA_URL: null, DASHBOARD_URL: null }
    await putKibana(server(30), nowhere, () => {})
    kibana.instead.set(`GET ${path}`, [starting])
    await assert.rejects(
      () => putKibana(server(0), nowhere, () => {}),
      /it answers 503: Kibana server is not ready yet/,
    )
    kibana.kept.clear()
    for (const [status, message] of [
      [409, 'version conflict'],
      [413, 'Payload content length greater than maximum allowed'],
      [400, 'panels[0].type is not allowed'],
    ] as const) {
      kibana.instead.set('PUT /api/dashboards/hmonitor-events', [{ status, body: { message } }])
      await assert.rejects(
        () => putKibana(server(0), nowhere, () => {}),
        (error: Error) =>
          error.message.includes(`PUT /api/dashboards/hmonitor-events was refused with ${status}`) &&
          error.message.includes(message),
      )
    }
  })

  it('is put into a Kibana that has the interface for it', () => {
    assert.deepEqual(['9.4.9', '9.5.0', '10.0.0', '8.19.3'].map(hasDashboards), [false, true, true, false])
  })
})

for (const { id, title, panels } of DASHBOARDS) {
  describe(`the dashboard ${title}`, () => {
    it('stands in 48 columns, and nothing over another', () => {
      const taken = new Set<string>()
      for (const { grid } of panels) {
        assert.ok(grid.x + grid.w <= 48, JSON.stringify(grid))
        for (let x = grid.x; x < grid.x + grid.w; x++) {
          for (let y = grid.y; y < grid.y + grid.h; y++) {
            const cell = `${x},${y}`
            assert.ok(!taken.has(cell), `${id}: ${cell}`)
            taken.add(cell)
          }
        }
      }
    })

    it('asks for fields that are mapped, and shows columns that its questions have', () => {
      for (const panel of panels) {
        if (panel.type !== 'vis') continue
        const { config } = panel
        const asked = config.type === 'metric' ? [config] : config.layers
        for (const part of asked) {
          const { query } = part.data_source
          const { source, columns: made } = parseEsql(query, FIELDS)
          assert.match(source, /^logs-rtmp_hmonitor\.(\*|(?:events|alerts|incidents)-\*)$/)
          const columns =
            'metrics' in part ? part.metrics : [part.x, ...part.y, ...(part.breakdown_by ? [part.breakdown_by] : [])]
          for (const { column } of columns) assert.ok(made?.includes(column), `${config.title}: ${column}`)
        }
      }
    })
  })
}
