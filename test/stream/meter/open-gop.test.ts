import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OpenGop, withOpenGop } from '../../../src/stream/meter/gop.ts'
import { parameters } from '../../health/readings.ts'
import { packet } from '../generate-packets.ts'

/** Frames in the order in which they are decoded, each by when it is shown; `I` is a key frame. */
function shown(order: string): boolean | null {
  const meter = new OpenGop()
  order.split(' ').forEach((frame, dts) => {
    const keyframe = frame.startsWith('I')
    meter.add(packet({ media: 'video', keyframe, pts: Number(frame.slice(1)), dts }), dts)
  })
  return meter.value
}

describe('whether GOPs are open', () => {
  it('is not known before a whole GOP has been seen', () => {
    assert.equal(shown('I1 P4 B2 B3'), null)
  })

  it('is not so where nothing is shown before the key frame that it follows', () => {
    assert.equal(shown('I1 P4 B2 B3 I5 P8 B6 B7 I9'), false)
  })

  it('is so where frames after a key frame are shown before it', () => {
    assert.equal(shown('I1 P4 B2 B3 I7 B5 B6 P10'), true)
    assert.equal(shown('I1 P2 I3 P4 I7 B5 P8 I9'), true)
  })

  it('is not taken from a clock that went back', () => {
    const meter = new OpenGop()
    const at = (dts: number, keyframe: boolean) => meter.add(packet({ media: 'video', keyframe, pts: dts, dts }), dts)
    at(10, true)
    at(5, false)
    at(6, true)
    assert.equal(meter.value, false)
  })

  it('is told of H.264 alone: other codecs have frames there that can be shown', () => {
    assert.equal(withOpenGop(parameters({ openGop: null }), true)?.video[0]?.openGop, true)
    assert.equal(withOpenGop(parameters({ codec: 'hevc', openGop: null }), true)?.video[0]?.openGop, null)
    assert.equal(withOpenGop(null, true), null)
  })
})
