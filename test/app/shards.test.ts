import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { banner } from '../../app/banner.ts'
import { balancerConfiguration } from '../../app/shards/nginx-configuration.ts'
import { planShards, reachable, shardCount, shardPorts } from '../../app/shards/shards.ts'
import { parsePeers } from '../../src/cluster/peer-settings.ts'
import { parseShard } from '../../src/targets/shard.ts'

const ALONE = { shard: null, peers: [] }
const plan = (user: NodeJS.ProcessEnv = {}) =>
  planShards([4001, 4002], { dataDir: '/data', url: 'http://127.0.0.1:4000', user })

describe('how many monitors --shards starts', () => {
  it('is one where it is not there, and what it says', () => {
    assert.equal(shardCount(undefined, ALONE), null)
    assert.equal(shardCount('2', ALONE), 2)
  })

  for (const option of ['', '1', '0', '9', '-2', '2.5', 'two', '1e1']) {
    it(`is not "${option}"`, () => assert.throws(() => shardCount(option, ALONE), /must be 2 to 8/))
  }

  it('is refused where the environment says which shard this one is', () => {
    assert.throws(() => shardCount('2', { shard: { index: 0, count: 2 }, peers: [] }), /is set already/)
    assert.throws(() => shardCount('2', { shard: null, peers: ['http://m0:1880'] }), /is set already/)
  })
})

describe('what each of several monitors of one computer gets', () => {
  it('is a part of its own, the addresses of all, and one token', () => {
    const shards = plan().map(({ variables }) => ({
      shard: parseShard(variables),
      peers: parsePeers(variables),
      token: variables.PEER_TOKEN,
    }))
    assert.deepEqual(
      shards.map(({ shard }) => shard),
      [0, 1].map((index) => ({ index, count: 2 })),
    )
    for (const { peers } of shards) assert.deepEqual(peers, ['http://127.0.0.1:4001', 'http://127.0.0.1:4002'])
    assert.equal(new Set(shards.map(({ token }) => token)).size, 1)
    assert.ok((shards[0]?.token ?? '').length > 30)
  })

  it('is a folder of its own', () => {
    assert.deepEqual(
      plan().map(({ dataDir, variables }) => [dataDir, variables.DATA_DIR]),
      ['/data/shard-0', '/data/shard-1'].map((folder) => [folder, folder]),
    )
  })

  it('leaves what the user has said', () => {
    const [said] = plan({
      PEER_TOKEN_FILE: '/token',
      DASHBOARD_URL: 'https://hall.example',
      TRUSTED_PROXIES: '10.0.0.1',
    })
    assert.equal(said?.variables.PEER_TOKEN, undefined)
    assert.equal(said?.variables.DASHBOARD_URL, 'https://hall.example')
    assert.equal(said?.variables.TRUSTED_PROXIES, '10.0.0.1,127.0.0.1')
    assert.equal(plan()[0]?.variables.DASHBOARD_URL, 'http://127.0.0.1:4000/dashboard')
  })

  it('is a port of its own, after the first or free', async () => {
    const free = await shardPorts(0, 3)
    assert.equal(new Set([free.port, ...free.monitors]).size, 4)
    assert.deepEqual(await shardPorts(free.port, 0), { port: free.port, monitors: [] })
  })

  it('says how the balancer is reached from here', () => {
    assert.deepEqual(['0.0.0.0', '::', '::1', '192.0.2.1'].map(reachable), ['127.0.0.1', '[::1]', '[::1]', '192.0.2.1'])
  })
})

describe('the configuration of nginx', () => {
  const text = balancerConfiguration({ folder: '/da"ta', host: '::', port: 80, monitors: [4001, 4002] })

  it('has each monitor, and where it listens', () => {
    assert.match(text, /listen \[::\]:80;/)
    assert.deepEqual(text.match(/server 127\.0\.0\.1:\d+/g), ['server 127.0.0.1:4001', 'server 127.0.0.1:4002'])
  })

  it('sends a browser to the monitor that its cookie leads to', () => {
    assert.match(text, /hash \$route consistent;/)
    assert.match(text, /add_header Set-Cookie "hmonitor_route=\$route;/)
  })

  it('quotes the folder', () => assert.match(text, /pid "\/da\\"ta\/nginx\.pid";/))
})

describe('what is shown when several monitors are up', () => {
  it('is the dashboard of all behind the balancer, and the editor of each', () => {
    const text = banner({
      url: 'http://127.0.0.1:4000',
      monitors: ['http://127.0.0.1:4001', 'http://127.0.0.1:4002'],
      login: { hash: '', from: 'kept', password: null, keep() {} },
      token: { value: null, from: 'none' },
      tokenFile: '',
      watched: { from: 'demo' },
      taken: { watched: 1, refused: 0, mistakes: [] },
      hasDemo: true,
      demoProblem: null,
      ffprobe: { found: true, path: '/usr/bin/ffprobe', version: '5.1.9', from: 'PATH' },
      flows: { did: 'merged' },
      misspelt: [],
      problem: null,
      areCredentialsLost: false,
    })
    assert.match(text, /Editor +http:\/\/127\.0\.0\.1:4001\/\n +http:\/\/127\.0\.0\.1:4002\/\n/)
    assert.match(text, /Dashboard http:\/\/127\.0\.0\.1:4000\/dashboard\/demo\n/)
    assert.match(text, /Status +http:\/\/127\.0\.0\.1:4000\/api\/v1\/status\?scope=cluster\n/)
  })
})
