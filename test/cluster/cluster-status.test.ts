import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type ClusterInput, type ClusterMember, chosenOf, clusterStatus } from '../../src/cluster/cluster-status.ts'
import type { StatusDocument } from '../../src/monitor/status.ts'
import type { Kind, Observation, State } from '../../src/observation/observation.ts'
import { kinshipOf } from '../incidents/world.ts'

const TIME = '2026-01-31T11:30:00.000Z'

function seen(kind: Kind, target: string, state: State): Observation {
  const base = { kind, target, state, labels: {}, time: TIME, sequence: 1, expected: true, score: null }
  return { ...base, measurements: {}, issues: [] }
}

function saidBy(index: number, targets: Observation[]): { shard: number; document: StatusDocument } {
  const instance = { name: `hall-${index}`, site: '', version: '1', startedAt: TIME, time: TIME }
  const rejected = { targets: 0, total: 0, entries: [] }
  return { shard: index, document: { instance, targets, alerts: [], incidents: [], rejected, lasting: [] } }
}

const member = (index: number, more: Partial<ClusterMember> = {}): ClusterMember => ({
  ...{ monitor: `hall-${index}`, site: '', shard: index, state: 'answers', targets: 1, address: null },
  ...more,
})

function input(more: Partial<ClusterInput>): ClusterInput {
  const own = saidBy(0, [seen('stream', 'a', 'ok')])
  const kinship = kinshipOf([])
  return { name: 'hall', own, answers: [], silent: [], placed: [], kinship, members: [], elsewhere: [], ...more }
}

describe('the status of a cluster', () => {
  it('has the targets of all, and which monitor says so', () => {
    const { targets } = clusterStatus(input({ answers: [saidBy(1, [seen('stream', 'b', 'down')])] }))
    assert.deepEqual(
      targets.map(({ target, monitor, state }) => [target, monitor, state]),
      [
        ['a', 'hall-0', 'ok'],
        ['b', 'hall-1', 'down'],
      ],
    )
  })

  it('has what only a silent monitor watches, as unknown, whether it ever answered or not', () => {
    const silent = {
      member: member(1, { state: 'silent', fault: 'the connection is refused' }),
      last: saidBy(1, [seen('stream', 'of a dialog', 'ok')]).document,
    }
    const placed = [
      { kind: 'stream' as const, name: 'a', shards: [0] },
      { kind: 'stream' as const, name: 'b', shards: [1] },
    ]
    const { targets } = clusterStatus(input({ silent: [silent], placed }))
    const lost = targets.filter(({ monitor }) => monitor === 'hall-1')
    assert.deepEqual(
      lost.map(({ target, state }) => [target, state]),
      [
        ['of a dialog', 'unknown'],
        ['b', 'unknown'],
      ],
    )
    assert.equal(lost[0]?.error?.message, 'hall-1, which watches it, does not answer: the connection is refused')
    assert.equal(targets.length, 3)
  })

  it('shows the worst that somebody sees of what several watch, and what each of them sees', () => {
    const own = saidBy(0, [seen('ping', 'gateway', 'ok')])
    const answers = [saidBy(2, [seen('ping', 'gateway', 'down')])]
    const silent = [{ member: member(1, { state: 'silent' }), last: null }]
    const placed = [{ kind: 'ping' as const, name: 'gateway', shards: [0, 1, 2] }]
    const [gateway, ...others] = clusterStatus(input({ own, answers, silent, placed })).targets
    assert.deepEqual(others, [])
    assert.equal(gateway?.state, 'down')
    assert.equal(gateway?.monitor, 'hall-2')
    assert.deepEqual(gateway?.seenFrom, [
      { monitor: 'hall-0', state: 'ok' },
      { monitor: 'hall-1', state: 'unknown' },
      { monitor: 'hall-2', state: 'down' },
    ])
  })

  it('counts a mistake in the file that all read once', () => {
    const mistake = {
      ...{ entry: 'streams[3]', message: 'no url', effect: 'not-watched' as const, kind: 'stream' as const, name: 'x' },
      ...{ code: 'invalid-target' as const, targets: 1, title: 'x', summary: 'no url', remedy: 'write one' },
    }
    const said = [0, 1].map((index) => {
      const { shard, document } = saidBy(index, [])
      return { shard, document: { ...document, rejected: { targets: 1, total: 1, entries: [mistake as never] } } }
    })
    const [own, other] = said
    const { rejected } = clusterStatus(input({ ...(own && { own }), answers: other ? [other] : [] }))
    assert.deepEqual([rejected.targets, rejected.total, rejected.entries.length], [1, 1, 1])
  })

  it('can be asked for some targets', () => {
    const whole = clusterStatus(input({ answers: [saidBy(1, [seen('ping', 'b', 'ok')])] }))
    assert.deepEqual(
      chosenOf(whole, { kinds: ['ping'], targets: null }).targets.map(({ target }) => target),
      ['b'],
    )
    assert.equal(chosenOf(whole, { kinds: null, targets: ['a'] }).targets.length, 1)
  })
})
