import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { audioRange, minimumRowFor, rowFor } from '../../src/health/profile.ts'

const row = (lines: number, frameRate: number) => ({ lines, frameRate, min: 1, recommended: 2, max: 3 })
const limit = { rows: [row(1080, 60), row(720, 60), row(1080, 30), row(720, 30)] }
const found = (lines: number, frameRate: number) => {
  const { lines: height, frameRate: rate } = rowFor(limit, lines, frameRate) ?? {}
  return [height, rate]
}

describe('the row for a picture', () => {
  it('is the smallest that holds its lines and frames, in whatever order they stand', () => {
    assert.deepEqual(found(720, 30), [720, 30])
    assert.deepEqual(found(360, 24), [720, 30])
    assert.deepEqual(found(721, 25), [1080, 30])
    assert.deepEqual(found(720, 50), [720, 60])
    assert.deepEqual(found(1080, 59.94), [1080, 60])
  })

  it('is not another one because a frame rate was measured a little high', () => {
    assert.deepEqual(found(1080, 30.3), [1080, 30])
    assert.deepEqual(found(1080, 60.6), [1080, 60])
  })

  it('is none where the picture is larger than all of them', () => {
    assert.equal(rowFor(limit, 1440, 30), null)
    assert.equal(rowFor(limit, 720, 100), null)
  })

  it('leaves the profile as it is', () => {
    rowFor(limit, 720, 30)
    assert.equal(limit.rows[0]?.lines, 1080)
  })
})

describe('the row whose minimum holds for a picture', () => {
  const least = (lines: number, frameRate: number) => {
    const { lines: height, frameRate: rate } = minimumRowFor(limit, lines, frameRate) ?? {}
    return [height, rate]
  }

  it('is the one of its own lines and frames', () => {
    assert.deepEqual(least(720, 30), [720, 30])
    assert.deepEqual(least(1080, 59.94), [1080, 60])
  })

  it('is that of the next smaller picture where the platform has none of its own', () => {
    assert.deepEqual(least(900, 30), [720, 30])
    assert.deepEqual(least(1440, 60), [1080, 60])
  })

  it('is none where the picture is smaller than all of them: a small picture needs less', () => {
    assert.deepEqual(least(360, 30), [undefined, undefined])
  })
})

describe('the range of audio', () => {
  it('is that of stereo in proportion to the channels, in bytes per second', () => {
    const both = { min: 96, recommended: 128, max: 256 }
    assert.deepEqual(audioRange(both, 2), { min: 12_000, max: 32_000 })
    assert.deepEqual(audioRange(both, 1), { min: 6000, max: 16_000 })
    assert.deepEqual(audioRange(both, null), { min: 12_000, max: 32_000 })
  })

  it('takes what is recommended for an end that is not given', () => {
    assert.deepEqual(audioRange({ min: null, recommended: 128, max: null }, 6), { min: 48_000, max: 48_000 })
    assert.deepEqual(audioRange({ min: null, recommended: null, max: null }, 2), { min: null, max: null })
  })
})
