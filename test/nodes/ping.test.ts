import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import type { Observation } from '../../src/observation/observation.ts'
import type { PingMeasurements } from '../../src/observation/ping.ts'
import { until } from '../fixtures/wait.ts'
import type { FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

type PingObservation = Observation<'ping', PingMeasurements>

describe('the ping node', () => {
  let runtime: TestRuntime
  afterEach(() => runtime.stop())

  const node = (more: object = {}): FlowNode => ({
    ...{ id: 'test', type: 'hmonitor-ping', name: 'myself', address: '127.0.0.1' },
    ...{ interval: '1', count: '2', ...more },
  })
  const observed = (id = 'test') => runtime.sent(id).map(({ payload }) => payload as PingObservation)
  const untilState = (state: string, target = 'myself') =>
    until(
      () => observed().findLast((observation) => observation.target === target)?.state === state,
      10,
      () => `${target} is ${state}: ${JSON.stringify(observed().at(-1))}`,
    )

  it('pings the host of its dialog and shows how long it takes', async () => {
    runtime = await TestRuntime.start(flowOf(node({ labels: { room: 'stage' } })))
    await untilState('ok')
    const newest = observed().at(-1)
    assert.deepEqual(newest?.labels, { room: 'stage' })
    assert.deepEqual([newest?.measurements.up, newest?.measurements.loss], [true, 0])
    const { fill, text = '' } = runtime.status('test')
    assert.equal(fill, 'green')
    assert.match(text, /^[\d.]+ ms$/)
    assert.ok(text.length < 20)
  })

  it('pings over IPv6, and hosts that messages name', async () => {
    runtime = await TestRuntime.start(flowOf(node({ name: '', address: '' })))
    const target = { name: 'v6', address: '::1', interval: 1, count: 1 }
    runtime.receive('test', { payload: { action: 'watch', kind: 'ping', target } })
    await untilState('ok', 'v6')
    assert.equal(observed().at(-1)?.measurements.address, '::1')
  })

  it('pings at once when any other message comes, and answers on that message', async () => {
    runtime = await TestRuntime.start(flowOf(node({ interval: '3600' })))
    await untilState('ok')
    const before = observed().at(-1)?.sequence ?? 0
    runtime.receive('test', { topic: 'myself', payload: 'now', _msgid: 'asked' })
    await until(() => runtime.sent('test', 2).length > 0, 5, 'it answers')
    const [answer] = runtime.sent('test', 2)
    assert.equal(answer?._msgid, 'asked')
    const { sequence = 0 } = (answer?.payload ?? {}) as Partial<PingObservation>
    assert.ok(sequence > before)
  })

  it('says where a name is not known, and is not green then', async () => {
    runtime = await TestRuntime.start(flowOf(node({ address: 'no-such-host.invalid' })))
    await until(() => observed().at(-1)?.error?.code === 'name-not-found', 5, 'it says so')
    assert.equal(observed().at(-1)?.state, 'unknown')
    assert.equal(runtime.status('test').text, 'name-not-found')
  })

  it('keeps what a variable fills into the address to itself', async () => {
    process.env.HMONITOR_TEST_HOST = '0.0.1'
    try {
      runtime = await TestRuntime.start(flowOf(node({ name: '', address: '127.$' + '{HMONITOR_TEST_HOST}' })))
      await untilState('ok', 'host')
      assert.doesNotMatch(JSON.stringify(observed()), /127\.0\.0\.1/)
    } finally {
      delete process.env.HMONITOR_TEST_HOST
    }
  })

  it('refuses an address that is an option or a URL', async () => {
    runtime = await TestRuntime.start(flowOf(node({ address: '-f' })))
    await until(() => runtime.status('test').text === 'refused: see log', 5, 'it is refused')
    assert.equal(runtime.status('test').fill, 'red')
  })
})
