import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { monitorState } from '../../src/node-red/monitor-states.ts'
import type { KeepCommand, WatchCommand } from '../../src/targets/command.ts'
import type { Rejection } from '../../src/targets/rejection.ts'
import { until } from '../fixtures/wait.ts'
import type { DeployType, FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

describe('the targets node', () => {
  let runtime: TestRuntime
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-targets-'))
  })
  afterEach(async () => {
    delete process.env.RTMP_STREAMS
    delete process.env.TARGETS_FILE
    delete process.env.TEST_STREAM_KEY
    delete process.env.SHARD
    await runtime.stop()
    rmSync(folder, { recursive: true })
  })

  const file = () => join(folder, 'targets.json')
  const node = (more: object = {}): FlowNode => ({ id: 'targets-1', type: 'hmonitor-targets', file: file(), ...more })
  const write = (content: unknown) =>
    writeFileSync(file(), typeof content === 'string' ? content : JSON.stringify(content))
  const stream = (name: string, more: object = {}) => ({ name, url: `rtmp://127.0.0.1/live/${name}`, ...more })
  const start = async (flow: FlowNode[] = flowOf(node())) => {
    runtime = await TestRuntime.start(flow)
  }
  const payloads = () => runtime.sent('targets-1').map(({ payload }) => payload as WatchCommand | KeepCommand)
  const watches = () => payloads().filter((payload) => payload.action === 'watch')
  const names = () => watches().map(({ target }) => (target as { name: string }).name)
  const rejections = () => runtime.sent('targets-1', 1).map(({ payload }) => payload as Rejection)
  const status = () => runtime.status('targets-1')
  const untilSent = (...wanted: string[]) =>
    until(
      () => JSON.stringify(names()) === JSON.stringify(wanted),
      5,
      () => `${wanted} sent, not ${names()}`,
    )

  it('sends what the file holds when the flows have started: every watch, then what is kept', async () => {
    write({ streams: [stream('one'), stream('two')] })
    await start()
    await untilSent('one', 'two')
    await until(() => status().fill === 'green', 5, 'it is green')
    assert.equal(status().text, '2 targets')
    const keep = payloads().find((payload) => payload.action === 'keep' && payload.kind === 'stream') as KeepCommand
    assert.deepEqual(keep.names, ['one', 'two'])
    assert.equal(keep.owner, 'targets-1')
    assert.ok(payloads().indexOf(keep) > payloads().lastIndexOf(watches().at(-1) ?? keep))
    assert.equal(runtime.sent('targets-1')[0]?.topic, 'one')
  })

  it('watches its part of the file where it is one shard, and nothing where SHARD is wrong', async () => {
    write({ streams: Array.from({ length: 20 }, (_, index) => stream(`s${index}`)) })
    process.env.SHARD = '0/2'
    await start()
    await until(() => payloads().some(({ action }) => action === 'keep'), 5, 'what is kept')
    assert.ok(names().length > 0 && names().length < 20, `${names().length}`)
    await runtime.stop()
    process.env.SHARD = '2/2'
    await start()
    await until(() => status().fill === 'red', 5, 'a red status')
    runtime.receive('targets-1', {})
    assert.deepEqual(payloads(), [])
  })

  it('reads the environment where no file is named', async () => {
    process.env.RTMP_STREAMS = 'main=rtmp://127.0.0.1/live/main'
    await start(flowOf(node({ file: '' })))
    await untilSent('main')
    assert.equal(status().text, '1 target')
  })

  it('says that there is nothing, and keeps nothing', async () => {
    await start(flowOf(node({ file: '' })))
    await until(() => payloads().some(({ action }) => action === 'keep'), 5, 'keep is sent')
    assert.deepEqual(status(), { fill: 'grey', shape: 'ring', text: 'no targets' })
  })

  it('sends again when the file changes', async () => {
    write({ streams: [stream('one')] })
    await start()
    await untilSent('one')
    write({ streams: [stream('one'), stream('two')] })
    await untilSent('one', 'one', 'two')
  })

  it('sends all again on any message', async () => {
    write({ streams: [stream('one')] })
    await start()
    await untilSent('one')
    runtime.receive('targets-1', {})
    await untilSent('one', 'one')
  })

  for (const type of ['full', 'nodes', 'flows'] satisfies DeployType[]) {
    it(`sends all again at every start of the flows (${type})`, async () => {
      write({ streams: [stream('one')] })
      await start()
      await untilSent('one')
      await runtime.deploy(flowOf(node()), type)
      await untilSent('one', 'one')
    })
  }

  it('rejects what is wrong by name and goes on with the rest', async () => {
    write({ streams: [stream('one'), stream('two', { colour: 'red' }), { name: 'three', url: 'file:///x' }] })
    await start()
    await untilSent('one')
    await until(() => rejections().length === 2, 5, 'both are rejected')
    assert.deepEqual(
      rejections().map(({ code }) => code),
      ['unknown-key', 'forbidden-protocol'],
    )
    assert.match(rejections()[0]?.message ?? '', /two/)
    assert.deepEqual(status(), { fill: 'yellow', shape: 'dot', text: '1 ok, 2 rejected' })
  })

  it('is red while the file cannot be used, and keeps what it sent before', async () => {
    write({ streams: [stream('one')] })
    await start()
    await untilSent('one')
    write('{ "streams": [')
    await until(() => status().fill === 'red', 5, 'it is red')
    assert.equal(status().text, 'file not usable')
    assert.equal(rejections().at(-1)?.code, 'invalid-file')
    const last = payloads().findLast((payload) => payload.action === 'keep' && payload.kind === 'stream')
    assert.deepEqual((last as KeepCommand).names, ['one'])
  })

  it('keeps a key out of its messages and in the secrets of the monitor, until it is removed', async () => {
    process.env.TEST_STREAM_KEY = 'sesame-open'
    write({
      streams: [{ name: 'one', url: 'rtmp://127.0.0.1/live/${TEST_STREAM_KEY}' }, stream('two-with-literal-key')],
    })
    await start()
    await until(() => watches().length === 2, 5, 'both are sent')
    assert.doesNotMatch(JSON.stringify(payloads()), /sesame/)
    const { secrets } = monitorState('default')
    assert.equal(secrets.expand('${TEST_STREAM_KEY}'), 'sesame-open')
    await runtime.deploy(flowOf(node()))
    assert.equal(secrets.expand('${TEST_STREAM_KEY}'), 'sesame-open')
    await runtime.deploy(flowOf())
    assert.throws(() => secrets.expand('${TEST_STREAM_KEY}'), { code: 'missing-variable' })
  })

  it('tells the site of the file to a monitor whose dialog says none', async () => {
    write({ site: 'main-hall', streams: [] })
    await start()
    await until(() => monitorState('default').site === 'main-hall', 5, 'the site is known')
    const monitor = { id: 'monitor-1', type: 'hmonitor-monitor', name: '', site: 'annex' }
    await runtime.deploy([...flowOf(node()), monitor])
    await until(() => payloads().filter(({ action }) => action === 'keep').length > 6, 5, 'it is sent again')
    assert.equal(monitorState('monitor-1').site, 'annex')
  })

  it('is red, and sends nothing, where its monitor is gone', async () => {
    write({ streams: [stream('one')] })
    await start(flowOf(node({ monitor: 'gone' })))
    runtime.receive('targets-1', {})
    await until(() => runtime.caught().length === 1, 5, 'the reason is caught')
    assert.equal(status().text, 'no such monitor')
    assert.deepEqual(payloads(), [])
  })

  it('looks at no file any more when it is closed', async () => {
    write({ streams: [stream('one')] })
    await start()
    await untilSent('one')
    await runtime.deploy(flowOf())
    write({ streams: [stream('two')] })
    await new Promise((resolve) => setTimeout(resolve, 1200))
    assert.deepEqual(names(), ['one'])
  })
})
