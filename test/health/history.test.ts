import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  advance,
  type History,
  LONGEST_WINDOW,
  levelOf,
  occurrences,
  RETURNS,
  type Seen,
} from '../../src/health/history.ts'
import { highestSustained, NO_LEVEL } from '../../src/health/level.ts'

function play(...readings: [at: number, outcome: Seen['outcome'], changes?: Partial<Seen['tracked']>][]): History {
  let history: History | null = null
  for (const [at, outcome, changes] of readings) {
    const tracked = { counters: {}, signatures: {}, lastSeen: null, ...changes }
    history = advance(history, { outcome, expected: true, tracked, at })
  }
  assert.ok(history)
  return history
}

describe('history', () => {
  it('counts silence from the last packet', () => {
    assert.equal(play([0, 'present'], [1, 'absent', { lastSeen: 2.5 }]).absentFor, 2.5)
    assert.equal(
      play([0, 'present'], [1, 'absent', { lastSeen: 2.5 }], [3, 'absent', { lastSeen: 4.5 }]).absentFor,
      4.5,
    )
  })

  it('counts silence from the first reading where nothing has ever arrived', () => {
    assert.equal(play([0, 'absent']).absentFor, 0)
    assert.equal(play([0, 'absent'], [4, 'absent']).absentFor, 4)
  })

  it('does not count the time in which it did not know as silence', () => {
    const blind = play([0, 'present'], [1, 'unknown'], [60, 'unknown'], [61, 'absent', { lastSeen: 61 }])
    assert.equal(blind.absentFor, 1)
  })

  it('goes on counting silence where a probe connects in between', () => {
    const retried = play([0, 'absent'], [1, 'unknown'], [2, 'absent'], [3, 'unknown'], [4, 'absent'])
    assert.equal(retried.absentFor, 2)
  })

  it('forgets silence when the target is there again', () => {
    assert.equal(play([0, 'absent'], [5, 'present']).absentFor, null)
  })

  it('counts how long it has not known', () => {
    assert.equal(play([0, 'present'], [1, 'unknown'], [5, 'unknown']).unknownFor, 4)
    assert.equal(play([0, 'unknown'], [5, 'absent']).unknownFor, null)
  })

  it('counts growth within a window of measured time', () => {
    const jumps = (count: number) => ({ counters: { jump: count } })
    const history = play(
      [0, 'present', jumps(4)],
      [1, 'present', jumps(5)],
      [2, 'present', jumps(5)],
      [3, 'present', jumps(7)],
    )
    assert.equal(occurrences(history, 'jump', 60), 3)
    assert.equal(occurrences(history, 'jump', 2), 2)
    assert.equal(occurrences(history, 'jump', 0), 0)
    assert.equal(occurrences(history, 'other', 60), 0)
  })

  it('lets the window stand while nothing is measured', () => {
    const jumps = (count: number) => ({ counters: { jump: count } })
    const history = play(
      [0, 'present', jumps(0)],
      [1, 'present', jumps(1)],
      [2, 'unknown', jumps(1)],
      [300, 'unknown', jumps(1)],
      [301, 'present', jumps(1)],
      [310, 'present', jumps(1)],
    )
    assert.equal(occurrences(history, 'jump', 10), 1)
  })

  it('sees growth that happened while the target was absent', () => {
    const history = play(
      [0, 'present', { counters: { jump: 0 } }],
      [1, 'absent', { counters: { jump: 1 } }],
      [2, 'present', { counters: { jump: 1 } }],
    )
    assert.equal(occurrences(history, 'jump', 60), 1)
  })

  it('takes what a counter had at the first reading, or a fall of it, for no growth', () => {
    assert.equal(occurrences(play([0, 'present', { counters: { jump: 9 } }]), 'jump', 60), 0)
    const fallen = play([0, 'present', { counters: { jump: 9 } }], [1, 'present', { counters: { jump: 2 } }])
    assert.equal(occurrences(fallen, 'jump', 60), 0)
  })

  it('counts a change of a text once, and its vanishing not at all', () => {
    const said = (text: string) => ({ signatures: { parameters: text } })
    const history = play(
      [0, 'present', said('')],
      [1, 'present', said('a -> b')],
      [2, 'present', said('a -> b')],
      [3, 'present', said('')],
    )
    assert.equal(occurrences(history, 'parameters', 60), 1)
  })

  it('names what grew with the newest reading only', () => {
    const jumps = (count: number) => ({ counters: { jump: count } })
    assert.deepEqual([...play([0, 'present', jumps(0)], [1, 'present', jumps(1)]).grown], ['jump'])
    assert.deepEqual([...play([0, 'present', jumps(0)], [1, 'present', jumps(1)], [2, 'present', jumps(1)]).grown], [])
  })

  it('is bounded, whatever fails at every reading', () => {
    let history: History | null = null
    for (let index = 0; index < 5000; index += 1) {
      const tracked = { counters: { jump: index }, signatures: {}, lastSeen: 0 }
      history = advance(history, { outcome: 'present', expected: true, tracked, at: index / 10 })
    }
    assert.ok(history)
    assert.ok((history.growth.jump?.length ?? 0) <= 1000)
    const longAfter = { counters: { jump: 4999 }, signatures: {}, lastSeen: 0 }
    history = advance(history, { outcome: 'present', expected: true, tracked: longAfter, at: 500 + LONGEST_WINDOW })
    assert.equal(history.growth.jump, undefined)
  })
})

describe('history of returns', () => {
  const returns = (...readings: Parameters<typeof play>) => occurrences(play(...readings), RETURNS, LONGEST_WINDOW)

  it('counts each time that the target came back', () => {
    assert.equal(
      returns([0, 'present'], [1, 'present'], [2, 'absent'], [3, 'present'], [4, 'absent'], [5, 'present']),
      2,
    )
  })

  it('counts one that the monitor did not see itself, but none of which it knows nothing', () => {
    assert.equal(returns([0, 'present'], [1, 'present'], [2, 'absent'], [3, 'unknown'], [4, 'present']), 1)
    assert.equal(returns([0, 'present'], [1, 'present'], [2, 'unknown'], [3, 'present']), 0)
  })

  it('does not count the first time', () => {
    assert.equal(returns([0, 'absent'], [1, 'present'], [2, 'present']), 0)
  })
})

describe('history of values', () => {
  const steady = (from: number, count: number, values: Record<string, number | null>): Parameters<typeof play> =>
    Array.from({ length: count }, (_, index) => [from + index, 'present', { values }])
  const levels = (...readings: Parameters<typeof play>) =>
    highestSustained(levelOf(play(...readings), 'rate'), LONGEST_WINDOW)

  it('keeps their level over readings that do not know them', () => {
    assert.equal(
      levels(...steady(0, 21, { rate: 30 }), [21, 'present', { values: { rate: null } }], [22, 'present']),
      30,
    )
    assert.equal(levels(...steady(0, 21, { rate: 30 }), [21, 'present', { values: { rate: Number.NaN } }]), 30)
  })

  it('takes none from a target that is not there', () => {
    const away: Parameters<typeof play> = [[9, 'absent', { values: { rate: 0 } }]]
    assert.equal(levels(...steady(0, 9, { rate: 30 }), ...away, ...steady(10, 5, { rate: 30 })), 30)
  })

  it('forgets them all when what they are measured of begins anew', () => {
    const anew = { values: { rate: 10 }, counters: { restarts: 1 }, levelsEndWith: ['restarts'] }
    const before = { values: { rate: 30 }, counters: { restarts: 0 }, levelsEndWith: ['restarts'] }
    const history = play(
      ...steady(0, 21, { rate: 30 }),
      [21, 'present', before],
      [22, 'present', anew],
      [23, 'present', anew],
    )
    assert.equal(highestSustained(levelOf(history, 'rate'), LONGEST_WINDOW), null)
    assert.deepEqual(levelOf(history, 'none'), NO_LEVEL)
  })
})
