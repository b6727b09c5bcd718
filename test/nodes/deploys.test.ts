import assert from 'node:assert/strict'
import { after, afterEach, before, describe, it } from 'node:test'
import { monitorState, monitorStates } from '../../src/node-red/monitor-states.ts'
import type { Observation } from '../../src/observation/observation.ts'
import { expositionOf } from '../exposition.ts'
import { until } from '../fixtures/wait.ts'
import type { DeployType, FlowNode } from '../runtime.ts'
import { FakeFfprobe } from './fake-ffprobe.ts'
import { flowOf, TestRuntime } from './node-red.ts'

const TYPES: DeployType[] = ['full', 'nodes', 'flows']

describe('deploys while the ffprobe node watches', () => {
  let fake: FakeFfprobe
  let runtime: TestRuntime
  before(async () => {
    fake = await FakeFfprobe.start()
  })
  after(() => fake.stop())
  afterEach(async () => {
    await runtime.stop()
    await untilRunning([])
  })

  const probe = (id: string, more: object = {}): FlowNode => ({
    id,
    type: 'hmonitor-ffprobe',
    name: id,
    url: `${fake.server}/${id}`,
    ffprobePath: fake.path,
    ...more,
  })
  const record: FlowNode = { id: 'record-1', type: 'hmonitor-record', name: '' }
  const flow = (...probes: FlowNode[]) => flowOf(...probes.map((node) => ({ ...node, wires: [['record-1']] })), record)
  const names = () =>
    fake
      .running()
      .map(({ url }) => url.slice(url.lastIndexOf('/') + 1))
      .sort()
  const untilRunning = (wanted: string[]) =>
    until(
      () => JSON.stringify(names()) === JSON.stringify(wanted),
      10,
      () => `${wanted} run, not ${names()}`,
    )
  const pid = (name: string) => fake.running().find(({ url }) => url.endsWith(`/${name}`))?.pid
  const sequences = (id: string) => runtime.sent(id).map(({ payload }) => (payload as Observation).sequence)
  const start = async (...probes: FlowNode[]) => {
    runtime = await TestRuntime.start(flow(...probes))
    await untilRunning(probes.map(({ id }) => id))
  }

  for (const type of TYPES) {
    it(`go on with the session and its counters when nothing changed (${type})`, async () => {
      await start(probe('one'), probe('two'))
      const before = [pid('one'), pid('two')]
      const sent = sequences('one').length
      await runtime.deploy(flow(probe('one'), probe('two')), type)
      await until(() => sequences('one').length > sent + 1, 5, 'observations go on')
      assert.deepEqual([pid('one'), pid('two')], before)
      const newer = sequences('one').slice(sent)
      assert.ok(
        newer.every((sequence) => sequence >= sent),
        `${newer} after ${sent}`,
      )
    })

    it(`connect anew only the stream that changed (${type})`, async () => {
      await start(probe('one'), probe('two'))
      const [one, two] = [pid('one'), pid('two')]
      await runtime.deploy(flow(probe('one'), probe('two', { stallAfter: '9' })), type)
      await until(() => pid('two') !== undefined && pid('two') !== two, 10, 'the second connects anew')
      assert.equal(pid('one'), one)
      await untilRunning(['one', 'two'])
    })

    it(`end what was removed, and its series with it (${type})`, async () => {
      await start(probe('one'), probe('two'))
      const one = pid('one')
      await runtime.deploy(flow(probe('one')), type)
      await untilRunning(['one'])
      assert.equal(pid('one'), one)
      const { body } = await expositionOf(monitorState('default').metrics)
      assert.doesNotMatch(body, /target="two"/)
    })

    it(`end what was switched off (${type})`, async () => {
      await start(probe('one'), probe('two'))
      await runtime.deploy(flow(probe('one'), probe('two', { d: true })), type)
      await untilRunning(['one'])
    })
  }

  it('go on with streams that came by message, for ten seconds without their sender', async () => {
    runtime = await TestRuntime.start(flow(probe('many', { name: '', url: '' })))
    const target = { name: 'one', url: `${fake.server}/one` }
    const payload = { action: 'watch', kind: 'stream', owner: 'stage plan', target }
    runtime.receive('many', { payload })
    await untilRunning(['one'])
    const before = pid('one')
    await runtime.deploy(flow(probe('many', { name: '', url: '' })))
    runtime.receive('many', { payload })
    await new Promise((resolve) => setTimeout(resolve, 300))
    assert.equal(pid('one'), before)
  })

  it('move the stream when its monitor changed, and leave nothing in the old one', async () => {
    await start(probe('one'))
    await runtime.deploy([...flow(probe('one')), { id: 'monitor-2', type: 'hmonitor-monitor', name: '' }], 'nodes')
    await until(() => monitorState('monitor-2').directory.has('stream', 'one'), 5, 'it is in the new monitor')
    assert.equal(monitorState('default').directory.list().length, 0)
    await untilRunning(['one'])
    await runtime.deploy(flow(probe('one')), 'nodes')
    await until(() => monitorState('default').directory.has('stream', 'one'), 5, 'it is back')
    await untilRunning(['one'])
    assert.ok(!monitorStates().some(({ id }) => id === 'monitor-2'))
  })

  it('leave nothing behind, a hundred times', async () => {
    const metric: FlowNode = { id: 'metric-1', type: 'hmonitor-metric', metric: 'venue_x', metricType: 'gauge' }
    const targets: FlowNode = { id: 'targets-1', type: 'hmonitor-targets', file: '' }
    const serve: FlowNode = { id: 'serve-1', type: 'hmonitor-serve', what: 'auto' }
    const all = (name: string) => [...flow(probe('one'), { ...metric, name }, targets, serve)]
    runtime = await TestRuntime.start(all(''))
    await untilRunning(['one'])
    await until(() => sequences('one').length > 3, 10, 'it is observed')
    await runtime.deploy(all('begin'))
    const count = async () => {
      const resources: Record<string, number> = {}
      for (const name of process.getActiveResourcesInfo()) resources[name] = (resources[name] ?? 0) + 1
      const { body } = await expositionOf(monitorState('default').metrics)
      // Some series of a stream come only after seconds; none may come of another stream or metric.
      const series = [...new Set(body.match(/target="[^"]*"|^venue_\w+/gm))].sort()
      const { Timeout: timers = 0, ChildProcess: children, PipeWrap: pipes } = resources
      return { timers, children, pipes, series, listeners: runtime.listeners(), process: process.eventNames().length }
    }
    const before = await count()
    const opened = fake.sessions().length
    for (let deploy = 0; deploy < 100; deploy++) await runtime.deploy(all(`${deploy}`), deploy % 2 ? 'nodes' : 'full')
    const afterwards = await count()
    assert.equal(fake.sessions().length, opened, 'no session was opened again')
    assert.ok(afterwards.timers <= before.timers + 2, `${afterwards.timers} timers, before ${before.timers}`)
    // An inspection may have been under way before.
    assert.ok((afterwards.pipes ?? 0) <= (before.pipes ?? 0), `${afterwards.pipes} pipes, before ${before.pipes}`)
    assert.ok((afterwards.children ?? 0) <= (before.children ?? 0), `${afterwards.children} children`)
    const lasting = ({ series, listeners, process }: typeof before) => ({ series, listeners, process })
    assert.deepEqual(lasting(afterwards), lasting(before))
  })
})
