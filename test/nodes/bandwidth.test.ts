import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, describe, it } from 'node:test'
import { bandwidthEndpoint } from '../../src/network/bandwidth/endpoint.ts'
import { monitorState } from '../../src/node-red/monitor-states.ts'
import type { BandwidthMeasurements } from '../../src/observation/bandwidth.ts'
import type { Observation } from '../../src/observation/observation.ts'
import { until } from '../fixtures/wait.ts'
import type { FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

type BandwidthObservation = Observation<'bandwidth', BandwidthMeasurements>

const TOKEN = 'token/with:odd@signs'

describe('the bandwidth node', () => {
  let runtime: TestRuntime
  let server: http.Server
  let address = ''

  before(async () => {
    server = http.createServer(bandwidthEndpoint({ token: async () => TOKEN })).listen(0, '127.0.0.1')
    await once(server, 'listening')
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/bandwidth`
  })
  after(() => server.close())
  afterEach(() => runtime.stop())

  const node = (more: object = {}): FlowNode => ({
    ...{ id: 'test', type: 'hmonitor-bandwidth', name: 'uplink', url: address },
    ...{ direction: 'up', interval: '3600', seconds: '2', megabytes: '500', ...more },
  })
  const credentials = { test: { token: TOKEN } }
  const observed = () => runtime.sent('test').map(({ payload }) => payload as BandwidthObservation)
  const untilState = (state: string) =>
    until(
      () => observed().at(-1)?.state === state,
      8,
      () => `it is ${state}: ${JSON.stringify(observed().at(-1))}`,
    )

  it('tests the connection of its dialog with its token, and shows the result', async () => {
    runtime = await TestRuntime.start(flowOf(node({ labels: { room: 'stage' } })), credentials)
    await untilState('ok')
    const newest = observed().at(-1)
    assert.equal(newest?.target, 'uplink')
    assert.deepEqual(newest?.labels, { room: 'stage' })
    assert.ok((newest?.measurements.bytesPerSecond ?? 0) > 1e6)
    assert.match(runtime.status('test').text ?? '', /^ok \d+(\.\d)? Mb\/s up$/)
    assert.equal(runtime.status('test').fill, 'green')
  })

  it('says when it is less than what is required', async () => {
    runtime = await TestRuntime.start(flowOf(node({ required: '99999' })), credentials)
    await untilState('degraded')
    const [issue] = observed().at(-1)?.issues ?? []
    assert.equal(issue?.type, 'bandwidthLow')
    assert.match(issue?.summary ?? '', /The upload carries .* Mb\/s \(expected 149998.5 Mb\/s\)/)
  })

  it('says that the other side refuses it, and never shows the token', async () => {
    runtime = await TestRuntime.start(flowOf(node()), { test: { token: 'not-the-right-one' } })
    await until(() => observed().at(-1)?.error?.code === 'wrong-answer', 10, 'the test fails')
    assert.equal(observed().at(-1)?.state, 'unknown')
    const text = JSON.stringify(observed())
    assert.match(text, /HTTP status 401/)
    assert.doesNotMatch(text, /not-the-right-one/)
  })

  it('puts a test off while a stream that depends on it is watched and not known to be off air', async () => {
    const state = monitorState('default')
    const links = { dependsOn: ['uplink'], platform: null, backupOf: null }
    state.directory.enter('stream', 'main', 'another-node', 1, links)
    runtime = await TestRuntime.start(flowOf(node()), credentials)
    try {
      await until(() => observed().at(-1)?.error?.code === 'postponed', 5, 'the test is put off')
      assert.equal(observed().at(-1)?.state, 'unknown')
      state.directory.leave('stream', 'main', 'another-node')
      runtime.receive('test', { payload: 'now' })
      await untilState('ok')
    } finally {
      state.directory.leave('stream', 'main', 'another-node')
    }
  })

  it('is red and says why when its address is none', async () => {
    runtime = await TestRuntime.start(flowOf(node({ url: 'gopher://speed.example' })), {})
    await until(() => runtime.status('test').text === 'refused: see log', 5, 'it is refused')
    assert.equal(runtime.status('test').fill, 'red')
  })
})
