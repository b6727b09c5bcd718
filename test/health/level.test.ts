import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { highestSustained, type Level, NO_LEVEL, peak, record } from '../../src/health/level.ts'

/** A value a second, from second 0 on. */
const levelOf = (...values: number[]): Level => values.reduce((level, value, at) => record(level, value, at), NO_LEVEL)
const steady = (value: number, count: number) => Array.from({ length: count }, () => value)

describe('the level of a value', () => {
  it('is not known before ten seconds are full', () => {
    assert.equal(highestSustained(levelOf(...steady(30, 10)), 600), null)
    assert.equal(levelOf(...steady(30, 10)).highest, null)
    assert.equal(peak(NO_LEVEL, 600), null)
  })

  it('is the highest that no reading of ten seconds fell below', () => {
    assert.equal(highestSustained(levelOf(...steady(30, 9), 25, 0), 600), 25)
    assert.equal(highestSustained(levelOf(...steady(30, 10), ...steady(20, 10), 0), 600), 30)
  })

  it('does not take a spike for the level', () => {
    const level = levelOf(...steady(30, 12), 90, ...steady(30, 20))
    assert.equal(highestSustained(level, 600), 30)
    assert.equal(level.highest, 30)
    assert.equal(peak(level, 600), 90)
  })

  it('forgets what lies before the window, in steps of ten seconds', () => {
    const level = levelOf(...steady(30, 20), ...steady(20, 100), 0)
    assert.equal(highestSustained(level, 100), 20)
    assert.equal(highestSustained(level, 110), 30)
    assert.equal(peak(level, 30), 20)
  })

  it('remembers the highest for good, and ten minutes of the rest', () => {
    const level = levelOf(...steady(30, 20), ...steady(20, 2000))
    assert.equal(level.highest, 30)
    assert.equal(highestSustained(level, 600), 20)
    assert.equal(level.buckets.length, 60)
  })

  it('stays the same object where a value lies between those of its ten seconds', () => {
    const level = levelOf(20, 30)
    assert.equal(record(level, 25, 2), level)
    assert.equal(record(level, 30, 2), level)
    assert.notEqual(record(level, 31, 2), level)
    assert.notEqual(record(level, 25, 10), level)
  })

  it('is not changed by what is recorded later', () => {
    const before = levelOf(...steady(30, 15))
    const copy = structuredClone(before)
    record(record(before, 1, 15), 1, 25)
    assert.deepEqual(before, copy)
  })
})
