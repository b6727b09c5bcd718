import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { openLogFiles } from '../../src/logs/shared-log-files.ts'
import { monitorState, removeMonitor } from '../../src/node-red/monitor-states.ts'
import { expositionOf } from '../exposition.ts'
import { until } from '../fixtures/wait.ts'
import { LogFolder, monitorEvent } from '../logs/fixtures.ts'
import type { FlowNode } from '../runtime.ts'
import { AnsweringServer, actionsIn, eventsIn, FakeIndex } from '../shipping/fixtures.ts'
import { flowOf, TestRuntime } from './node-red.ts'

const VARIABLES = ['LOGSTASH_URL', 'ELASTICSEARCH_URL', 'ELASTICSEARCH_API_KEY']
const log = (more: object = {}): FlowNode => ({ id: 'log-1', type: 'hmonitor-log', name: '', ...more })

describe('a log node that ships', () => {
  let runtime: TestRuntime
  let folder: LogFolder
  let server: AnsweringServer
  beforeEach(async () => {
    folder = new LogFolder()
    process.env.DATA_DIR = folder.path
    server = await AnsweringServer.start(() => ({ status: 200 }))
  })
  afterEach(async () => {
    await runtime.stop()
    assert.equal(openLogFiles(), 0, 'every file is closed')
    await removeMonitor('default')
    for (const name of ['DATA_DIR', ...VARIABLES]) delete process.env[name]
    await server.stop()
    folder.remove()
  })
  const send = (count: number, first = 1) => {
    for (let at = first; at < first + count; at += 1)
      runtime.receive('log-1', { payload: monitorEvent({ target: `${at}` }) })
  }
  const untilAsked = (count: number) => until(() => server.asked.length >= count, 20, `${count} requests`)
  const untilWritten = (count: number) => until(() => folder.lines().length === count, 20, `${count} lines`)
  const untilStatus = (text: string) =>
    until(
      () => runtime.status('log-1').text === text,
      20,
      () => `"${text}", not ${JSON.stringify(runtime.statuses('log-1'))}`,
    )
  const exposition = async () => (await expositionOf(monitorState('default').metrics)).body

  it('does so only where it is told to', async () => {
    process.env.LOGSTASH_URL = server.url
    runtime = await TestRuntime.start(flowOf(log({ ship: '' }), log({ id: 'log-2', ship: 'environment' })))
    send(3)
    runtime.receive('log-2', { payload: monitorEvent({ target: 'four' }) })
    await untilAsked(1)
    await untilWritten(4)
    assert.deepEqual(readdirSync(join(folder.path, 'shipping')), ['log-2'])
    assert.deepEqual(
      server.asked.flatMap(eventsIn).map(({ event }) => event.sequence),
      [4],
    )
    await until(
      async () => /^hmonitor_log_shipping_waiting_lines\{way="logstash"\} 0$/m.test(await exposition()),
      20,
      'none waits',
    )
    assert.match(await exposition(), /^hmonitor_log_shipping_lines_total\{way="logstash",result="shipped"\} 1$/m)
    assert.match(await exposition(), /^hmonitor_log_shipping_last_success_timestamp_seconds\{way="logstash"\} \d/m)
  })

  it('ships what the file has, once each, over deploys and while nothing is taken', async () => {
    const index = new FakeIndex()
    let isDown = true
    server.answer = (asked) => (isDown ? { status: 503 } : index.bulk(asked))
    const ship = (name: string) => log({ name, ship: 'elasticsearch' })
    const credentials = { 'log-1': { shipUrl: server.url, shipApiKey: 'Zk4Qw9xe-id:Zk4Qw9xe-key' } }
    runtime = await TestRuntime.start(flowOf(ship('first')), credentials)
    const listeners = runtime.listeners()
    send(20)
    await untilStatus('written, not shipped')
    assert.match(runtime.warnings('log-1')[0] ?? '', /^Elasticsearch does not take the log: the answer was 503/)
    for (let round = 0; round < 20; round += 1) {
      await runtime.deploy(flowOf(ship(`${round}`)), round % 2 === 0 ? 'full' : 'nodes', credentials)
      send(1, 21 + round)
    }
    await untilWritten(40)
    assert.deepEqual(runtime.listeners(), listeners)
    isDown = false
    await until(
      () => index.has.size === 40,
      30,
      () => `all are there: ${index.has.size}`,
    )
    assert.deepEqual([...index.has.values()].toSorted(), folder.lines().toSorted(), 'as they are in the file')
    assert.equal(server.asked.at(-1)?.headers.authorization, `ApiKey ${btoa('Zk4Qw9xe-id:Zk4Qw9xe-key')}`)
    assert.equal(monitorState('default').secrets.redact('x Zk4Qw9xe-id:Zk4Qw9xe-key'), 'x ${LOG_SHIPPING_API_KEY}')
    await untilStatus('1 event')
  })

  it('keeps what is refused beside it with the reason, says so once, and goes when the node is removed', async () => {
    process.env.ELASTICSEARCH_URL = server.url
    const index = new FakeIndex()
    server.answer = (asked) => {
      const odd = new Map(actionsIn(asked).map(({ id, line }) => [id, JSON.parse(line).hmonitor.target === '2']))
      return index.bulk(asked, (id) => (odd.get(id) ? { status: 400, type: 'document_parsing_exception' } : null))
    }
    runtime = await TestRuntime.start(flowOf(log({ ship: 'environment' })))
    send(3)
    const own = join(folder.path, 'shipping', 'log-1')
    await until(() => runtime.warnings('log-1').length === 1, 20, 'it is said')
    assert.match(runtime.warnings('log-1')[0] ?? '', /refuses a line of the log for good: 400 document_parsing/)
    const [problem] = monitorState('default').problemLog.problems
    assert.equal(problem?.code, 'log-shipping-rejected')
    await runtime.deploy(flowOf())
    const kept = readFileSync(join(own, 'rejected.ndjson'), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line))
    assert.deepEqual(
      kept.map(({ line }) => JSON.parse(line).hmonitor.target),
      ['2'],
    )
    assert.match(kept[0].reason, /^400 document_parsing_exception/)
    assert.deepEqual(readdirSync(own), ['rejected.ndjson'])
  })

  for (const [what, fields, credentials, message] of [
    ['no address', { ship: 'elasticsearch' }, {}, /it is not said where Elasticsearch is: set ELASTICSEARCH_URL/],
    ['what is no address', { ship: 'logstash' }, { shipUrl: 'Zk4Qw9xe' }, /must begin with https:\/\/ or http:/],
    [
      'a file that is not there',
      { ship: 'logstash', shipCa: 'no.pem' },
      { shipUrl: 'https://a' },
      /no\.pem, does not exist/,
    ],
    ['a way that there is not', { ship: 'pigeon' }, {}, /there is no way "pigeon"/],
  ] as const) {
    it(`says that it cannot ship with ${what}, and writes the file all the same`, async () => {
      runtime = await TestRuntime.start(flowOf(log(fields)), { 'log-1': credentials as Record<string, string> })
      send(1)
      await untilWritten(1)
      await untilStatus('written, not shipped')
      assert.match(runtime.warnings('log-1').join(), message)
      assert.doesNotMatch(runtime.warnings('log-1').join(), /Zk4Qw9xe/)
    })
  }

  it('says that it cannot keep what waits, and ships it all the same', async () => {
    process.env.LOGSTASH_URL = server.url
    writeFileSync(join(folder.path, 'shipping'), 'a file where the folder should be')
    runtime = await TestRuntime.start(flowOf(log({ ship: 'environment' })))
    send(2)
    await untilAsked(1)
    await until(
      () => monitorState('default').problemLog.problems.some(({ code }) => code === 'log-shipping-not-writable'),
      20,
      'it is said',
    )
  })
})
