import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Rhythm } from '../../../src/stream/meter/flow.ts'

describe('the rhythm of arrivals', () => {
  it('is the longest pause of the last minute', () => {
    const rhythm = new Rhythm()
    rhythm.add(10, 4)
    for (let second = 11; second < 70; second++) rhythm.add(second, 0.5)
    assert.equal(rhythm.longestPause(), 4)
    rhythm.add(70, 0.5)
    assert.equal(rhythm.longestPause(), 0.5)
  })

  it('is forgotten over a longer silence', () => {
    const rhythm = new Rhythm()
    for (let second = 0; second < 60; second++) rhythm.add(second, 1.5)
    rhythm.add(100_000, 0.25)
    assert.equal(rhythm.longestPause(), 0.25)
  })
})
