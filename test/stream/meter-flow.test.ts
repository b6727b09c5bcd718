import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PacketMeter } from '../../src/stream/meter.ts'
import { feed, generate, isClose, type Source } from './generate-packets.ts'

function fed(source: Source, stallAfter = 2): PacketMeter {
  const meter = new PacketMeter({ stallAfter })
  meter.beginSession(0)
  feed(meter, generate(source))
  return meter
}

/** Segments of `length` seconds, each of which arrives within 0.2 s once it is complete, `late` behind that. */
function segmented(length: number, late: (segment: number) => number = () => 0) {
  return (t: number) => {
    const segment = Math.max(0, Math.floor(t / length) - 2)
    const inside = (t % length) / length
    return segment * length + late(segment) + inside * 0.2
  }
}

describe('warm-up', () => {
  it('lasts until media has come at real time for a second', () => {
    assert.equal(fed({ seconds: 0.9 }).measure(0.9).warmingUp, true)
    assert.equal(fed({ seconds: 1.2 }).measure(1.2).warmingUp, false)
  })

  it('lasts through the burst of a GOP cache, whose media is no drift and no speed', () => {
    const burst = (t: number) => (t < 4 ? 0.05 : t - 4 + 0.05)
    assert.equal(fed({ seconds: 4.5, arrival: burst }).measure(0.55).warmingUp, true)
    const { warmingUp, drift, last10s, window } = fed({ seconds: 30, arrival: burst }).measure(26.05)
    assert.equal(warmingUp, false)
    assert.ok((drift ?? 9) < 0.05, `${drift}`)
    assert.ok(isClose(last10s.realtimeRatio, 1), `${last10s.realtimeRatio}`)
    assert.ok(isClose(window.framesPerSecond, 30))
  })

  it('lasts until the slower burst of a thin connection has passed', () => {
    const twice = (t: number) => (t < 8 ? t / 2 : t - 4)
    const { drift, last10s } = fed({ seconds: 40, arrival: twice }).measure(36)
    assert.ok((drift ?? 9) < 0.05)
    assert.ok(isClose(last10s.realtimeRatio, 1))
  })

  it('does not last for ever where the publisher always sends faster than real time', () => {
    const meter = fed({ seconds: 40, arrival: (t) => t / 1.5 })
    assert.equal(meter.measure(26.7).warmingUp, false)
    assert.ok(isClose(meter.measure(26.7).last10s.realtimeRatio, 1.5), `${meter.measure(26.7).last10s.realtimeRatio}`)
  })

  it('does not last for ever where a frame comes each second, or media in segments', () => {
    assert.equal(fed({ seconds: 3, fps: 1, audioRate: null }, 5).measure(3).warmingUp, false)
    assert.equal(fed({ seconds: 30, arrival: segmented(6) }, 18).measure(13).warmingUp, false)
  })

  it('does not hide that nothing arrives', () => {
    const { warmingUp, up } = fed({ seconds: 0.5 }).measure(3)
    assert.deepEqual([warmingUp, up], [true, false])
  })

  it('begins anew with each session', () => {
    const meter = fed({ seconds: 20 })
    meter.endSession('ended', 20)
    assert.equal(meter.measure(20).warmingUp, true)
    meter.beginSession(21)
    feed(meter, generate({ seconds: 0.5, at: 21 }))
    assert.deepEqual([meter.measure(21.5).warmingUp, meter.measure(21.5).drift], [true, null])
  })
})

describe('the real-time ratio', () => {
  it('is 1 for a stream at real time, whatever the jitter of the network', () => {
    const jitter = (t: number) => t + Math.abs(Math.sin(t * 999)) * 0.1
    for (const at of [25, 25.4, 25.9]) {
      const { last1s, last10s, window } = fed({ seconds: at, arrival: jitter }).measure(at)
      assert.ok(isClose(last10s.realtimeRatio, 1, 0.01), `${last10s.realtimeRatio}`)
      assert.ok(isClose(window.realtimeRatio, 1, 0.01))
      assert.ok(isClose(last1s.realtimeRatio, 1, 0.1), `${last1s.realtimeRatio}`)
    }
  })

  it('is what arrives of an encoder that is starved', () => {
    const meter = fed({ seconds: 30 })
    feed(meter, generate({ seconds: 12, dts: 30, arrival: (t) => 30 + t / 0.8 }))
    const { last1s, last10s } = meter.measure(44.9)
    assert.ok(isClose(last10s.realtimeRatio, 0.8, 0.01), `${last10s.realtimeRatio}`)
    assert.ok(isClose(last1s.realtimeRatio, 0.8, 0.05))
  })

  it('falls while nothing arrives, and is 0 when that is a stall', () => {
    const meter = fed({ seconds: 30 }, 6)
    const after = (seconds: number) => meter.measure(30 + seconds).last10s.realtimeRatio ?? 9
    assert.ok(after(3.5) < 0.85, `${after(3.5)}`)
    assert.ok(after(5.5) < after(3.5))
    assert.equal(after(6.5), 0)
  })

  it('is null while warming up', () => {
    assert.equal(fed({ seconds: 1 }).measure(1).last1s.realtimeRatio, null)
  })

  it('of segments is 1 at every moment between two of them, even when each comes a little late', () => {
    for (const late of [() => 0, (segment: number) => [0, 0.3, 0.1, 0.5, 0.2][segment % 5] ?? 0]) {
      const meter = new PacketMeter({ stallAfter: 18 })
      meter.beginSession(0)
      const arrivals = generate({ seconds: 130, arrival: segmented(6, late) })
      let next = 0
      for (let at = 0; at < 110; at += 0.5) {
        while ((arrivals[next]?.at ?? 1e9) <= at) {
          const arrival = arrivals[next++]
          if (arrival) meter.add(arrival.packet, arrival.at)
        }
        if (at < 40) continue
        const { last10s, drift, up } = meter.measure(at)
        assert.ok(isClose(last10s.realtimeRatio, 1, 0.06), `${last10s.realtimeRatio} at ${at}`)
        assert.ok(drift !== null && drift <= 0.51, `${drift} at ${at}`)
        assert.equal(up, true)
      }
    }
  })
})

describe('drift', () => {
  it('is null until the burst has passed, and 0 for a stream at real time', () => {
    assert.equal(fed({ seconds: 1 }).measure(1).drift, null)
    assert.ok((fed({ seconds: 20 }).measure(20).drift ?? 9) < 0.01)
  })

  it('is how far the stream has fallen behind', () => {
    const meter = fed({ seconds: 60 })
    feed(meter, generate({ seconds: 20, dts: 60, arrival: (t) => 60 + t * 1.1 }))
    feed(meter, generate({ seconds: 20, dts: 80, at: 82 }))
    assert.ok(isClose(meter.measure(102).drift, 2, 0.02), `${meter.measure(102).drift}`)
  })

  it('deviates from its mean of 30 s while it moves, and comes to rest when it stays', () => {
    const meter = fed({ seconds: 60 })
    assert.ok(Math.abs(meter.measure(60).driftDeviation ?? 9) < 0.01)
    feed(meter, generate({ seconds: 5, dts: 60, at: 61.5 }))
    assert.ok(isClose(meter.measure(66.5).driftDeviation, 1.3, 0.15), `${meter.measure(66.5).driftDeviation}`)
    feed(meter, generate({ seconds: 40, dts: 65, at: 66.5 }))
    assert.ok(Math.abs(meter.measure(106.5).driftDeviation ?? 9) < 0.02)
    assert.ok(isClose(meter.measure(106.5).drift, 1.5, 0.02))
  })

  it('forgets its minimum after 10 minutes', () => {
    const meter = fed({ seconds: 30, fps: 10, audioRate: null })
    feed(meter, generate({ seconds: 640, fps: 10, audioRate: null, dts: 30, at: 31.5 }))
    assert.ok((meter.measure(671.5).drift ?? 9) < 0.01)
  })

  it('is null during a stall, and the stall is not in its mean', () => {
    const meter = fed({ seconds: 60 })
    assert.equal(meter.measure(63).drift, null)
    // What was held back comes at once: the stream is where it was.
    feed(meter, generate({ seconds: 30, dts: 60, arrival: (t) => Math.max(60 + t, 66) }))
    const { drift, driftDeviation } = meter.measure(90)
    assert.ok((drift ?? 9) < 0.01, `${drift}`)
    assert.ok(Math.abs(driftDeviation ?? 9) < 0.01, `${driftDeviation}`)
  })
})

describe('the skew of the tracks', () => {
  it('is the newest video DTS less the newest audio DTS', () => {
    const skewed = (by: number) =>
      fed({ seconds: 20, stamp: (t, media) => 100 + t + (media === 'audio' ? -by : 0) }).measure(20).trackTimestampSkew
    assert.ok(Math.abs(skewed(0) ?? 9) < 0.05)
    assert.ok(isClose(skewed(0.7), 0.7, 0.05), `${skewed(0.7)}`)
  })

  it('is null where there is only one track', () => {
    assert.equal(fed({ seconds: 20, audioRate: null }).measure(20).trackTimestampSkew, null)
  })
})

describe('a stream whose pictures are slow', () => {
  const slides = (fps: number, seconds = 60, audioRate: number | null = 47): Source => ({
    seconds,
    fps,
    gop: 4,
    audioRate,
  })

  it('flows as its rhythm is, with sound and without, and pauses when three pictures are missing', () => {
    for (const audioRate of [47, null]) {
      const meter = new PacketMeter({ stallAfter: 2 })
      meter.beginSession(0)
      feed(meter, generate(slides(0.5, 60, audioRate)))
      assert.equal(meter.isFlowing(58 + 5.9), true)
      assert.equal(meter.isFlowing(58 + 6.1), false)
      assert.ok(isClose(meter.measure(60).last10s.framesPerSecond, 0.5))
    }
  })

  it('is no excuse for one that was fast', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    feed(meter, generate(slides(30, 20)))
    assert.equal(meter.isFlowing(22.5), false)
  })

  it('remembers how slow a screen share was that stood still while sound went on', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    feed(meter, generate(slides(30, 20)))
    feed(meter, generate({ seconds: 9, fps: 0.25, dts: 20, at: 20 }))
    feed(meter, generate({ seconds: 5, fps: 30, dts: 29, at: 29 }))
    assert.equal(meter.isFlowing(34 + 5), true)
  })

  it('takes a stall, in which nothing came, for no rhythm', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    feed(meter, generate(slides(30, 20)))
    feed(meter, generate({ seconds: 5, fps: 30, dts: 29, at: 29 }))
    assert.equal(meter.isFlowing(34 + 2.5), false)
  })

  it('has a track of video though it comes in more than ten seconds', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    feed(meter, generate(slides(1 / 12, 100)))
    assert.deepEqual(meter.measure(96 + 11).tracks, { video: true, audio: true })
  })
})
