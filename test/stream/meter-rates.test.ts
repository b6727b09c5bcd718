import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PacketMeter } from '../../src/stream/meter.ts'
import { parameters } from '../health/readings.ts'
import { feed, generate, isClose, packet, type Source } from './generate-packets.ts'

function measured(source: Source, at: number, stallAfter = 2) {
  const meter = new PacketMeter({ stallAfter })
  meter.beginSession(0)
  feed(meter, generate(source))
  return meter.measure(at)
}

describe('the encoder measurements of a constant stream', () => {
  for (const fps of [23.976, 24, 25, 29.97, 30, 50, 59.94, 60]) {
    for (const gop of [0.5, 2, 10]) {
      it(`are within 1 % at ${fps} frames per second and a key frame each ${gop} s`, () => {
        const source = { seconds: 65, fps, gop, keyframeSize: 80_000, frameSize: 12_000 }
        const { last10s, window, keyframeInterval } = measured(source, 65)
        const trueInterval = Math.round(gop * fps) / fps
        assert.ok(isClose(last10s.framesPerSecond, fps), `${last10s.framesPerSecond}`)
        assert.ok(isClose(window.framesPerSecond, fps), `${window.framesPerSecond}`)
        assert.ok(isClose(last10s.audioBytesPerSecond, (370 * 44100) / 1024), `${last10s.audioBytesPerSecond}`)
        // A key frame and the frames before the next: the first 64 s end just before a key frame at any of these GOPs.
        assert.ok(keyframeInterval !== null && keyframeInterval >= trueInterval - 0.001, `${keyframeInterval}`)
        assert.ok(isClose(keyframeInterval, trueInterval), `${keyframeInterval}`)
      })
    }
  }

  it('have the bytes of exactly the packets between the first and the last of the window', () => {
    const arrivals = generate({ seconds: 30, fps: 29.97, gop: 2, keyframeSize: 90_000 })
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    feed(meter, arrivals)
    const video = arrivals.map((arrival) => arrival.packet).filter(({ media }) => media === 'video')
    const end = video.at(-1)?.dts ?? 0
    const inside = video.filter(({ dts }) => (dts ?? 0) >= end - 10.001)
    const seconds = end - (inside[0]?.dts ?? 0)
    const bytes = inside.slice(0, -1).reduce((sum, { size }) => sum + size, 0)
    const { last10s } = meter.measure(30)
    assert.ok(isClose(last10s.videoBytesPerSecond, bytes / seconds, 1e-9))
    assert.ok(isClose(last10s.framesPerSecond, (inside.length - 1) / seconds, 1e-9))
  })

  it('do not depend on when the packets arrive', () => {
    const jittered = (t: number) => t + Math.abs(Math.sin(t * 7)) * 0.8
    const times = generate({ seconds: 30, arrival: jittered }).map(({ at }) => at)
    times.sort((a, b) => a - b)
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    for (const [i, arrival] of generate({ seconds: 30 }).entries()) meter.add(arrival.packet, times[i] ?? 0)
    const { last10s } = meter.measure(30.9)
    assert.ok(isClose(last10s.framesPerSecond, 30, 0.001), `${last10s.framesPerSecond}`)
  })

  it('are judged over 3 GOPs, so that where the key frames fall does not move them', () => {
    const source = { gop: 4, keyframeSize: 400_000, frameSize: 5_000 }
    const truth = (400_000 + 119 * 5_000) / 4
    for (const seconds of [45, 46.3, 47.1, 48.9]) {
      const { window, last10s } = measured({ ...source, seconds }, seconds)
      assert.ok(isClose(window.videoBytesPerSecond, truth), `${window.videoBytesPerSecond}`)
      assert.ok(!isClose(last10s.videoBytesPerSecond, truth), `${last10s.videoBytesPerSecond}`)
    }
  })

  it('follow a frame rate that drops within the window', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    feed(meter, generate({ seconds: 20, fps: 30 }))
    feed(meter, generate({ seconds: 12, fps: 10, dts: 20, at: 20 }))
    const { last1s, last10s } = meter.measure(32)
    assert.ok(isClose(last1s.framesPerSecond, 10), `${last1s.framesPerSecond}`)
    assert.ok(isClose(last10s.framesPerSecond, 10), `${last10s.framesPerSecond}`)
  })

  it('are the mean of a variable frame rate, and slow frames are no fault', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    let t = 0
    for (let i = 0; t < 60; i++) {
      meter.add(packet({ media: 'video', dts: t, keyframe: i % 20 === 0 }), t)
      t += i % 2 === 0 ? 0.5 : 1.5
    }
    const { last10s, total, up } = meter.measure(t - 1)
    assert.ok(isClose(last10s.framesPerSecond, 1, 0.1), `${last10s.framesPerSecond}`)
    assert.deepEqual(total.timestampFaults, { regression: 0, jump: 0, gap: 0 })
    assert.equal(up, true)
  })

  it('take PTS where there is no DTS', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    for (let i = 0; i < 400; i++)
      meter.add(packet({ media: 'video', pts: i / 25, dts: null, keyframe: i % 50 === 0 }), i / 25)
    const { last10s, keyframeInterval } = meter.measure(16)
    assert.ok(isClose(last10s.framesPerSecond, 25, 0.001))
    assert.equal(keyframeInterval, 2)
  })
})

describe('rates', () => {
  it('are null until their window has been there once', () => {
    const after = (seconds: number) => measured({ seconds }, seconds)
    assert.equal(after(0.5).last1s.framesPerSecond, null)
    assert.ok(isClose(after(1.2).last1s.framesPerSecond, 30))
    assert.equal(after(9).last10s.framesPerSecond, null)
    assert.equal(after(9).window.videoBytesPerSecond, null)
    assert.ok(isClose(after(10.5).last10s.framesPerSecond, 30))
  })

  it('are known from the first 10 s on where the GOP is longer', () => {
    assert.ok(isClose(measured({ seconds: 12, gop: 10 }, 12).window.framesPerSecond, 30))
  })

  it('are 0 while stalled, and 0 for a track that is known not to be there', () => {
    const stalled = measured({ seconds: 30 }, 32.1)
    const nothing = { videoBytesPerSecond: 0, audioBytesPerSecond: 0, framesPerSecond: 0, realtimeRatio: 0 }
    assert.deepEqual([stalled.last1s, stalled.last10s, stalled.window], [nothing, nothing, nothing])
    const silent = measured({ seconds: 30, audioRate: null }, 30)
    assert.equal(silent.last10s.audioBytesPerSecond, 0)
  })

  it('are null for a track of which nothing is known yet', () => {
    assert.equal(measured({ seconds: 3, audioRate: null }, 3).last1s.audioBytesPerSecond, null)
  })

  it('are those of the first track where there are several, while all count in the totals', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    for (const { at, packet: first } of generate({ seconds: 15, audioRate: null })) {
      meter.add(first, at)
      meter.add({ ...first, index: 2 }, at)
    }
    const { last10s, total } = meter.measure(15)
    assert.ok(isClose(last10s.framesPerSecond, 30))
    assert.equal(total.video.packets, 900)
    assert.equal(total.keyframes, 8)
  })
})

describe('the key frame interval', () => {
  it('is null until the first interval has closed', () => {
    assert.equal(measured({ seconds: 3.9, gop: 4 }, 3.9).keyframeInterval, null)
    assert.equal(measured({ seconds: 4.1, gop: 4 }, 4.1).keyframeInterval, 4)
  })

  it('is told before that when it is already longer than 5 s', () => {
    const { keyframeInterval } = measured({ seconds: 7, gop: 10 }, 7)
    assert.ok(keyframeInterval !== null && keyframeInterval > 6.9 && keyframeInterval < 7)
  })

  it('grows with the media since the last key frame when a GOP is stretched', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    feed(meter, generate({ seconds: 10, gop: 2 }))
    feed(meter, generate({ seconds: 8.5, gop: 100, dts: 10, at: 10 }))
    assert.ok(isClose(meter.measure(18.5).keyframeInterval, 8.5))
  })

  it('is null while stalled', () => {
    assert.equal(measured({ seconds: 20 }, 23).keyframeInterval, null)
  })
})

describe('the frame rate of a stream whose fields are coded apart', () => {
  const interlaced = (fieldOrder: string | null, declaredFrameRate: number | null) => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    feed(meter, generate({ seconds: 20, fps: 50 }))
    meter.setParameters(parameters({ fieldOrder, declaredFrameRate }))
    const { last1s, last10s, window } = meter.measure(20)
    return [last1s, last10s, window].map((rates) => Math.round(rates.framesPerSecond ?? 0))
  }

  it('is that of its frames, of which each has two fields', () => {
    assert.deepEqual(interlaced('tt', 25), [25, 25, 25])
    assert.deepEqual(interlaced('bb', 25), [25, 25, 25])
  })

  it('is that of its packets where they are frames', () => {
    assert.deepEqual(interlaced('tt', 50), [50, 50, 50])
    assert.deepEqual(interlaced('progressive', 25), [50, 50, 50])
    assert.deepEqual(interlaced('tt', null), [50, 50, 50])
    assert.deepEqual(interlaced(null, 25), [50, 50, 50])
  })
})

describe('a stream whose time stamps are made up', () => {
  it('has the rates of what arrives, no real time, no drift and no key frame interval, and flows', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    // A reader that makes 25 a second of 10.
    feed(
      meter,
      generate({
        seconds: 30,
        fps: 25,
        frameSize: 1000,
        gop: 0.04,
        keyframeSize: 1000,
        audioRate: null,
        arrival: (t) => t * 2.5,
      }),
    )
    meter.setParameters(parameters({}, {}, { format: 'mpjpeg' }))
    const { up, window, last10s, drift, driftDeviation, keyframeInterval } = meter.measure(75)
    for (const rates of [window, last10s]) {
      assert.ok(isClose(rates.framesPerSecond, 10), `${rates.framesPerSecond}`)
      assert.ok(isClose(rates.videoBytesPerSecond, 10_000), `${rates.videoBytesPerSecond}`)
    }
    assert.deepEqual(
      [up, window.realtimeRatio, drift, driftDeviation, keyframeInterval],
      [true, null, null, null, null],
    )
  })
})
