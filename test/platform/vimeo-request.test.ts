import assert from 'node:assert/strict'
import { after, before, beforeEach, describe, it } from 'node:test'
import type { VimeoFault } from '../../app/demo/vimeo/faults.ts'
import { VimeoSimulator } from '../../app/demo/vimeo/vimeo-simulator.ts'
import { type ApiAddress, ask, parseApiAddress, type VimeoAnswer } from '../../src/platform/vimeo-request.ts'
import { until } from '../fixtures/wait.ts'
import { forever, TOKEN } from './simulated.ts'

describe('a request to Vimeo', () => {
  const simulator = new VimeoSimulator({ token: TOKEN })
  let address: ApiAddress
  before(async () => {
    address = parseApiAddress(await simulator.start())
    simulator.add({ id: 1, phase: 'streaming' })
  })
  after(() => simulator.stop())
  beforeEach(() => simulator.behave())
  const get = (timeout = 5, signal = forever(), path = '/live_events/1') =>
    ask({ path, query: { fields: 'uri' }, token: TOKEN, address, timeout, signal })
  const untilClosed = () =>
    until(
      () => simulator.connections === 0,
      2,
      () => `${simulator.connections} are open`,
    )

  it('gives status, body and headers, and asks only for the fields it names', async () => {
    const answer = await get()
    assert.equal(answer.came, 'answer')
    assert.ok(answer.came === 'answer')
    assert.deepEqual([answer.status, answer.body], [200, { uri: '/live_events/1' }])
    assert.equal(answer.headers['x-ratelimit-limit'], '1000')
  })

  it('keeps the status of an error, which the library loses', async () => {
    const answer = await get(5, forever(), '/live_events/99')
    assert.ok(answer.came === 'answer')
    assert.equal(answer.status, 404)
  })

  const faults: [VimeoFault, Partial<Extract<VimeoAnswer, { what: string }>>][] = [
    [{ fault: 'hang' }, { came: 'nothing', why: 'timeout' }],
    [{ fault: 'hang-in-body' }, { came: 'nothing', why: 'timeout' }],
    [
      { fault: 'slow', seconds: 5 },
      { came: 'nothing', why: 'timeout' },
    ],
    [
      { fault: 'cut' },
      { came: 'nothing', why: 'unreachable', what: 'the server ends the connection in the middle of its answer' },
    ],
    [
      { fault: 'reset' },
      { came: 'nothing', why: 'unreachable', what: 'the server ends the connection without an answer' },
    ],
    [{ fault: 'huge' }, { came: 'nothing', why: 'unreachable', what: 'the answer is longer than 4194304 bytes' }],
    [{ fault: 'malformed' }, { came: 'nonsense', status: 200 }],
    [
      { fault: 'redirect', to: 'http://elsewhere.example/' },
      { came: 'nonsense', status: 302 },
    ],
  ]
  for (const [fault, expected] of faults) {
    it(`settles and leaves no connection when the server does this: ${fault.fault}`, async () => {
      simulator.order(fault)
      const answer: object = await get(/^(hang|slow)/.test(fault.fault) ? 0.05 : 5)
      for (const [key, value] of Object.entries(expected)) {
        assert.equal((answer as Record<string, unknown>)[key], value, JSON.stringify(answer))
      }
      await untilClosed()
    })
  }

  it('says that nobody listens', async () => {
    const answer = await ask({
      ...{ path: '/', query: {}, token: TOKEN, timeout: 1, signal: forever() },
      address: { protocol: 'http:', hostname: '127.0.0.1', port: '1' },
    })
    assert.deepEqual(answer, {
      came: 'nothing',
      why: 'unreachable',
      what: 'the server refuses the connection: nothing listens on that port',
    })
  })

  it('ends at once, with its connection, when it is aborted', async () => {
    simulator.order({ fault: 'hang' })
    const abort = new AbortController()
    const asked = get(10, abort.signal)
    await until(() => simulator.connections === 1, 2, 'it is asked')
    abort.abort(new Error('the node was closed'))
    await assert.rejects(asked, /the node was closed/)
    await untilClosed()
  })
})

describe('where Vimeo is taken to be', () => {
  it('may be another host by https, and this machine by http', () => {
    assert.deepEqual(parseApiAddress('http://127.0.0.1:8080'), {
      ...{ protocol: 'http:', hostname: '127.0.0.1', port: '8080' },
    })
    assert.equal(parseApiAddress('https://proxy.example').port, '443')
    assert.equal(parseApiAddress('http://[::1]:80').hostname, '::1')
  })

  it('is refused where the token would go out in clear text, or is no address', () => {
    for (const text of ['http://proxy.example', 'ftp://127.0.0.1', 'https://u:p@proxy.example', 'https://a/b', 'x']) {
      assert.throws(() => parseApiAddress(text), { code: 'invalid-url' }, text)
    }
  })
})
