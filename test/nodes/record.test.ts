import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { monitorState } from '../../src/node-red/monitor-states.ts'
import type { Observation } from '../../src/observation/observation.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import { expositionOf } from '../exposition.ts'
import { until } from '../fixtures/wait.ts'
import { observation } from '../metrics/observations.ts'
import type { FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

const record = (more: object = {}): FlowNode => ({ id: 'record-1', type: 'hmonitor-record', name: '', ...more })

describe('the record node', () => {
  let runtime: TestRuntime
  afterEach(async () => {
    monitorState('default').directory.leave('stream', 'main', 'test')
    await runtime.stop()
  })
  const start = async (more: object = {}) => {
    runtime = await TestRuntime.start(flowOf(record(more)))
    monitorState('default').directory.enter('stream', 'main', 'test', 1)
  }
  const send = (payload: unknown) => runtime.receive('record-1', { topic: 'main', payload })
  const passed = () => runtime.sent('record-1').length
  const exposition = async () => (await expositionOf(monitorState('default').metrics)).body

  it('turns an observation into metrics and passes the message on', async () => {
    await start()
    const observed = observation()
    send(observed)
    await until(() => passed() === 1, 5, 'it is passed on')
    assert.match(await exposition(), /^hmonitor_stream_up\{target="main"\} 1$/m)
    assert.deepEqual(runtime.sent('record-1')[0]?.payload, observed)
  })

  it('leaves it to the watch what was observed last', async () => {
    await start()
    send(observation())
    await until(() => passed() === 1, 5, 'it is passed on')
    assert.equal(monitorState('default').newest.get('stream', 'main'), undefined)
  })

  it('passes over everything that is no observation', async () => {
    await start()
    for (const payload of [undefined, 'text', 7, [], { subject: 'main', parameters: null }, { event: 'state' }])
      send(payload)
    await until(() => passed() === 6, 5, 'all are passed on')
    assert.doesNotMatch(await exposition(), /target="main"/)
    assert.deepEqual(runtime.caught(), [])
  })

  it('does not bring back a target that is no longer watched', async () => {
    await start()
    send(observation())
    await until(() => passed() === 1, 5, 'it is recorded')
    monitorState('default').directory.leave('stream', 'main', 'test')
    send(observation({ sequence: 99 }))
    await until(() => passed() === 2, 5, 'it is passed on')
    assert.doesNotMatch(await exposition(), /target="main"/)
  })

  const { measurements, ...rest } = observation() as Observation<'stream', StreamMeasurements>
  const malformed: [what: string, payload: unknown][] = [
    ['without a kind', { ...rest, kind: undefined, measurements }],
    ['of a kind that there is not', { ...rest, kind: 'weather', measurements }],
    ['without a target', { ...rest, target: '', measurements }],
    ['with labels that are no texts', { ...rest, labels: { room: 1 }, measurements }],
    ['at a time that is none', { ...rest, time: 'noon', measurements }],
    ['with half a sequence', { ...rest, sequence: 1.5, measurements }],
    ['in a state that there is not', { ...rest, state: 'fine', measurements }],
    ['expected perhaps', { ...rest, expected: 'perhaps', measurements }],
    ['with a score in words', { ...rest, score: 'high', measurements }],
    ['without issues', { ...rest, issues: null, measurements }],
    ['with issues that are none', { ...rest, issues: ['streamStalled'], measurements }],
    ['with measurements that are none', { ...rest, measurements: 7 }],
    ['with measurements of something else', { ...rest, measurements: { rtt: 0.1 } }],
  ]
  for (const [what, payload] of malformed) {
    it(`hands an observation ${what} to Catch nodes, and records nothing of it`, async () => {
      await start()
      send(payload)
      await until(() => runtime.caught().length === 1, 5, 'it is caught')
      assert.equal(runtime.caught()[0]?.code, 'invalid-message')
      assert.doesNotMatch(await exposition(), /target="main"/)
      assert.equal(passed(), 0)
    })
  }

  it('tells another exporter every changed sample, when switched on', async () => {
    await start({ samples: true })
    send(observation())
    await until(() => passed() === 1, 5, 'it is passed on')
    const samples = () => runtime.sent('record-1', 1)
    const up = samples().find(({ topic }) => topic === 'hmonitor_stream_up')
    assert.deepEqual(up?.payload, { op: 'set', val: 1, labels: { target: 'main' } })
    const first = samples().length
    send(observation({ sequence: 2 }))
    await until(() => passed() === 2, 5, 'it is passed on')
    assert.equal(samples().length, first, 'nothing changed, so nothing is told')
  })

  it('tells nothing to others unless switched on', async () => {
    await start()
    send(observation())
    await until(() => passed() === 1, 5, 'it is passed on')
    assert.deepEqual(runtime.sent('record-1', 1), [])
  })

  it('keeps counters over a deploy', async () => {
    await start()
    send(observation())
    await until(() => passed() === 1, 5, 'it is passed on')
    const line = /^hmonitor_stream_received_bytes_total\{target="main",media="video"\} .*$/m
    const before = line.exec(await exposition())?.[0]
    assert.ok(before)
    await runtime.deploy(flowOf(record({ name: 'again' })))
    assert.equal(line.exec(await exposition())?.[0], before)
  })
})
