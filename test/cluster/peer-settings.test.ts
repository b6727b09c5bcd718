import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { identityHeaders, identityIn } from '../../src/cluster/peer-identity.ts'
import { parsePeers } from '../../src/cluster/peer-settings.ts'

const CLUSTER = { SHARD: '0/2', PEER_TOKEN: 'a token' }

describe('PEERS', () => {
  it('lists addresses, each once, with commas or spaces between them', () => {
    assert.deepEqual(parsePeers({ ...CLUSTER, PEERS: 'http://m0:1880, http://m1:1880/ http://m0:1880' }), [
      'http://m0:1880',
      'http://m1:1880',
    ])
    assert.deepEqual(parsePeers({}), [])
    assert.deepEqual(parsePeers({ PEERS: ' ' }), [])
  })

  it('is refused with the reason, and without what may be a password', () => {
    const wrong: Record<string, RegExp> = {
      'm0:1880': /entry 1 is no address/,
      'http://m0,ftp://m1': /entry 2 is no address/,
      'http://admin:hunter2@m0': /without a login/,
      'http://m0/hmonitor': /entry 1 has a path/,
      [Array.from({ length: 201 }, (_, index) => `http://m${index}`).join(',')]: /lists 201 addresses/,
    }
    for (const [PEERS, message] of Object.entries(wrong)) {
      assert.throws(() => parsePeers({ ...CLUSTER, PEERS }), { code: 'invalid-peers', message })
    }
    assert.throws(
      () => parsePeers({ ...CLUSTER, PEERS: 'http://admin:hunter2@m0' }),
      (error: Error) => !error.message.includes('hunter2'),
    )
  })

  it('needs SHARD and a token that all have', () => {
    assert.throws(() => parsePeers({ PEERS: 'http://m0', PEER_TOKEN: 'x' }), { message: /SHARD is not/ })
    assert.throws(() => parsePeers({ PEERS: 'http://m0', SHARD: '0/2' }), { message: /PEER_TOKEN is not/ })
    assert.deepEqual(parsePeers({ PEERS: 'http://m0', SHARD: '0/2', PEER_TOKEN_FILE: 'token' }), ['http://m0'])
  })
})

describe('who a peer is', () => {
  it('is read from the headers in which it says it, whatever its cluster is called', () => {
    const identity = { instance: 'a-1', cluster: 'Große Halle, "1"', index: 2, count: 8 }
    assert.deepEqual(identityIn(identityHeaders(identity)), identity)
  })

  it('is nobody where they are not as they should be', () => {
    const right = identityHeaders({ instance: 'a', cluster: 'hall', index: 0, count: 2 })
    for (const wrong of [
      { 'hmonitor-shard': '2' },
      { 'hmonitor-shard': undefined },
      { 'hmonitor-instance': '' },
      { 'hmonitor-cluster': '%' },
    ])
      assert.equal(identityIn({ ...right, ...wrong }), null)
  })
})
