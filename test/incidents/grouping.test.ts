import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { groupsOf } from '../../src/incidents/grouping.ts'
import { type LinkedTarget, targetKey } from '../../src/incidents/kinship.ts'
import { kinshipOf, target } from './world.ts'

const streams = (count: number, host: string, prefix = 's') =>
  Array.from({ length: count }, (_, index) => target('stream', `${prefix}${index}`, { host }))
const keysOf = (targets: readonly LinkedTarget[]) => targets.map(({ kind, name }) => targetKey(kind, name))
const nothingDown = () => false
const groups = (
  targets: readonly LinkedTarget[],
  affected: readonly string[],
  { since = {} as Record<string, number>, isDown = nothingDown as (key: string) => boolean } = {},
) =>
  groupsOf(
    affected.map((key) => ({ key, since: since[key] ?? 0 })),
    kinshipOf(targets),
    isDown,
  )

const CHAIN = [
  target('ping', 'gateway'),
  target('encoder', 'camera', { dependsOn: ['gateway'] }),
  target('stream', 'main', { dependsOn: ['camera'], platform: 'event', host: 'a' }),
  target('platform', 'event'),
  ...streams(8, 'elsewhere', 'other'),
]

describe('what belongs together', () => {
  it('is what needs one another, directly or not, whichever way one looks', () => {
    assert.deepEqual(groups(CHAIN, ['stream main', 'ping gateway']), [['ping gateway', 'stream main']])
    assert.deepEqual(groups(CHAIN, ['ping gateway', 'stream main', 'platform event']), [
      ['ping gateway', 'platform event', 'stream main'],
    ])
  })

  it('is not what merely needs the same, where that is well', () => {
    const two = [...CHAIN, target('stream', 'second', { dependsOn: ['camera'] })]
    assert.deepEqual(groups(two, ['stream main', 'stream second']), [['stream main'], ['stream second']])
  })

  it('ends with circles', () => {
    const circle = [target('stream', 'a', { dependsOn: ['b'] }), target('stream', 'b', { dependsOn: ['a'] })]
    assert.deepEqual(groups(circle, ['stream a', 'stream b']), [['stream a', 'stream b']])
  })

  it('is three of one server and not two, and half of its targets and not less', () => {
    const six = [...streams(6, 'x'), ...streams(20, 'y', 'far')]
    const first = (count: number) => keysOf(six).slice(0, count)
    assert.equal(groups(six, first(2)).length, 2)
    assert.equal(groups(six, first(3)).length, 1)
    const seven = [...streams(7, 'x'), ...streams(20, 'y', 'far')]
    assert.equal(groups(seven, keysOf(seven).slice(0, 3)).length, 3)
    assert.equal(groups(seven, keysOf(seven).slice(0, 4)).length, 1)
  })

  it('counts what is down already, although nothing fires of it yet', () => {
    const fifty = [...streams(50, 'x'), ...streams(60, 'y', 'far')]
    const isDown = (key: string) => key.startsWith('stream s')
    assert.deepEqual(groups(fifty, ['stream s7', 'stream s9'], { isDown }), [['stream s7', 'stream s9']])
  })

  it('is what needs the same gateway, where that gateway cannot tell', () => {
    const venue = [
      target('ping', 'gateway'),
      ...Array.from({ length: 4 }, (_, n) => target('encoder', `e${n}`, { dependsOn: ['gateway'] })),
      ...streams(20, 'y', 'far'),
    ]
    assert.equal(groups(venue, ['encoder e0', 'encoder e1', 'encoder e2']).length, 1)
  })

  it('is not what has been wrong for hours', () => {
    const six = [...streams(6, 'x'), ...streams(20, 'y', 'far')]
    const since = { 'stream s2': 3_600_000 }
    assert.equal(groups(six, keysOf(six).slice(0, 3), { since }).length, 3)
  })

  it('is everything of a monitor whose own network is cut', () => {
    const all = Array.from({ length: 6 }, (_, n) => target('stream', `s${n}`, { host: `h${n}` }))
    assert.equal(groups(all, keysOf(all).slice(0, 3)).length, 1)
    assert.equal(groups(all, keysOf(all).slice(0, 2)).length, 2)
  })

  it('is not everything where one server is most of what is watched', () => {
    const most = [...streams(50, 'x'), ...streams(5, 'y', 'far')]
    const affected = [...keysOf(most).slice(0, 50), 'stream far0']
    assert.deepEqual(
      groups(most, affected).map((group) => group.length),
      [1, 50],
    )
  })

  it('does not depend on the order in which alerts and targets came', () => {
    const targets = [...CHAIN, ...streams(9, 'a')]
    const affected = keysOf(targets).filter((_, index) => index % 3 !== 1)
    const turned = groups([...targets].reverse(), [...affected].reverse())
    assert.deepEqual(groups(targets, affected), turned)
  })

  it('is found quickly among two thousand targets', () => {
    const many = [...streams(1000, 'x'), ...streams(1000, 'y', 'far')]
    const kinship = kinshipOf(many)
    const affected = keysOf(many)
      .slice(0, 1000)
      .map((key) => ({ key, since: 0 }))
    const began = performance.now()
    for (let turn = 0; turn < 10; turn += 1) assert.equal(groupsOf(affected, kinship, nothingDown).length, 1)
    const each = (performance.now() - began) / 10
    assert.ok(each < 200, `${each.toFixed(1)} ms, expected below 200`)
  })
})
