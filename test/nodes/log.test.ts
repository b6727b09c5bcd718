import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { openLogFiles } from '../../src/logs/shared-log-files.ts'
import { monitorState, removeMonitor } from '../../src/node-red/monitor-states.ts'
import { expositionOf } from '../exposition.ts'
import { until } from '../fixtures/wait.ts'
import { firing, LogFolder, monitorEvent, raised, resolved } from '../logs/fixtures.ts'
import { observation } from '../metrics/observations.ts'
import type { FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

const log = (more: object = {}): FlowNode => ({ id: 'log-1', type: 'hmonitor-log', name: '', ...more })

describe('the log node', () => {
  let runtime: TestRuntime
  let folder: LogFolder
  beforeEach(() => {
    folder = new LogFolder()
    process.env.DATA_DIR = folder.path
  })
  afterEach(async () => {
    await runtime.stop()
    assert.equal(openLogFiles(), 0, 'every file is closed')
    await removeMonitor('default')
    delete process.env.DATA_DIR
    folder.remove()
  })
  const start = async (...nodes: FlowNode[]) => {
    runtime = await TestRuntime.start(flowOf(...nodes))
  }
  const send = (payload: unknown, id = 'log-1') => runtime.receive(id, { topic: 'main', payload })
  const records = (name?: string) => folder.lines(name).map((line) => JSON.parse(line))
  const untilWritten = (count: number, name?: string) =>
    until(
      () => records(name).length === count,
      5,
      () => `${count} lines, not ${records(name).length}`,
    )
  const exposition = async () => (await expositionOf(monitorState('default').metrics)).body
  const untilStatus = (text: string, id = 'log-1') =>
    until(
      () => runtime.status(id).text === text,
      5,
      () => `"${text}", not ${JSON.stringify(runtime.statuses(id))}`,
    )
  /** A file where the folder should be: nobody can write below it, not even root. */
  const block = () => writeFileSync(join(folder.path, 'logs'), '')
  const unblock = () => rmSync(join(folder.path, 'logs'))

  it('writes events and alerts, a line each, and passes the same message on', async () => {
    await start(log())
    send(raised())
    send(firing())
    send(resolved())
    await untilWritten(3)
    assert.deepEqual(
      records().map(({ event }) => [event.action, event.sequence]),
      [
        ['issue-raised', 1],
        ['alert-firing', 2],
        ['alert-resolved', 3],
      ],
    )
    assert.deepEqual(
      runtime.sent('log-1').map(({ topic, payload }) => [topic, payload]),
      [raised(), firing(), resolved()].map((payload) => ['main', payload]),
    )
    await untilStatus('3 events')
    assert.equal(runtime.status('log-1').fill, 'green')
  })

  it('names its monitor and its site', async () => {
    const hall = { id: 'hall', type: 'hmonitor-monitor', name: 'Hall', site: 'north' }
    runtime = await TestRuntime.start([...flowOf(log({ monitor: 'hall' })), hall])
    send(monitorEvent())
    await untilWritten(1)
    assert.equal(records()[0].hmonitor.monitor, 'Hall')
    assert.equal(records()[0].service.node.name, 'north')
    await runtime.deploy(flowOf())
  })

  it('says in the status that it is ready, and counts what it takes in metrics by level', async () => {
    await start(log({ level: 'debug' }))
    assert.equal(runtime.status('log-1').text, 'ready')
    assert.match(await exposition(), /^hmonitor_log_events_total\{level="warn"\} 0$/m)
    send(monitorEvent({ event: 'session', to: 'refused', duration: 2 }))
    send(monitorEvent())
    send(monitorEvent({ to: 'ok' }))
    await untilWritten(3)
    for (const level of ['debug', 'error', 'info'])
      assert.match(await exposition(), new RegExp(`^hmonitor_log_events_total\\{level="${level}"\\} 1$`, 'm'))
  })

  for (const [level, written] of [
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['', ['info', 'warn', 'error']],
    ['warn', ['warn', 'error']],
    ['error', ['error']],
  ] as const) {
    it(`writes ${written.join(', ')} where its least level is ${level || 'left out'}, and passes all on`, async () => {
      await start(log({ level }))
      send(monitorEvent({ event: 'session', to: 'ended' }))
      for (const to of ['ok', 'degraded', 'down']) send(monitorEvent({ to }))
      await untilWritten(written.length)
      await until(() => runtime.sent('log-1').length === 4, 5, 'all are passed on')
      assert.deepEqual(
        records().map((record) => record.log.level),
        written,
      )
    })
  }

  for (const [what, payload] of [
    ['an observation', observation()],
    ['text', 'down'],
    ['nothing', undefined],
    ['a list', [monitorEvent()]],
    ['what only says that it is an event', { event: 'state' }],
    ['what only says that it is an alert', { alertname: 'x' }],
    ['an event with a function', { ...monitorEvent(), labels: { f: () => {} } }],
  ] as const) {
    it(`hands ${what} to Catch nodes, writes nothing of it and passes nothing on`, async () => {
      await start(log())
      send(payload)
      await until(() => runtime.caught().length === 1, 5, 'it is caught')
      const [error] = runtime.caught()
      assert.equal(error?.code, 'invalid-message')
      assert.match(error?.message ?? '', /Connect it to output 2 of a probe node|(event|alert): "/)
      send(monitorEvent())
      await untilWritten(1)
      assert.equal(runtime.sent('log-1').length, 1)
    })
  }

  it('takes secrets out of every text', async () => {
    monitorState('default').secrets.put('test', 'STREAM_KEY', 'Zk4Qw9xe')
    await start(log())
    const labels = { note: 'rtmp://relay.example/live/some-key and Zk4Qw9xe' }
    send(monitorEvent({ labels, target: 'Zk4Qw9xe', from: 'Zk4Qw9xe' }))
    send(firing({ acknowledgedBy: 'Zk4Qw9xe', change: 'acknowledged' }))
    await untilWritten(2)
    assert.doesNotMatch(folder.lines().join(), /Zk4Qw9xe|some-key/)
    assert.equal(records()[0].hmonitor.target, '${STREAM_KEY}')
  })

  it('takes thousands of events at once, in their order', async () => {
    await start(log())
    const began = performance.now()
    for (let at = 0; at < 3000; at += 1) {
      send(monitorEvent({ target: `${at}` }))
      if (at % 100 === 0) await new Promise(setImmediate)
    }
    await untilWritten(3000)
    assert.ok(records().every(({ hmonitor }, at) => hmonitor.target === `${at}`))
    await untilStatus('3000 events')
    const seconds = (performance.now() - began) / 1000
    // One when it is ready, one with the first event, then one a second.
    assert.ok(runtime.statuses('log-1').length <= 3 + seconds, 'a burst of events is no burst of statuses')
  })

  it('shares a file with other nodes, in one order', async () => {
    await start(log(), log({ id: 'log-2', level: 'warn' }), log({ id: 'log-3', file: 'other.ndjson' }))
    assert.equal(openLogFiles(), 2)
    send(monitorEvent())
    send(firing(), 'log-2')
    send(monitorEvent({ target: 'third' }), 'log-3')
    send(resolved(), 'log-2')
    send(monitorEvent({ to: 'ok' }))
    await untilWritten(3)
    await untilWritten(1, 'other.ndjson')
    assert.deepEqual(
      records().map(({ event }) => event.sequence),
      [1, 2, 3],
    )
  })

  describe('where the log cannot be written', () => {
    it('says so in its status and in /health, passes messages on, and writes all as soon as it can', async () => {
      block()
      await start(log(), log({ id: 'log-2' }))
      send(monitorEvent())
      send(firing(), 'log-2')
      await untilStatus('cannot write, waits')
      await untilStatus('cannot write, waits', 'log-2')
      assert.equal(runtime.status('log-1').fill, 'yellow')
      const { problemLog } = monitorState('default')
      const [problem, ...others] = problemLog.problems
      assert.equal(problem?.code, 'log-not-writable')
      assert.match(
        problem?.message ?? '',
        /hmonitor\.ndjson could not be written for \d+ s: a part of that path is a file; 2/,
      )
      assert.deepEqual(others, [], 'two nodes with one file say it once')
      assert.equal(runtime.sent('log-1').length, 1)
      assert.deepEqual(runtime.caught(), [])
      unblock()
      await untilWritten(2)
      await untilStatus('1 event')
      assert.deepEqual(problemLog.problems, [])
    })

    it('ends in time all the same, and says nothing in /health any more', async () => {
      block()
      await start(log())
      send(monitorEvent())
      await untilStatus('cannot write, waits')
      const begin = performance.now()
      await runtime.deploy(flowOf())
      assert.ok(performance.now() - begin < 3000)
      assert.deepEqual(monitorState('default').problemLog.problems, [])
    })
  })

  for (const [what, fields] of [
    ['a file in another folder', { file: '../flows.json' }],
    ['a file that rotation makes', { file: 'hmonitor.ndjson.1' }],
    ['a size that is too large', { megabytes: '5000' }],
    ['a size in words', { megabytes: 'much' }],
    ['half a file to be kept', { kept: '-1' }],
    ['a level that there is not', { level: 'loud' }],
  ] as const) {
    it(`refuses ${what}, and everything that comes then`, async () => {
      await start(log(fields))
      assert.deepEqual(runtime.status('log-1'), { fill: 'red', shape: 'ring', text: 'refused: see log' })
      send(monitorEvent())
      await until(() => runtime.caught().length > 0, 5, 'it is caught')
      assert.equal(runtime.caught().at(-1)?.code, 'invalid-log')
    })
  }

  it('says that more came at once than it can keep, not that it could not write, and how many are lost', async () => {
    await start(log())
    for (let at = 0; at < 10_100; at += 1) send(monitorEvent({ target: `${at}` }))
    await until(() => records().some(({ event }) => event.action === 'events-lost'), 20, 'the loss is in the log')
    const [warning = '', ...others] = runtime.warnings('log-1')
    assert.match(warning, /More events came at once than can be written/)
    assert.deepEqual(others, [])
    const lost = records().find(({ event }) => event.action === 'events-lost')
    assert.ok(lost.hmonitor.lost >= 1 && lost.hmonitor.lost <= 100)
  })

  it('has written everything when a deploy has ended it', async () => {
    await start(log())
    for (let at = 0; at < 500; at += 1) send(monitorEvent({ target: `${at}` }))
    await until(() => runtime.sent('log-1').length === 500, 5, 'all are taken')
    await runtime.deploy(flowOf(log({ name: 'again' })), 'nodes')
    assert.equal(records().length, 500)
    send(monitorEvent())
    await untilWritten(501)
  })

  it('leaves nothing behind, a hundred deploys long', async () => {
    const nodes = (more = {}) => [log(more), log({ id: 'log-2' })]
    await start(...nodes())
    await runtime.deploy(flowOf(...nodes()))
    const before = { listeners: runtime.listeners(), metrics: (await exposition()).length }
    for (let round = 0; round < 100; round += 1) {
      send(monitorEvent({ target: `${round}` }))
      await until(() => runtime.sent('log-1').length === round + 1, 5, 'it is taken')
      await runtime.deploy(flowOf(...nodes({ name: `${round}` })), round % 2 === 0 ? 'full' : 'nodes')
    }
    await untilWritten(100)
    assert.deepEqual(runtime.listeners(), before.listeners)
    assert.equal(openLogFiles(), 1)
    assert.ok(Math.abs((await exposition()).length - before.metrics) < 2000)
  })
})
