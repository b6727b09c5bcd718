import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { Slices } from '../../src/history/gathered.ts'
import { measuresOf, valuesOf } from '../../src/history/measures.ts'
import { Pieces, withPiece } from '../../src/history/pieces.ts'
import type { Slice, StateInterval } from '../../src/history/records.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Instant } from '../../src/observation/clock.ts'
import { measurements, observation } from '../metrics/observations.ts'

const START = Date.parse('2026-03-01T10:00:00.000Z')
const MAIN = { kind: 'stream', target: 'main' } as const
/** Milliseconds after the start, on both clocks; `set`: by how much the wall clock was set since. */
const at = (milliseconds: number, set = 0): Instant => ({
  wall: START + milliseconds + set,
  monotonic: 100 + milliseconds / 1000,
})

/** Plays observations of one value (the first measure) and answers with all slices. */
function played(observations: readonly { at: Instant; value: number | null }[], end: Instant, holds = 5): Slice[] {
  const pieces = new Pieces<readonly (number | null)[]>()
  const slices = new Slices(KINDS, MAIN)
  const all = observations.flatMap(({ value, at: when }) => {
    const piece = pieces.observe([value], when, holds)
    return piece === null ? [] : slices.add(piece)
  })
  const last = pieces.until(end)
  return [...all, ...(last === null ? [] : slices.add(last)), ...slices.end()]
}
const everySecond = (from: number, seconds: number, value: (second: number) => number | null, set = 0) =>
  Array.from({ length: seconds }, (_, second) => ({ at: at((from + second) * 1000, set), value: value(second) }))
const first = ({ values }: Slice) => values.videoBytesPerSecond

describe('slices', () => {
  it('have mean, least and greatest of ten seconds of the wall clock', () => {
    const slices = played(
      everySecond(0, 20, (second) => second),
      at(20_000),
    )
    assert.deepEqual(
      slices.map(({ from }) => from - START),
      [0, 10_000],
    )
    assert.deepEqual(slices.map(first), [
      { mean: 4.5, min: 0, max: 9, count: 10, measured: 10 },
      { mean: 14.5, min: 10, max: 19, count: 10, measured: 10 },
    ])
  })

  it('let the value of what is polled slowly stand until the next', () => {
    const polled = [0, 30_000].map((when) => ({ at: at(when), value: when }))
    const slices = played(polled, at(40_000), 90)
    assert.deepEqual(
      slices.map((slice) => [first(slice)?.mean, first(slice)?.count, first(slice)?.measured]),
      [
        [0, 1, 10],
        [0, 0, 10],
        [0, 0, 10],
        [30_000, 1, 10],
      ],
    )
  })

  it('count no unmeasured second, and never as 0', () => {
    const slices = played(
      everySecond(0, 10, (second) => (second < 6 ? null : 8)),
      at(10_000),
    )
    assert.deepEqual(slices.map(first), [{ mean: 8, min: 8, max: 8, count: 4, measured: 4 }])
  })

  it('end with what a silent target may say', () => {
    const slices = played([{ at: at(0), value: 7 }], at(60_000), 5)
    assert.deepEqual(slices.map(first), [{ mean: 7, min: 7, max: 7, count: 1, measured: 5 }])
  })

  it('are none of what is never known', () => {
    assert.deepEqual(
      played(
        everySecond(0, 30, () => null),
        at(30_000),
      ),
      [],
    )
  })

  for (const hours of [-1, 1]) {
    it(`are closed when the clock is set by ${hours} h`, () => {
      const set = hours * 3600_000
      const slices = played([...everySecond(0, 5, () => 1), ...everySecond(5, 5, () => 3, set)], at(10_000, set))
      assert.deepEqual(
        slices.map((slice) => [slice.from - START, first(slice)?.mean, first(slice)?.measured]),
        [
          [0, 1, 5],
          [set, 3, 5],
        ],
      )
    })
  }

  it('have neither holes nor overlaps, whatever the clocks do', () => {
    const steps = fc.array(
      fc.record({
        after: fc.integer({ min: 1, max: 20_000 }),
        set: fc.constantFrom(0, 0, 0, 3, -3, 900, -900, 3_600_000, -3_600_000),
        holds: fc.integer({ min: 1, max: 60 }),
      }),
      { maxLength: 60 },
    )
    fc.assert(
      fc.property(steps, (all) => {
        const pieces = new Pieces<number>()
        let passed = 0
        let set = 0
        let end: number | null = null
        for (const [index, step] of all.entries()) {
          passed += step.after
          set += step.set
          const piece = pieces.observe(index, at(passed, set), step.holds)
          if (piece === null) continue
          assert.ok(piece.from < piece.to)
          assert.ok(piece.to - piece.from <= step.after + 2_000, 'no longer than it was')
          const isSet = end !== null && Math.abs(piece.from - end) > 1_000
          if (!isSet && end !== null && all.every((each) => Math.abs(each.set) < 10)) assert.ok(piece.from >= end)
          end = piece.to
        }
      }),
    )
  })
})

describe('intervals', () => {
  const piece = (from: number, to: number, state: 'ok' | 'down', expected = true) =>
    ({ from, to, what: { state, expected }, isFirst: true }) as const
  const grown = (pieces: ReturnType<typeof piece>[]) =>
    pieces.reduce<StateInterval[]>((intervals, each) => withPiece(intervals, MAIN, each), [])

  it('go on while nothing changes', () => {
    assert.deepEqual(grown([piece(0, 10, 'ok'), piece(10, 20, 'ok')]), [
      { ...MAIN, from: 0, to: 20, state: 'ok', expected: true },
    ])
  })

  it('begin with another state, another expectation and after a gap', () => {
    const all = grown([
      piece(0, 10, 'ok'),
      piece(10, 20, 'down'),
      piece(20, 30, 'down', false),
      piece(40, 50, 'down', false),
    ])
    assert.deepEqual(
      all.map(({ from, to }) => [from, to]),
      [
        [0, 10],
        [10, 20],
        [20, 30],
        [40, 50],
      ],
    )
  })
})

describe('the values of an observation', () => {
  it('are as many as the measures of its kind, and those of the last second', () => {
    const names = measuresOf(KINDS, 'stream').map(({ name }) => name)
    const last1s = { videoBytesPerSecond: 9, audioBytesPerSecond: 8, framesPerSecond: 25, realtimeRatio: 0.5 }
    const values = valuesOf(KINDS, observation({ measurements: measurements({ last1s, drift: null }) }))
    assert.deepEqual(Object.fromEntries(names.map((name, index) => [name, values[index]])), {
      videoBytesPerSecond: 9,
      audioBytesPerSecond: 8,
      framesPerSecond: 25,
      realtimeRatio: 0.5,
      drift: null,
      keyframeInterval: 2,
      score: 100,
    })
  })

  it('are unknown where they are no finite number', () => {
    assert.equal(valuesOf(KINDS, observation({ measurements: measurements({ drift: Number.NaN }) }))[4], null)
  })
})
