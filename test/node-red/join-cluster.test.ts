import assert from 'node:assert/strict'
import { afterEach, describe, it } from 'node:test'
import { Cluster } from '../../src/cluster/cluster.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import { joinCluster } from '../../src/node-red/monitors.ts'

const NAMES = ['SHARD', 'SHARD_INDEX', 'SHARD_COUNT', 'PEERS', 'PEER_TOKEN'] as const

describe('joining a cluster', () => {
  afterEach(() => {
    for (const name of NAMES) delete process.env[name]
  })

  function joined(environment: Partial<Record<(typeof NAMES)[number], string>>, name = 'hall') {
    Object.assign(process.env, environment)
    const state = new MonitorState('monitor', KINDS)
    state.name = name
    const said: string[] = []
    joinCluster(state, (message) => said.push(message))
    return { state, said }
  }
  const metricsOf = async ({ metrics }: MonitorState) => String((await metrics.exposition('')).body)

  it('is what SHARD says: each shard has a name of its own, and that of the cluster', () => {
    const { state, said } = joined({ SHARD: '2/8' })
    assert.deepEqual(state.shard, { index: 2, count: 8, cluster: 'hall' })
    assert.equal(state.name, 'hall-2')
    assert.equal(joined({ SHARD: '2/8' }, '').state.name, 'RTMP HMonitor-2')
    assert.deepEqual(said, [])
  })

  it('leaves a monitor as it is where nothing says so, without a metric of shards', async () => {
    const { state, said } = joined({})
    assert.equal(state.shard, null)
    assert.equal(state.name, 'hall')
    assert.deepEqual(said, [])
    assert.doesNotMatch(await metricsOf(state), /shard/)
  })

  it('says what is wrong, and keeps the monitor as it is', () => {
    const { state, said } = joined({ SHARD: '8/8' })
    assert.equal(state.shard, null)
    assert.match(said.join(), /of 8 shards it must be 0 to 7/)
  })

  it('says what is wrong with the peers, and is a shard all the same', () => {
    const { state, said } = joined({ SHARD: '0/2', PEERS: 'http://m0:1880' })
    assert.equal(state.shard?.index, 0)
    assert.equal(state.part(Cluster).isJoined, false)
    assert.match(said.join(), /PEER_TOKEN is not/)
  })

  it('knows the others where PEERS says where they are', () => {
    const { state } = joined({ SHARD: '0/2', PEERS: 'http://m0:1880', PEER_TOKEN: 'x' })
    assert.equal(state.part(Cluster).isJoined, true)
  })

  it('is said on /metrics, with what the file holds of each kind and what is its own', async () => {
    const { state } = joined({ SHARD: '1/4' })
    const file = { targets: { stream: { inFile: 60, own: 14 }, ping: { inFile: 1, own: 1 } }, placed: [] }
    state.targetsMemory('one').sharedFile = { ...file, hash: 2 ** 47 }
    state.targetsMemory('two').sharedFile = { ...file, hash: 2 ** 47 + 5 }
    const text = await metricsOf(state)
    for (const line of [
      'hmonitor_shard_info{cluster="hall",shard="1"} 1',
      'hmonitor_shards{cluster="hall"} 4',
      'hmonitor_shard_targets{cluster="hall",kind="stream"} 28',
      'hmonitor_targets_in_file{cluster="hall",kind="stream"} 120',
      'hmonitor_targets_in_file{cluster="hall",kind="ping"} 2',
      'hmonitor_targets_file_hash{cluster="hall"} 5',
    ])
      assert.ok(text.split('\n').includes(line), line)
  })
})
