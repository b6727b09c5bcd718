/** `npm start` that ships to a real OpenSearch, and then to what answers like Logstash: `npm run test:elk`. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { makeFolder } from '../app/monitor-process.ts'
import { until } from '../fixtures/wait.ts'
import { AnsweringServer, eventsIn } from '../shipping/fixtures.ts'
import { DemoMonitor, type Line } from './demo-monitor.ts'
import { Engine } from './engine.ts'
import { assertWhole, create, found, sequencesIn, setUp } from './in-index.ts'
import { askEsql, questionsOfPage } from './questions.ts'

/** What each button of the tab *Demo* is found by. What makes the stream flap comes early, because that takes minutes to be over. */
const FAULTS: [button: string, target: string, issue: string][] = [
  ['remove the audio', 'demo', 'noAudioStream'],
  ['restart with another size', 'demo', 'parametersChanged'],
  ['freeze the publisher', 'demo', 'streamOffline'],
  ['stop the publisher', 'demo-encoder', 'encoderInterrupted'],
  ['halve the bitrate', 'demo-encoder', 'encoderBitrateLow'],
  ['narrow the uplink', 'demo-encoder', 'encoderCacheHigh'],
  ['lose it at Vimeo', 'demo-event', 'ingestNotReceiving'],
  ['silence Vimeo', 'demo-event', 'platformUnreachable'],
]
/** Seconds until a fault is found, and its line is in an index. */
const FOUND_WITHIN = 300
/** Seconds until the incident of them is over: the stream counts as flapping for minutes after the last one. */
const OVER_WITHIN = 600

describe('npm start that ships its log', () => {
  const folder = makeFolder()
  let engine: Engine
  let monitor: DemoMonitor
  let logstash: AnsweringServer
  let recorded: string[] = []
  before(async () => {
    logstash = await AnsweringServer.start(() => ({ status: 200, body: 'ok' }))
    engine = await Engine.make()
    await engine.start()
    await setUp(engine)
    monitor = await DemoMonitor.start(folder, { ELASTICSEARCH_URL: engine.url })
  })
  after(async () => {
    await monitor?.process.end()
    await engine.remove()
    await logstash.stop()
    folder.remove()
  })

  it('is well, to begin with', async () => {
    const isThere = async () => (await found(engine, 'hmonitor.target:demo AND hmonitor.to:ok')) > 0
    await until(isThere, FOUND_WITHIN, () => `the demo is ok in the index:\n${monitor.process.output}`)
  })

  for (const [button, target, issue] of FAULTS) {
    it(`ships what comes of "${button}": ${issue}`, async () => {
      await monitor.press(button)
      const query = `event.action:issue-raised AND hmonitor.target:${target} AND hmonitor.issue.type:${issue}`
      await until(async () => (await found(engine, query)) > 0, FOUND_WITHIN, `${query} is in the index`)
    })
  }

  it('is found by each question of docs/elk.md', async () => {
    await monitor.press('back to normal')
    const { esql, requests } = questionsOfPage()
    assert.ok(esql.length >= 2 && requests.length >= 1)
    const isOver = async () => (await found(engine, 'event.action:incident-ended')) > 0
    await until(isOver, OVER_WITHIN, 'an incident has ended')
    for (const question of esql) {
      const rows = await askEsql(engine, question)
      assert.ok(rows.length > 0, question)
      const lasted = rows.filter(({ minutes }) => minutes !== undefined)
      assert.ok(
        lasted.every(({ minutes, times }) => Number(minutes) > 0 && Number(times) > 0),
        JSON.stringify(rows),
      )
    }
    for (const request of requests) {
      const path = request.replace(/^GET /, '').replaceAll('target:main', 'target:demo').replaceAll(' ', '%20')
      const { hits } = (await engine.ask(path)) as { hits: { hits: { _source: Line }[] } }
      const types = hits.hits.map(({ _source }) => _source.hmonitor.issue?.type)
      assert.ok(types.includes('streamOffline'), `${path}: ${types}`)
    }
  })

  it('has every line of the file there once, and counts none as refused or lost', async () => {
    const isAll = async () => {
      const places = await sequencesIn(engine)
      return monitor.lines().length === [...places.values()].flat().length
    }
    await until(isAll, FOUND_WITHIN, () => `${monitor.lines().length} lines are there`)
    for (const places of (await sequencesIn(engine)).values()) assertWhole(places)
    assert.doesNotMatch(await monitor.metrics(), /log_shipping_lines_total\{[^}]*"(?:rejected|lost)"[^}]*\} [1-9]/)
  })

  it('has none missing, and none twice, when it is killed in the middle of a fault and started again', async () => {
    const timesRaised = () => monitor.lines().filter((line) => /"issue-raised".*"streamOffline"/.test(line)).length
    const before = timesRaised()
    await monitor.press('stop the publisher')
    await until(() => timesRaised() > before, 60, 'it is raised')
    await monitor.kill()
    monitor = await DemoMonitor.start(folder, { ELASTICSEARCH_URL: engine.url })
    const isAll = async () => {
      const places = await sequencesIn(engine)
      recorded = monitor.lines()
      return places.size === 2 && recorded.length <= [...places.values()].flat().length
    }
    await until(isAll, FOUND_WITHIN, 'the lines of both starts are there')
    for (const places of (await sequencesIn(engine)).values()) assertWhole(places)
  })

  it('is known line by line when all of it is sent once more', async () => {
    // Each fault is raised, at least, and is over.
    assert.ok(recorded.length >= 2 * FAULTS.length, `${recorded.length} real lines`)
    assert.deepEqual(await create(engine, recorded), { 409: recorded.length })
    assert.equal(await found(engine, '_exists_:_ignored'), 0)
  })

  it('passes the pipeline as it is, but for the time at which it came', async () => {
    const docs = recorded.slice(-500).map((line) => ({ _index: 'any', _source: JSON.parse(line) as Line }))
    const path = '/_ingest/pipeline/rtmp_hmonitor@pipeline/_simulate'
    const { docs: made } = (await engine.ask(path, 'POST', JSON.stringify({ docs }))) as {
      docs: { doc: { _id: string; _source: Line & { event: { ingested?: string } } } }[]
    }
    for (const [at, { doc }] of made.entries()) {
      const { ingested, ...event } = doc._source.event
      assert.equal(typeof ingested, 'string')
      assert.equal(doc._id, event.id)
      assert.deepEqual({ ...doc._source, event }, docs[at]?._source)
    }
  })

  it('ships to what answers like Logstash, when that is what the environment says', async () => {
    await monitor.kill()
    const env = { LOGSTASH_URL: logstash.url, LOGSTASH_USER: 'crew', LOGSTASH_PASSWORD: 'Zk4Qw9xe' }
    monitor = await DemoMonitor.start(folder, env)
    await monitor.press('remove the audio')
    const shipped = () => logstash.asked.flatMap((asked) => eventsIn(asked) as unknown as Line[])
    const isThere = () => shipped().some(({ hmonitor }) => hmonitor.issue?.type === 'noAudioStream')
    await until(isThere, FOUND_WITHIN, 'Logstash has it')
    const ids = shipped().map(({ event }) => event.id)
    assert.equal(new Set(ids).size, ids.length)
    const login = `Basic ${btoa('crew:Zk4Qw9xe')}`
    assert.ok(logstash.asked.every(({ headers }) => headers.authorization === login))
  })
})
