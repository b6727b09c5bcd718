import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FlvRecording, flvHeader, flvTag } from '../../src/readers/flv-recording.ts'

const frame = (time: number, size: number, keyframe = false) => ({
  ...({ kind: 'video', packet: 'frame', time, keyframe, trackId: 0 } as const),
  payload: Buffer.alloc(size, time % 251),
})

describe('the recording of a stream', () => {
  it('is the file that its messages make, however many bytes they have', () => {
    const recording = new FlvRecording('both')
    const frames = [frame(0, 300_000, true), ...Array.from({ length: 24 }, (_, i) => frame(40 * (i + 1), 30_000))]
    for (const one of frames) recording.add(one)
    const tags = frames.map(({ kind, payload, time }) => flvTag(kind, payload, time))
    assert.ok(recording.bytes().equals(Buffer.concat([flvHeader({ audio: true, video: true }), ...tags])))
  })

  it('is whole a second after its first key frame, begins with that, and takes nothing more', () => {
    const recording = new FlvRecording('both')
    recording.add(frame(0, 10))
    assert.equal(recording.bytes().length, 13)
    recording.add(frame(40, 10, true))
    recording.add(frame(1000, 10))
    assert.equal(recording.isWhole, false)
    recording.add(frame(1040, 10))
    assert.equal(recording.isWhole, true)
    const { length } = recording.bytes()
    recording.add(frame(1080, 10))
    assert.equal(recording.bytes().length, length)
  })
  it('tells the frame rate of one of its tracks by all of its time stamps, which are whole milliseconds', () => {
    for (const rate of [10, 24, 30_000 / 1001, 30, 59.94, 60]) {
      const recording = new FlvRecording('both')
      for (let at = 0; !recording.isWhole; at++) {
        const time = Math.round((at * 1000) / rate)
        for (const trackId of [0, 1]) recording.add({ ...frame(time, 10, at === 0), trackId })
      }
      assert.ok(Math.abs((recording.frameRate ?? 0) - rate) < 0.002 * rate, `${rate}: ${recording.frameRate}`)
    }
  })

  it('tells none of too little, and none of a clock that stands still or goes back', () => {
    for (const step of [0, -40, 4]) {
      const recording = new FlvRecording('both')
      for (let at = 0; at < 100; at++) recording.add(frame(5000 + at * step, 10, at === 0))
      assert.equal(recording.frameRate, null)
    }
  })
})
