import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { partition, type SharedTarget } from '../../src/targets/partition.ts'
import { ownerOf } from '../../src/targets/shard.ts'

const SHARED = new Set(['ping', 'service'])

function target(kind: string, name: string, more: Partial<SharedTarget> = {}): SharedTarget {
  const watchedBy = SHARED.has(kind) ? 'each-that-needs-it' : 'one-shard'
  return { kind, name, label: name, watchedBy, dependsOn: [], ...more }
}

/** By kind and name: the shards that watch it. */
function shardsOf(targets: readonly SharedTarget[], count: number): Record<string, number[]> {
  const shards: Record<string, number[]> = {}
  for (let index = 0; index < count; index++) {
    for (const { kind, name } of partition(targets, { index, count }).own) {
      const key = `${kind}/${name}`
      shards[key] = [...(shards[key] ?? []), index]
    }
  }
  return shards
}

function refusals(targets: readonly SharedTarget[], count = 4): string[] {
  return partition(targets, { index: 0, count }).refused.map(({ error }) => error.message)
}

/** Streams that are not all in one of four shards. */
const SPREAD = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight']

describe('targets that several monitors share', () => {
  it('have each one owner, whatever the order of the file', () => {
    const streams = SPREAD.map((name) => target('stream', name))
    const shards = shardsOf(streams, 4)
    for (const name of SPREAD) assert.deepEqual(shards[`stream/${name}`], [ownerOf(name, 4)])
    assert.deepEqual(shardsOf(streams.toReversed(), 4), shards)
    assert.deepEqual(partition(streams, { index: 0, count: 1 }).own, streams)
  })

  it('are together where their streams say the same key, and a backup is where its main stream is', () => {
    const targets = [
      ...SPREAD.map((name) => target('stream', name, { shardKey: 'hall' })),
      target('stream', 'spare', { backupOf: 'one' }),
      target('stream', 'second spare', { backupOf: 'spare' }),
    ]
    for (const shards of Object.values(shardsOf(targets, 4))) assert.deepEqual(shards, [ownerOf('hall', 4)])
    const circle = [target('stream', 'a', { backupOf: 'b' }), target('stream', 'b', { backupOf: 'a' })]
    const { 'stream/a': a, 'stream/b': b } = shardsOf(circle, 40)
    assert.deepEqual(a, b)
  })

  it('have hosts and services with every stream that needs them, directly or not, and else once', () => {
    const targets = [
      ...SPREAD.map((name) => target('stream', name, { dependsOn: ['ingest'] })),
      target('service', 'ingest', { dependsOn: ['gateway'] }),
      ...[target('ping', 'gateway'), target('ping', 'printer'), target('ping', 'switch', { dependsOn: ['core'] })],
      target('ping', 'core'),
    ]
    const shards = shardsOf(targets, 4)
    const users = [...new Set(SPREAD.map((name) => ownerOf(name, 4)))].sort()
    assert.ok(users.length > 1)
    assert.deepEqual(shards['service/ingest'], users)
    assert.deepEqual(shards['ping/gateway'], users)
    assert.deepEqual(shards['ping/printer'], [ownerOf('printer', 4)])
    assert.deepEqual(shards['ping/core'], shards['ping/switch'])
  })

  it('have an encoder, a platform and what they need with the stream that names them', () => {
    const targets = [
      target('stream', 'one', { dependsOn: ['encoder'], platform: 'event' }),
      ...[target('encoder', 'encoder', { dependsOn: ['gateway'] }), target('ping', 'gateway')],
      ...[target('platform', 'event'), target('platform', 'other event', { dependsOn: ['encoder'] })],
      target('bandwidth', 'uplink'),
    ]
    const { 'bandwidth/uplink': uplink, ...others } = shardsOf(targets, 40)
    for (const [name, shards] of Object.entries(others)) assert.deepEqual(shards, [ownerOf('one', 40)], name)
    assert.deepEqual(uplink, [ownerOf('uplink', 40)])
  })

  it('are refused where one shard must have what streams of several need, with what to do', () => {
    const two = ['one', 'two'].map((name) => target('stream', name, { dependsOn: ['encoder'] }))
    const [message = '', ...more] = refusals([...two, target('encoder', 'encoder')])
    assert.equal(more.length, 0)
    assert.match(message, /encoder: "one", "two" need it, .* give these streams one "shardKey"/)
    const together = two.map((stream) => ({ ...stream, shardKey: 'hall' }))
    assert.deepEqual(refusals([...together, target('encoder', 'encoder')]), [])
    // By keys: one shard alone is told the same as forty.
    assert.equal(refusals([...two, target('encoder', 'encoder')], 1).length, 1)

    const backup = [target('stream', 'one'), target('stream', 'spare', { backupOf: 'one', shardKey: 'other' })]
    assert.match(refusals(backup).join(), /its shardKey "other" is not that of "one", whose backup it is/)
    const chained = [target('stream', 'one'), target('stream', 'two', { dependsOn: ['one'] })]
    assert.match(refusals(chained).join(), /two: it depends on "one"/)
  })

  it('are parted in a moment, ten thousand of them', () => {
    const targets = [
      ...Array.from({ length: 10_000 }, (_, index) => target('stream', `s${index}`, { dependsOn: ['gateway'] })),
      target('ping', 'gateway'),
    ]
    const { own, refused } = partition(targets, { index: 3, count: 40 })
    assert.equal(refused.length, 0)
    assert.ok(own.length > 180 && own.length < 330 && own.some(({ name }) => name === 'gateway'))
  })
})
