import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { connectTcp, explainConnectError } from '../../src/stream/reachability.ts'
import { startPeer } from '../fixtures/peers.ts'
import { freePort } from '../fixtures/ports.ts'

const { signal } = new AbortController()

describe('whether a server can be reached', () => {
  it('is seen by a connection that sends nothing and ends at once', async () => {
    const peer = await startPeer((socket) => socket.on('data', () => assert.fail('something was sent')))
    assert.deepEqual(await connectTcp('127.0.0.1', peer.port, 1, signal), { reachable: true, address: '127.0.0.1' })
    assert.equal((await connectTcp('localhost', peer.port, 1, signal)).reachable, true)
    await peer.stop()
  })

  it('is not so where nothing listens or no such host exists', async () => {
    const refused = await connectTcp('127.0.0.1', await freePort(), 1, signal)
    assert.equal(!refused.reachable && refused.end, 'refused')
    const unknown = await connectTcp('no-such-host.invalid', 1935, 4, signal)
    assert.equal(!unknown.reachable && unknown.end, 'unreachable')
  })

  it('is given up when that is asked for', async () => {
    const answer = await connectTcp('127.0.0.1', await freePort(), 60, AbortSignal.abort())
    assert.deepEqual(answer, { reachable: false, end: 'killed', message: 'given up' })
  })

  it('is told in words, whatever the error', () => {
    for (const [code, end] of [
      ['ECONNREFUSED', 'refused'],
      ['EHOSTUNREACH', 'unreachable'],
      ['ENETUNREACH', 'unreachable'],
      ['ETIMEDOUT', 'unreachable'],
      ['EAI_AGAIN', 'dns-failed'],
      ['ECONNRESET', 'refused'],
      ['EMFILE', 'no-resources'],
      ['ESOMETHING', 'unreachable'],
    ]) {
      const said = explainConnectError(Object.assign(new Error('x'), { code }))
      assert.equal(said.end, end)
      assert.ok(said.message.length > 10)
    }
    const several = new AggregateError([Object.assign(new Error('x'), { code: 'ECONNREFUSED' })])
    assert.equal(explainConnectError(several).end, 'refused')
  })
})
