/** What `elk setup` puts into a cluster, with a real OpenSearch: `npm run test:elk`. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { promisify } from 'node:util'
import { FIELDS } from '../../deploy/elk/source/fields.ts'
import { logLine } from '../../src/logs/log-line.ts'
import { eventRecord } from '../../src/logs/records.ts'
import { until } from '../fixtures/wait.ts'
import { monitorEvent, ORIGIN, raised } from '../logs/fixtures.ts'
import { root } from '../runtime.ts'
import { ShippingWorld } from '../shipping/fixtures.ts'
import { Engine } from './engine.ts'

const EVENTS = 'logs-rtmp_hmonitor.events-default'

interface Item {
  create: { status: number; error?: { type: string } }
}

let engine: Engine
before(async () => {
  engine = await Engine.make()
  await engine.start()
})
after(() => engine.remove())

async function setup(...args: string[]): Promise<string> {
  const command = join(root, 'src/cli/rtmp-hmonitor.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [
    command,
    'elk',
    'setup',
    '--url',
    engine.url,
    ...args,
  ])
  return stdout
}

/** Lines as the monitor writes them, each with its own id. */
function lines(count: number, opening: string): string[] {
  return Array.from({ length: count }, (_, at) => {
    const time = new Date(Date.parse('2026-03-01T10:00:00Z') + at * 1000).toISOString()
    const event = at % 2 === 0 ? { ...raised(), time } : monitorEvent({ time, target: `camera-${at % 7}` })
    return logLine(eventRecord(event, ORIGIN), { opening, sequence: at + 1 }, (text) => text).trim()
  })
}

/** Sends lines as `create`, and counts the answers by status. */
async function ship(each: readonly string[], stream = EVENTS): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (let at = 0; at < each.length; at += 500) {
    const body = each
      .slice(at, at + 500)
      .map((line) => `{"create":{}}\n${line}\n`)
      .join('')
    const { items } = (await engine.ask(`/${stream}/_bulk`, 'POST', body)) as { items: Item[] }
    for (const { create } of items) counts[create.status] = (counts[create.status] ?? 0) + 1
  }
  return counts
}

async function found(query: string): Promise<number> {
  await engine.ask(`/${EVENTS}/_refresh`, 'POST')
  const { count } = await engine.ask(`/${EVENTS}/_count?q=${encodeURIComponent(query)}`)
  return Number(count)
}

describe('elk setup, with a real OpenSearch', () => {
  it('is waited for by who ships, and refuses an index that somebody else has made before', async () => {
    const world = new ShippingWorld()
    const [line = ''] = lines(1, 'early')
    const shipper = world.open('elasticsearch', { ELASTICSEARCH_URL: engine.url })
    shipper.add(line)
    await until(() => shipper.state.error !== null, 60, 'it is said')
    assert.match(shipper.state.error ?? '', /no templates of the log yet: run rtmp-hmonitor elk setup/)
    assert.equal((await engine.try(`/${EVENTS}`)).status, 404)
    world.remove()
    await engine.ask(`/${EVENTS}/_doc`, 'POST', line)
    await assert.rejects(setup(), /events-default there is an index, and has to be a data stream.*nothing was changed/)
    await engine.ask(`/${EVENTS}`, 'DELETE')
  })

  it('puts everything there, and the second time changes nothing', async () => {
    const first = await setup()
    assert.match(first, /^OpenSearch 2\.\d+\.\d+ at http/)
    assert.equal(first.match(/^ {2}created /gm)?.length, 4)
    assert.match(await setup(), /Nothing had to be changed\.\n$/)
  })

  it('takes two thousand lines of the monitor, and the same lines once more as those that are there', async () => {
    const each = lines(2000, 'first')
    assert.deepEqual(await ship(each), { 201: 2000 })
    assert.deepEqual(await ship(each), { 409: 2000 })
    assert.equal(await found('*'), 2000)
    assert.equal(await found('hmonitor.issue.type:streamOffline AND log.level:error'), 1000)
    assert.equal(await found('hmonitor.issue.measured:[2.5 TO 3.5]'), 1000)
    assert.equal(await found('message:"ended it"'), 1000)
  })

  it('has indexed every field as it is written', async () => {
    const answer = await engine.ask(`/${EVENTS}/_field_caps?fields=*`)
    const known = answer.fields as Record<string, Record<string, unknown>>
    for (const [path, { type }] of Object.entries(FIELDS)) {
      // OpenSearch wants to know the value of the others beforehand.
      const taken = type === 'constant_keyword' && path !== 'data_stream.type' ? 'keyword' : type
      assert.deepEqual(Object.keys(known[path] ?? {}), [taken], path)
    }
  })

  it('keeps labels that are called as types of ECS, and what a newer monitor writes', async () => {
    const [line = ''] = lines(1, 'labelled')
    const labels = { ip: 'x', location: 'hall', start: 'early', created: 'y', usage: 'z', name: 'n' }
    const value = JSON.parse(line) as { hmonitor: object }
    const sent = { ...value, labels, hmonitor: { ...value.hmonitor, newer: { thing: 1 } } }
    assert.deepEqual(await ship([JSON.stringify(sent)]), { 201: 1 })
    for (const [name, word] of Object.entries(labels)) assert.equal(await found(`labels.${name}:${word}`), 1, name)
    const { hits } = await engine.ask(`/${EVENTS}/_search?q=labels.location:hall`)
    const [hit] = (hits as { hits: { _source: { hmonitor: object } }[] }).hits
    assert.deepEqual(hit?._source.hmonitor, sent.hmonitor)
    assert.equal(await found('hmonitor.newer.thing:1'), 0)
  })

  it('takes a line of which one value is odd, and says which', async () => {
    const [line = ''] = lines(1, 'odd')
    const value = JSON.parse(line) as { hmonitor: { issue: object } }
    const hmonitor = { ...value.hmonitor, issue: { ...value.hmonitor.issue, since: 'yesterday' } }
    assert.deepEqual(await ship([JSON.stringify({ ...value, hmonitor })]), { 201: 1 })
    assert.equal(await found('_ignored:hmonitor.issue.since'), 1)
  })

  it('refuses a line that cannot be one, and takes those beside it', async () => {
    const [one = '', other = ''] = lines(2, 'beside')
    assert.deepEqual(await ship([one, JSON.stringify({ ...JSON.parse(other), hmonitor: 'text' })]), { 201: 1, 400: 1 })
  })

  for (const name of readdirSync(join(import.meta.dirname, 'pipeline')).filter((each) =>
    /^test-.*\.json$/.test(each),
  )) {
    if (name.endsWith('-expected.json')) continue
    it(`has a pipeline that makes of ${name} what is expected`, async () => {
      const read = (file: string) => JSON.parse(readFileSync(join(import.meta.dirname, 'pipeline', file), 'utf8'))
      const docs = (read(name) as { events: object[] }).events.map((_source) => ({ _index: EVENTS, _source }))
      const path = '/_ingest/pipeline/rtmp_hmonitor@pipeline/_simulate'
      const { docs: made } = (await engine.ask(path, 'POST', JSON.stringify({ docs }))) as {
        docs: { doc: { _id?: string; _source: { event: { ingested?: string } } } }[]
      }
      const shown = made.map(({ doc: { _id, _source } }) => {
        const { ingested = '', ...event } = _source.event
        assert.ok(Math.abs(Date.parse(ingested) - Date.now()) < 600_000, ingested)
        return { _id: _id ?? null, ..._source, event }
      })
      assert.deepEqual({ expected: shown }, read(name.replace('.json', '-expected.json')))
    })
  }

  it('begins a new index in a cluster that an older version has set up, and finds the old lines with the new ones', async () => {
    const before = await found('*')
    const path = '/_component_template/rtmp_hmonitor@mappings'
    const { component_templates } = (await engine.ask(path)) as {
      component_templates: { component_template: object }[]
    }
    const older = component_templates[0]?.component_template as { _meta: object }
    await engine.ask(path, 'PUT', JSON.stringify({ ...older, _meta: { ...older._meta, version: 0 } }))
    const said = await setup()
    assert.match(said, /changed {4}component template rtmp_hmonitor@mappings/)
    assert.match(said, new RegExp(`data stream ${EVENTS}, which has begun a new index`))
    assert.deepEqual(await ship(lines(3, 'second')), { 201: 3 })
    assert.equal(await found('*'), before + 3)
    // What docs/elk.md says of a rollover: an id is known within the index that is written to.
    assert.deepEqual(await ship(lines(1, 'first')), { 201: 1 })
    assert.equal(await found('event.id:"first-1"'), 2)
  })

  it('makes a place for snapshots that the engine takes', async () => {
    assert.match(await setup('--snapshots', engine.snapshots), /created {4}snapshot repository rtmp_hmonitor/)
    assert.match(await setup('--snapshots', engine.snapshots), /Nothing had to be changed/)
    const { snapshot } = await engine.ask('/_snapshot/rtmp_hmonitor/by-hand?wait_for_completion=true', 'PUT')
    assert.equal((snapshot as { state: string }).state, 'SUCCESS')
  })

  it('has lost nothing that it took when it is killed, and knows it when it is sent again', async () => {
    const each = lines(1500, 'killed')
    const shipping = ship(each).catch(() => null)
    await new Promise((resolve) => setTimeout(resolve, 50))
    await engine.kill()
    await shipping
    await engine.start()
    const again = await ship(each)
    assert.equal((again[201] ?? 0) + (again[409] ?? 0), 1500)
    assert.equal(await found('event.id:killed*'), 1500)
    assert.match(await setup(), /Nothing had to be changed/)
  })
})
