import assert from 'node:assert/strict'
import { once } from 'node:events'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, describe, it } from 'node:test'
import type { Observation } from '../../src/observation/observation.ts'
import type { ServiceMeasurements } from '../../src/observation/service.ts'
import { until } from '../fixtures/wait.ts'
import type { FlowNode } from '../runtime.ts'
import { flowOf, TestRuntime } from './node-red.ts'

type ServiceObservation = Observation<'service', ServiceMeasurements>

describe('the service node', () => {
  let runtime: TestRuntime
  let server: http.Server
  let port = 0
  let status = 200

  before(async () => {
    server = http.createServer((request, response) => {
      response.statusCode = status
      response.end(`it works, ${request.url}`)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  after(() => server.close())
  afterEach(async () => {
    status = 200
    await runtime.stop()
  })

  const node = (more: object = {}): FlowNode => ({
    ...{ id: 'test', type: 'hmonitor-service', name: 'page', url: `http://127.0.0.1:${port}/live` },
    ...{ interval: '1', ...more },
  })
  const observed = () => runtime.sent('test').map(({ payload }) => payload as ServiceObservation)
  const untilState = (state: string, target = 'page') =>
    until(
      () => observed().findLast((observation) => observation.target === target)?.state === state,
      10,
      () => `${target} is ${state}: ${JSON.stringify(observed().at(-1))}`,
    )

  it('checks the service of its dialog and shows status and time', async () => {
    runtime = await TestRuntime.start(flowOf(node({ bodyContains: 'it works', httpStatus: '200, 204' })))
    await untilState('ok')
    const newest = observed().at(-1)
    assert.equal(newest?.measurements.httpStatus, 200)
    assert.ok((newest?.measurements.durations.response ?? 0) > 0)
    const { fill, text = '' } = runtime.status('test')
    assert.equal(fill, 'green')
    assert.match(text, /^200 in \d+ ms$/)
    assert.ok(text.length < 20)
  })

  it('raises an issue when the answer is wrong, and clears it when it is right again', async () => {
    runtime = await TestRuntime.start(flowOf(node()))
    await untilState('ok')
    status = 503
    await untilState('down')
    const [issue] = observed().at(-1)?.issues ?? []
    assert.equal(issue?.type, 'wrongAnswer')
    assert.match(issue?.summary ?? '', /status 503 \(expected 200 to 299\)/)
    assert.equal(runtime.status('test').fill, 'red')
    status = 200
    await untilState('ok')
    const events = runtime.sent('test', 1).map(({ payload }) => (payload as { event: string }).event)
    assert.ok(events.includes('raised') && events.includes('cleared'))
  })

  it('checks services that messages name', async () => {
    runtime = await TestRuntime.start(flowOf(node({ name: '', url: '' })))
    const target = { name: 'port', url: `tcp://127.0.0.1:${port}`, interval: 1 }
    runtime.receive('test', { payload: { action: 'watch', kind: 'service', target } })
    await untilState('ok', 'port')
  })

  it('never shows a key that stands in the address, even where the server tells it', async () => {
    runtime = await TestRuntime.start(flowOf(node({ url: `http://127.0.0.1:${port}/live?token=very-secret-token` })))
    status = 302
    await untilState('down')
    assert.doesNotMatch(JSON.stringify([runtime.sent('test'), runtime.sent('test', 1)]), /very-secret/)
  })

  it('refuses an address that cannot be checked', async () => {
    runtime = await TestRuntime.start(flowOf(node({ url: 'ftp://server.example' })))
    await until(() => runtime.status('test').text === 'refused: see log', 5, 'it is refused')
    assert.equal(runtime.status('test').fill, 'red')
  })
})
