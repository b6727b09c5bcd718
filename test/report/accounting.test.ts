import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { STATES } from '../../src/observation/observation.ts'
import { account, apportion, type Interval, type StateInterval, sum, union } from '../../src/report/accounting.ts'

const interval = fc
  .tuple(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: -20, max: 200 }))
  .map(([from, length]): Interval => ({ from, to: from + length }))
const intervals = fc.array(interval, { maxLength: 8 })
const states = fc.array(
  fc.tuple(interval, fc.constantFrom(...STATES)).map(([own, state]): StateInterval => ({ ...own, state })),
  { maxLength: 20 },
)
const length = (own: readonly Interval[]) => sum(own.map(({ from, to }) => to - from))
const holds = (own: readonly Interval[], at: number) => own.some(({ from, to }) => from <= at && at < to)

describe('the account of the expected time', () => {
  it('adds up to exactly what was expected, whatever was recorded', () => {
    fc.assert(
      fc.property(intervals, states, intervals, (expected, recorded, gaps) => {
        const { up, degraded, down, unknown, expected: whole } = account(expected, recorded, gaps)
        assert.equal(up + degraded + down + unknown, whole)
        assert.equal(whole, length(union(expected)))
      }),
    )
  })

  it('cuts it into disjoint stretches in order, which add up to each total', () => {
    fc.assert(
      fc.property(intervals, states, intervals, (expected, recorded, gaps) => {
        const found = account(expected, recorded, gaps)
        for (const [index, { from, to, counted }] of found.intervals.entries()) {
          assert.ok(from < to)
          const before = found.intervals[index - 1]
          if (before !== undefined) assert.ok(before.to < from || (before.to === from && before.counted !== counted))
        }
        for (const each of ['up', 'degraded', 'down', 'unknown'] as const) {
          assert.equal(length(found.intervals.filter(({ counted }) => counted === each)), found[each])
        }
      }),
    )
  })

  it('says of every moment what was recorded of it: the worse of two, nothing in a gap', () => {
    fc.assert(
      fc.property(intervals, states, intervals, fc.integer({ min: 0, max: 1200 }), (expected, recorded, gaps, at) => {
        const counted = account(expected, recorded, gaps).intervals.find((each) => holds([each], at))?.counted
        const known = new Set(recorded.filter((each) => holds([each], at)).map(({ state }) => state))
        const worst =
          known.has('down') || known.has('off')
            ? 'down'
            : known.has('degraded')
              ? 'degraded'
              : known.has('ok')
                ? 'up'
                : 'unknown'
        assert.equal(counted, holds(expected, at) ? (holds(gaps, at) ? 'unknown' : worst) : undefined)
      }),
    )
  })

  it('takes what nobody recorded for neither up nor down', () => {
    const found = account([{ from: 0, to: 100 }], [{ from: 20, to: 50, state: 'ok' }], [])
    assert.deepEqual([found.up, found.down, found.unknown], [30, 0, 70])
  })

  it('knows nothing of the time in which the monitor was killed, though its last record was never ended', () => {
    const found = account([{ from: 0, to: 100 }], [{ from: 0, to: 100, state: 'ok' }], [{ from: 40, to: 70 }])
    assert.deepEqual(
      found.intervals.map(({ from, to, counted }) => [from, to, counted]),
      [
        [0, 40, 'up'],
        [40, 70, 'unknown'],
        [70, 100, 'up'],
      ],
    )
  })

  it('counts an hour that the clock showed twice once, as the worse of both', () => {
    const found = account(
      [{ from: 0, to: 100 }],
      [
        { from: 0, to: 80, state: 'ok' },
        { from: 40, to: 60, state: 'down' },
        { from: 60, to: 100, state: 'ok' },
      ],
      [],
    )
    assert.deepEqual([found.expected, found.up, found.down], [100, 80, 20])
  })
})

describe('whole seconds', () => {
  it('add up to the whole, and none is off by a second', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 9 }), (parts) => {
        const whole = apportion(parts)
        assert.equal(sum(whole), Math.round(sum(parts)))
        for (const [index, part] of parts.entries()) assert.ok(Math.abs((whole[index] ?? 0) - part) <= 1)
      }),
    )
  })
})
