/** Ten thousand lines of a monitor whose targets fail again and again, with a real OpenSearch: `npm run test:elk`. */
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { FIELDS } from '../../deploy/elk/source/fields.ts'
import { makeFolder } from '../app/monitor-process.ts'
import { until } from '../fixtures/wait.ts'
import { ShippingWorld } from '../shipping/fixtures.ts'
import { DemoMonitor, type Line } from './demo-monitor.ts'
import { Engine } from './engine.ts'
import { questionsOfRows, shownBy, valueIn } from './grafana-rows.ts'
import { assertWhole, found, STREAMS, sequencesIn, setUp } from './in-index.ts'

const LINES = 10_000
const TARGETS = 80
/** Seconds in which they are written: it takes two minutes on a quiet machine. */
const WRITTEN_WITHIN = 1200
/** Seconds. */
const WITHIN = 600
/** Names with signs that mean something to who asks. */
const SITE = 'Saal & Foyer <1>'
const nameOf = (index: number) => `Kamera #${index}`
/** Names of types in ECS, which stay words here. */
const LABELS = { ip: 'none', location: 'hall', start: 'early', created: 'by hand', usage: 'heavy', name: 'one' }

/** A server of which each path is well twice and then fails twice, in one of three ways, until all are well. */
class FailingServer {
  isWell = false
  readonly #asked = new Map<string, number>()
  readonly #server: Server = createServer(({ url = '', socket }, response) => {
    const number = Number(url.slice(1))
    const asked = this.#asked.get(url) ?? number
    this.#asked.set(url, asked + 1)
    const isFailing = !this.isWell && asked % 4 > 1
    if (isFailing && number % 3 === 0) socket.destroy()
    else response.writeHead(isFailing && number % 3 === 1 ? 500 : 200).end(isFailing ? 'something else' : 'all well')
  })

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }
}

describe('ten thousand lines of a monitor whose targets fail again and again', () => {
  const folder = makeFolder()
  const server = new FailingServer()
  const second = new ShippingWorld()
  let engine: Engine
  let monitor: DemoMonitor
  let written: string[] = []
  before(async () => {
    const url = await server.start()
    const services = Array.from({ length: TARGETS }, (_, index) => ({
      ...{ name: nameOf(index), url: `${url}/${index}`, interval: 1, bodyContains: 'all well', labels: LABELS },
    }))
    writeFileSync(join(folder.path, 'targets.json'), JSON.stringify({ site: SITE, services }))
    engine = await Engine.make()
    await engine.start()
    await setUp(engine)
    monitor = await DemoMonitor.start(folder, { ELASTICSEARCH_URL: engine.url })
  })
  after(async () => {
    second.remove()
    await monitor?.process.end()
    server.stop()
    await engine.remove()
    folder.remove()
  })

  it('are all there, each once, none refused and none lost', async (test) => {
    const took = await until(
      () => monitor.lines().length >= LINES,
      WRITTEN_WITHIN,
      () => `${monitor.lines().length} lines are written`,
    )
    server.isWell = true
    // It goes on writing until all is well: what counts is what it had written by now.
    const last = monitor.lines().length
    const there = async () => {
      const [places = [], ...others] = [...(await sequencesIn(engine)).values()]
      assert.deepEqual(others, [], 'all are of one start')
      return places.filter((place) => place <= last)
    }
    await until(async () => (await there()).length >= last, WITHIN, `${last} lines are there`)
    assertWhole(await there())
    assert.doesNotMatch(await monitor.metrics(), /log_shipping_lines_total\{[^}]*"(?:rejected|lost)"[^}]*\} [1-9]/)
    test.diagnostic(`${last} lines, written in ${took.toFixed(0)} s`)
  })

  it('are known line by line when a shipper ships them once more', async () => {
    await monitor.process.end()
    written = monitor.lines()
    const shipper = second.open('elasticsearch', { ELASTICSEARCH_URL: engine.url })
    for (let at = 0; at < written.length; at += 1000) {
      for (const line of written.slice(at, at + 1000)) shipper.add(line)
      await until(() => shipper.state.inMemory === 0, WITHIN, 'they are on disk')
    }
    const count = (result: string) => second.counted.get(`elasticsearch ${result}`) ?? 0
    await until(
      () => shipper.state.waiting === 0,
      WITHIN,
      () => `all are taken: ${shipper.state.waiting} wait`,
    )
    // What it wrote last waited for its next start.
    assert.ok(count('duplicate') >= LINES, `${count('duplicate')} were there`)
    assert.equal(count('duplicate') + count('shipped'), written.length)
    assert.equal(await found(engine, '_exists_:event.sequence'), written.length)
  })

  it('are indexed as they are written: labels as words, no value left out, and no field that the mapping does not name', async () => {
    assert.equal(await found(engine, '_exists_:_ignored'), 0)
    const { fields } = (await engine.ask(`/${STREAMS}/_field_caps?fields=*`)) as {
      fields: Record<string, Record<string, unknown>>
    }
    const typeOf = (path: string) => Object.keys(fields[path] ?? {})
    for (const [path, { type }] of Object.entries(FIELDS)) {
      if (path === 'labels') continue
      // OpenSearch wants to know the value of the others beforehand.
      const taken = type === 'constant_keyword' && path !== 'data_stream.type' ? 'keyword' : type
      assert.deepEqual(typeOf(path), [taken], path)
    }
    for (const [name, word] of Object.entries(LABELS)) {
      assert.deepEqual(typeOf(`labels.${name}`), ['keyword'], name)
      assert.ok((await found(engine, `labels.${name}:"${word}"`)) > LINES / 10, name)
    }
    const known = new Set([...Object.keys(FIELDS), ...Object.keys(LABELS).map((name) => `labels.${name}`)])
    const others = Object.entries(fields).filter(
      ([path, types]) => !path.startsWith('_') && !('object' in types) && !known.has(path),
    )
    assert.deepEqual(
      others.map(([path]) => path),
      [],
    )
  })

  it('pass the pipeline as they are, but for the time at which they came', async () => {
    for (let at = 0; at < written.length; at += 1000) {
      const docs = written.slice(at, at + 1000).map((line) => ({ _index: 'any', _source: JSON.parse(line) as Line }))
      const path = '/_ingest/pipeline/rtmp_hmonitor@pipeline/_simulate'
      const { docs: made } = (await engine.ask(path, 'POST', JSON.stringify({ docs }))) as {
        docs: { doc: { _id: string; _source: Line & { event: { ingested?: string } } } }[]
      }
      assert.equal(made.length, docs.length)
      for (const [index, { doc }] of made.entries()) {
        const { ingested, ...event } = doc._source.event
        assert.equal(typeof ingested, 'string')
        assert.equal(doc._id, event.id)
        assert.deepEqual({ ...doc._source, event }, docs[index]?._source)
      }
    }
  })
  for (const { panel, query } of questionsOfRows()) {
    it(`are found by Grafana: ${panel}`, async () => {
      const all = await shownBy(engine, query, {})
      assert.ok(all.length > 0, 'whatever is chosen')
      const [line] = all
      assert.ok(line)
      for (const field of ['message', 'log.level', 'event.id'])
        assert.equal(typeof valueIn(line, field), 'string', field)
      assert.equal(Date.parse(line.fields['@timestamp'][0] ?? ''), Date.parse(String(valueIn(line, '@timestamp'))))
      const incident = String(valueIn(line, 'hmonitor.incident.id'))
      const chosen = { site: [SITE], monitor: ['RTMP HMonitor'], target: [nameOf(7), nameOf(8)], incident: [incident] }
      const some = await shownBy(engine, query, chosen)
      assert.ok(some.length > 0, 'of what is chosen')
      const isOf = (field: string, values: readonly string[]) =>
        some.every((hit) => values.includes(String(valueIn(hit, field))))
      assert.ok(isOf('service.node.name', chosen.site) && isOf('hmonitor.monitor', chosen.monitor))
      if (query.includes('hmonitor.target:')) assert.ok(isOf('hmonitor.target', chosen.target))
      if (query.includes('hmonitor.incident.id:')) assert.ok(isOf('hmonitor.incident.id', chosen.incident))
      const severally = { ...chosen, site: [SITE, 'another'], incident: [incident, 'another'] }
      assert.deepEqual(await shownBy(engine, query, severally), some)
      if (query.includes('hmonitor.target:'))
        assert.ok((await shownBy(engine, query, { target: [nameOf(7)] })).length > 0)
      assert.deepEqual(await shownBy(engine, query, { ...chosen, monitor: ['another'] }), [])
    })
  }
})
