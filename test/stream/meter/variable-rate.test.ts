import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { VariableRate } from '../../../src/stream/meter/variable-rate.ts'

interface Part {
  seconds: number
  /** Seconds from frame to frame. Default 1/30. */
  step?: number
  size?: number
  /** Every so many frames one is a key frame. Default: 60. */
  gop?: number
  /** Whether the frame of this number is lost. */
  lost?: (index: number) => boolean
}

const KEYFRAME = 40_000

/** What it says after these parts. */
function play(...parts: Part[]): boolean | null {
  const rate = new VariableRate()
  let time = 0
  let index = 0
  for (const { seconds, step = 1 / 30, size = 10_000, gop = 60, lost = () => false } of parts) {
    for (const end = time + seconds; time < end - step / 2; index++) {
      time += step
      const keyframe = index % gop === 0
      if (keyframe || !lost(index)) rate.add(time, keyframe ? KEYFRAME : size, keyframe)
    }
  }
  return rate.isVariable
}

const MOVING = { seconds: 10 }
const STILL = { seconds: 12, step: 0.5, size: 200 }

describe('a variable frame rate', () => {
  it('leaves frames out before small ones', () => {
    assert.equal(play(MOVING, STILL), true)
    assert.equal(play(MOVING, STILL, MOVING), true)
    assert.equal(play(MOVING, { ...STILL, seconds: 600 }, MOVING, STILL), true)
  })

  it('is seen where every other frame is a key frame, and where key frames are all there is between', () => {
    assert.equal(play(MOVING, { ...STILL, gop: 2 }), true)
    assert.equal(play(MOVING, STILL, { ...STILL, gop: 1, seconds: 60 }), true)
  })

  it('is none where nothing is left out, and not known before there is a pace', () => {
    assert.equal(play({ seconds: 100 }), null)
    assert.equal(play({ seconds: 1 }, STILL), null)
  })

  it('is none where frames are lost: those behind are as large as ever', () => {
    assert.equal(play(MOVING, { seconds: 20, lost: (index) => index % 3 === 0 }), false)
    assert.equal(play(MOVING, { seconds: 20, lost: (index) => index % 2 === 0 }), false)
    assert.equal(play(MOVING, { seconds: 20, step: 1 / 15, size: 20_000 }), false)
  })

  it('is none where frames of a slide at full rate are lost, some minutes after it moved', () => {
    const slide = { seconds: 120, size: 200 }
    assert.equal(play(MOVING, slide, { ...slide, seconds: 10, lost: (index) => index % 3 === 0 }), false)
  })

  it('gives way to a loss within seconds, and a loss to it', () => {
    const loss = { seconds: 30, lost: (index: number) => index % 2 === 0 }
    assert.equal(play(MOVING, STILL, MOVING, loss), false)
    assert.equal(play(MOVING, { ...loss, seconds: 10 }, MOVING, STILL), true)
  })

  it('does not mind B-frames, of which most are small', () => {
    const rate = new VariableRate()
    let time = 0
    for (let index = 0; index < 600; index++) {
      time += 1 / 30
      const size = index % 4 === 1 ? 12_000 : 4000
      if (index < 300 || index % 3 !== 0) rate.add(time, size, false)
    }
    assert.equal(rate.isVariable, false)
  })
})
