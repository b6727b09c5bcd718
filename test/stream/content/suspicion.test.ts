import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Suspicion } from '../../../src/stream/content/suspicion.ts'

/** Feeds a stream of 25 frames a second with a key frame every `gop` seconds; the seconds at which it was suspect. */
function suspectAt(seconds: number, gop: number, size: (second: number, keyframe: boolean) => number, from = 0) {
  const suspicion = new Suspicion()
  const found: number[] = []
  for (let frame = 0; frame < seconds * 25; frame++) {
    const second = frame / 25
    const keyframe = frame % (gop * 25) === 0
    const video = { media: 'video', index: 0, pts: null, newExtradata: false } as const
    if (suspicion.add({ ...video, dts: from + second, size: size(second, keyframe), keyframe })) found.push(second)
  }
  return found
}

const steady = (_second: number, keyframe: boolean) => (keyframe ? 40_000 : 2_000)

describe('the bitrate of a stream', () => {
  for (const gop of [0.4, 1, 2, 4, 10]) {
    it(`is not suspect while key frames come every ${gop} s`, () => {
      assert.deepEqual(suspectAt(200, gop, steady), [])
    })
  }

  it('is suspect within two windows when it falls, once', () => {
    const found = suspectAt(200, 2, (second, keyframe) => (second < 60 ? steady(second, keyframe) : 500))
    assert.equal(found.length, 1)
    assert.ok((found[0] ?? 0) > 60 && (found[0] ?? 0) <= 72, `at ${found}`)
  })

  it('is suspect of audio too, and again after another fall', () => {
    const suspicion = new Suspicion()
    const found: number[] = []
    const loud = (second: number) => second < 50 || (second >= 80 && second < 130)
    for (let second = 0; second < 180; second += 0.02) {
      const size = loud(second) ? 250 : 12
      const audio = { media: 'audio', index: 1, pts: null, keyframe: true, newExtradata: false } as const
      if (suspicion.add({ ...audio, dts: second, size })) found.push(Math.floor(second / 10))
    }
    assert.equal(found.length, 2, found.join())
  })

  it('is not suspect by a jump of the clock', () => {
    const suspicion = new Suspicion()
    for (const from of [0, 1000, 3]) {
      for (let second = 0; second < 30; second += 0.04) {
        const packet = { media: 'video', index: 0, pts: null, keyframe: true, newExtradata: false } as const
        assert.equal(suspicion.add({ ...packet, dts: from + second, size: 1000 }), false)
      }
    }
  })
})
