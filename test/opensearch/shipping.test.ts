/** The way of a line from the `log` node into an index, with a real Node-RED and a real OpenSearch: `npm run test:elk`. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, it } from 'node:test'
import { monitorState, removeMonitor } from '../../src/node-red/monitor-states.ts'
import { expositionOf } from '../exposition.ts'
import { until } from '../fixtures/wait.ts'
import { firing, incidentEvent, LogFolder, monitorEvent, raised, resolved } from '../logs/fixtures.ts'
import { flowOf, TestRuntime } from '../nodes/node-red.ts'
import { Engine } from './engine.ts'
import { assertWhole, STREAMS, sequencesIn, setUp } from './in-index.ts'

/** Seconds: a shipper that was told to wait tries again within a minute. */
const ARRIVES_WITHIN = 600

let engine: Engine
before(async () => {
  engine = await Engine.make()
  await engine.start()
  await setUp(engine)
})
after(() => engine.remove())

describe('the log node, with a real OpenSearch', () => {
  let runtime: TestRuntime
  let folder: LogFolder
  beforeEach(async () => {
    folder = new LogFolder()
    process.env.DATA_DIR = folder.path
    process.env.ELASTICSEARCH_URL = engine.url
    runtime = await TestRuntime.start(flowOf({ id: 'log-1', type: 'hmonitor-log', name: '', ship: 'environment' }))
  })
  afterEach(async () => {
    await runtime.stop()
    await removeMonitor('default')
    delete process.env.DATA_DIR
    delete process.env.ELASTICSEARCH_URL
    folder.remove()
  })
  const send = (payload: unknown) => runtime.receive('log-1', { topic: 'main', payload })
  const written = () => folder.lines().map((line) => JSON.parse(line) as { event: { id: string; dataset: string } })

  async function counted(query = '*'): Promise<number> {
    await engine.ask(`/${STREAMS}/_refresh`, 'POST')
    return Number((await engine.ask(`/${STREAMS}/_count?q=${encodeURIComponent(query)}`)).count)
  }
  /** Of one opening of the file, so that the tests do not see each other's. */
  async function arrived(opening: string): Promise<{ lines: number; last: number }> {
    await engine.ask(`/${STREAMS}/_refresh`, 'POST')
    const body = JSON.stringify({
      size: 0,
      track_total_hits: true,
      query: { prefix: { 'event.id': `${opening}-` } },
      aggs: {
        last: { max: { field: 'event.sequence' } },
      },
    })
    const { status, json } = await engine.try(`/${STREAMS}/_search`, 'POST', body)
    // An index that has just been made has no shard yet that can be asked.
    if (status === 503) return { lines: 0, last: 0 }
    assert.equal(status, 200, JSON.stringify(json))
    const { hits, aggregations } = json as {
      hits: { total: { value: number } }
      /** Absent where there is no index yet. */
      aggregations?: { last: { value: number | null } }
    }
    return { lines: hits.total.value, last: aggregations?.last.value ?? 0 }
  }
  const openingOf = () => written()[0]?.event.id.split('-')[0] ?? ''

  it('puts events, alerts and incidents where they belong', async () => {
    send(raised())
    send(firing())
    send(resolved())
    send(incidentEvent())
    await until(() => written().length === 4, 10, 'four lines are written')
    const opening = openingOf()
    await until(async () => (await arrived(opening)).lines === 4, ARRIVES_WITHIN, 'four lines are there')
    for (const [dataset, count] of [
      ['events', 1],
      ['alerts', 2],
      ['incidents', 1],
    ] as const) {
      assert.equal(await counted(`data_stream.dataset:rtmp_hmonitor.${dataset} AND event.id:${opening}*`), count)
    }
    const aliases = await engine.ask('/_data_stream/logs-rtmp_hmonitor.*')
    const names = (aliases.data_streams as { name: string }[]).map(({ name }) => name)
    assert.ok(names.includes('logs-rtmp_hmonitor.incidents-default'), names.join())
  })

  it('ships on over a rollover: none is missing, none is there twice', async () => {
    const most = 3_000
    const feed = (count: number) => {
      for (let at = 0; at < count; at += 1)
        send(at % 3 === 0 ? raised() : monitorEvent({ target: `camera-${at % 50}` }))
    }
    feed(most / 2)
    await until(() => written().length > 0, 60, 'it writes')
    const opening = openingOf()
    await until(async () => (await arrived(opening)).lines > 0, ARRIVES_WITHIN, 'the first lines are there')
    feed(most / 2)
    const rolled = await engine.ask('/logs-rtmp_hmonitor.events-default/_rollover', 'POST')
    assert.equal(rolled.rolled_over, true)
    await until(async () => (await arrived(opening)).lines >= most, ARRIVES_WITHIN, `${most} lines are there`)
    assert.equal((await arrived(opening)).lines, most)
    assertWhole((await sequencesIn(engine)).get(opening) ?? [])
  })

  it('keeps aside a line that the index refuses, and ships those beside it', async () => {
    const settings = '/logs-rtmp_hmonitor.events-default/_settings'
    const limit = (fields: number) => JSON.stringify({ 'index.mapping.total_fields.limit': fields })
    send(raised())
    await until(() => written().length === 1, 10, 'one line is written')
    const opening = openingOf()
    await until(async () => (await arrived(opening)).lines === 1, ARRIVES_WITHIN, 'the first line is there')
    // There are more already, so that a label which is new is one too many.
    await engine.ask(settings, 'PUT', limit(50))
    send(monitorEvent({ target: 'before' }))
    send(monitorEvent({ target: 'refused', labels: { 'never-seen': 'x' } }))
    send(monitorEvent({ target: 'behind' }))
    await until(async () => (await arrived(opening)).lines === 3, ARRIVES_WITHIN, 'those beside it are there')
    const { body } = await expositionOf(monitorState('default').metrics)
    await engine.ask(settings, 'PUT', limit(1000))
    assert.match(body, /^hmonitor_log_shipping_lines_total\{way="elasticsearch",result="rejected"\} 1$/m)
    const aside = join(folder.path, 'shipping', 'log-1', 'rejected.ndjson')
    await until(() => existsSync(aside) && readFileSync(aside, 'utf8').endsWith('\n'), 10, 'it is kept aside')
    const { reason, line } = JSON.parse(readFileSync(aside, 'utf8')) as { reason: string; line: string }
    assert.match(reason, /^400 .*[Ll]imit of total fields/)
    assert.match(line, /"target":"refused"/)
  })

  it('ships ten thousand lines through a kill -9 of the engine: none is missing, none is there twice, none refused', async () => {
    const most = 10_000
    const feed = async () => {
      for (let at = 0; at < most; at++) {
        send(at % 3 === 0 ? raised() : monitorEvent({ target: `camera-${at % 50}` }))
        if (at % 500 === 499) await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    const feeding = feed()
    await until(() => written().length > 500, 60, 'it writes')
    const opening = openingOf()
    await until(async () => (await arrived(opening)).lines > 0, ARRIVES_WITHIN, 'the first lines are there')
    await engine.kill()
    await feeding
    await until(
      () => written().length >= most,
      120,
      () => `${written().length} lines are written`,
    )
    await engine.start()
    const count = written().length
    let there = { lines: 0, last: 0 }
    await until(
      async () => {
        there = await arrived(opening)
        return there.lines >= count
      },
      ARRIVES_WITHIN,
      () => `${count} lines are there: ${JSON.stringify(there)}`,
    )
    assert.deepEqual(there, { lines: count, last: count })
    assertWhole((await sequencesIn(engine)).get(opening) ?? [])
    const { body } = await expositionOf(monitorState('default').metrics)
    assert.doesNotMatch(body, /shipp\w*_total\{[^}]*(?:rejected|lost)[^}]*\} [1-9]/)
  })
})
