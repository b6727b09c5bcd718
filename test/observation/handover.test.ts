import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { handover } from '../../src/observation/handover.ts'
import { STREAM_HANDOVER } from '../../src/observation/stream.ts'
import { measurements } from '../health/readings.ts'

interface Measured {
  value: number | null
  rates: { now: number | null }
  total: number
  seen: number[]
}

const HANDOVER = handover<Measured>({
  value: 'moment',
  rates: { nothing: { now: null } },
  total: 'stays',
  seen: { news: 3 },
})
const MEASURED: Measured = { value: 1, rates: { now: 2 }, total: 3, seen: [4] }

describe('what a watch hands over', () => {
  it('is what stays, and nothing of a moment that was not measured', () => {
    assert.deepEqual(HANDOVER.withoutValues(MEASURED), { value: null, rates: { now: null }, total: 3, seen: [4] })
  })

  it('is told once, of many only the newest', () => {
    assert.deepEqual(HANDOVER.withoutNews(MEASURED), { ...MEASURED, seen: [] })
    assert.deepEqual(HANDOVER.withNewsOf({ ...MEASURED, seen: [1, 2] }, { ...MEASURED, seen: [3, 4] }).seen, [2, 3, 4])
  })

  it('takes every field into account: one that is forgotten does not compile', () => {
    // @ts-expect-error: `seen` is missing
    assert.ok(handover<Measured>({ value: 'moment', rates: { nothing: { now: null } }, total: 'stays' }))
    // @ts-expect-error: a total cannot be null
    assert.ok(handover<Measured>({ value: 'moment', rates: 'stays', total: 'moment', seen: 'stays' }))
  })

  it('of a stream has no key frame intervals of a moment that was not measured', () => {
    const m = measurements({ newConnectSeconds: [0.4], keyframeIntervalRange: { shortest: 1, longest: 2 } })
    const blind = STREAM_HANDOVER.withoutValues(m)
    assert.deepEqual(
      [blind.up, blind.last10s.realtimeRatio, blind.keyframeInterval, blind.keyframeIntervalRange, blind.drift],
      [null, null, null, null, null],
    )
    assert.deepEqual([blind.total, blind.newConnectSeconds], [m.total, [0.4]])
  })
})
