import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Directory } from '../../src/monitor/directory.ts'
import { Newest } from '../../src/monitor/newest.ts'
import type { Kind, Observation } from '../../src/observation/observation.ts'

function observation(kind: Kind, target: string, sequence: number): Observation {
  return {
    kind,
    target,
    labels: {},
    time: '2026-03-01T10:00:00.000Z',
    sequence,
    state: 'ok',
    expected: true,
    score: 100,
    measurements: {},
    issues: [],
  }
}

describe('the directory', () => {
  it('has one owner for each kind and name', () => {
    const directory = new Directory()
    directory.enter('stream', 'main', 'a', 1)
    directory.enter('ping', 'main', 'b', 5)
    assert.throws(() => directory.enter('stream', 'main', 'b', 1), {
      code: 'duplicate-target',
      message: /stream "main" is watched by another node/,
    })
    assert.deepEqual(
      directory.list().map(({ kind, name, owner }) => [kind, name, owner]),
      [
        ['stream', 'main', 'a'],
        ['ping', 'main', 'b'],
      ],
    )
    assert.deepEqual(
      directory.list('ping').map(({ owner }) => owner),
      ['b'],
    )
  })

  it('takes a new interval from the same owner and remembers since when it watches', () => {
    let seconds = 100
    const directory = new Directory({ wall: () => 0, monotonic: () => seconds })
    directory.enter('stream', 'main', 'a', 1)
    seconds = 200
    directory.enter('stream', 'main', 'a', 5)
    const entry = directory.get('stream', 'main')
    assert.deepEqual([entry?.interval, entry?.since.monotonic], [5, 100])
  })

  it('tells at once and once that a target left, and only when its own owner takes it out', () => {
    const directory = new Directory()
    const left: string[] = []
    const stop = directory.onLeft(({ name }) => left.push(name))
    directory.enter('stream', 'main', 'a', 1)
    directory.leave('stream', 'main', 'b')
    directory.leave('ping', 'main', 'a')
    assert.deepEqual([left, directory.has('stream', 'main')], [[], true])
    directory.leave('stream', 'main', 'a')
    directory.leave('stream', 'main', 'a')
    assert.deepEqual([left, directory.has('stream', 'main')], [['main'], false])
    directory.enter('stream', 'main', 'b', 1)
    stop()
    directory.leave('stream', 'main', 'b')
    assert.equal(left.length, 1)
  })
})

describe('newest observations', () => {
  let seconds = 0
  const clock = { wall: () => 0, monotonic: () => seconds }

  it('are kept with the time at which they came', () => {
    const directory = new Directory(clock)
    const newest = new Newest(directory, clock)
    directory.enter('stream', 'main', 'a', 1)
    assert.equal(newest.get('stream', 'main'), undefined)
    seconds = 5
    assert.equal(newest.put(observation('stream', 'main', 1)), true)
    seconds = 6
    newest.put(observation('stream', 'main', 2))
    const { observation: kept, arrived } = newest.get('stream', 'main') ?? assert.fail()
    assert.deepEqual([kept.sequence, arrived], [2, 6])
  })

  it('leave with their target, and none that was still on its way brings it back', () => {
    const directory = new Directory(clock)
    const newest = new Newest(directory, clock)
    directory.enter('stream', 'main', 'a', 1)
    newest.put(observation('stream', 'main', 1))
    directory.leave('stream', 'main', 'a')
    assert.equal(newest.get('stream', 'main'), undefined)
    assert.equal(newest.put(observation('stream', 'main', 2)), false)
    directory.enter('stream', 'main', 'a', 1)
    assert.equal(newest.get('stream', 'main'), undefined)
  })

  it('are not those of another kind with the same name', () => {
    const directory = new Directory(clock)
    const newest = new Newest(directory, clock)
    directory.enter('stream', 'main', 'a', 1)
    assert.equal(newest.put(observation('ping', 'main', 1)), false)
    assert.equal(newest.get('ping', 'main'), undefined)
  })
})
