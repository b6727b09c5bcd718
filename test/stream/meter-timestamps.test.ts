import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { PacketMeter } from '../../src/stream/meter.ts'
import { feed, generate, isClose, NO_FAULTS as NONE, packet, run, type Source } from './generate-packets.ts'

const twenty: Source = { seconds: 20, dts: 1000 }

describe('time stamps without a fault', () => {
  it('are those of a clean stream, with B-frames, jitter of the network and a millisecond of rounding', () => {
    const jitter = (t: number) => t + Math.random() * 0.3
    const arrivals = generate({ seconds: 60, fps: 29.97, arrival: jitter })
    let latest = 0
    const inOrder = arrivals.map((a) => {
      latest = Math.max(latest, a.at)
      return { ...a, at: latest }
    })
    assert.deepEqual(run(inOrder).faults, NONE)
  })

  it('are frames that an encoder drops while the audio goes on', () => {
    const holes = generate({ seconds: 40 }).filter(
      ({ packet: { media, dts } }) => media === 'audio' || Math.floor((dts ?? 0) / 3) % 4 !== 3,
    )
    const { faults, shown } = run(holes)
    assert.deepEqual([faults, shown], [NONE, []])
  })

  it('are those of the burst that begins a session, whatever they do', () => {
    const { faults } = run(
      generate({ seconds: 1, dts: 990, arrival: () => 0 }),
      generate({ seconds: 1, dts: 995, arrival: () => 0.1 }),
      generate({ seconds: 1, dts: 993, arrival: () => 0.2 }),
      { ...twenty, at: 0.3 },
    )
    assert.deepEqual(faults, NONE)
  })

  for (const [clock, wrap] of [
    ['FLV clock of 32 bits', 2 ** 32 / 1000],
    ['FLV clock of 31 bits, as ffmpeg publishes it', 2 ** 31 / 1000],
    ['MPEG-TS clock of 33 bits', 2 ** 33 / 90_000],
  ] as const) {
    it(`are the wrap of the ${clock}`, () => {
      const stamp = (t: number) => (wrap - 15 + t) % wrap
      const { faults, restarts, shown, now } = run({ seconds: 30, stamp })
      assert.deepEqual([faults, restarts, shown], [NONE, 0, []])
      assert.ok(isClose(now.last10s.framesPerSecond, 30, 0.001))
      assert.ok(isClose(now.keyframeInterval, 2, 1e-6))
      assert.ok(Math.abs(now.trackTimestampSkew ?? 9) < 0.05)
      assert.ok((now.drift ?? 9) < 0.01)
    })
  }

  it('are a wrap on which the session ends a stall', () => {
    const wrap = 2 ** 33 / 90_000
    const part = (from: number): Source => ({ seconds: 10, at: from, stamp: (t) => (wrap - 15 + from + t) % wrap })
    const { faults, restarts } = run(part(0), part(13))
    // The stall itself lost 3 s of media.
    assert.deepEqual([faults, restarts], [{ ...NONE, gap: 1 }, 0])
  })
})

describe('a regression', () => {
  it('is one packet whose DTS is before the last, and counts once', () => {
    const arrivals = generate(twenty)
    const i = arrivals.findIndex(({ at, packet: { media } }) => at > 15 && media === 'video')
    const stray = arrivals[i]
    assert.ok(stray)
    stray.packet = { ...stray.packet, dts: (stray.packet.dts ?? 0) - 0.5 }
    const { faults, shown, now } = run(arrivals)
    assert.deepEqual([faults, shown], [{ ...NONE, regression: 1 }, []])
    assert.ok(isClose(now.last10s.framesPerSecond, 30))
  })

  it('is a clock that falls back and goes on from there: once, though both tracks show it, and rates go on', () => {
    const { faults, restarts, now } = run(twenty, { seconds: 15, dts: 1012, at: 20 })
    assert.deepEqual([faults, restarts], [{ ...NONE, regression: 1 }, 0])
    assert.ok(isClose(now.last10s.framesPerSecond, 30))
    assert.equal(now.keyframeInterval, 2)
  })

  it('counts each time', () => {
    const { faults } = run(twenty, ...[1, 2, 3].map((n) => ({ seconds: 10, dts: 1012, at: 10 + 10 * n })))
    assert.equal(faults.regression, 3)
  })
})

describe('a jump', () => {
  for (const by of [2, 30, 100_000]) {
    it(`is a DTS ${by} s ahead of real time: once, though both tracks show it, and rates go on`, () => {
      const { faults, restarts, shown, now } = run(twenty, { seconds: 15, dts: 1020 + by, at: 20 })
      assert.deepEqual([faults, restarts, shown], [{ ...NONE, jump: 1 }, 0, []])
      assert.ok(isClose(now.last10s.framesPerSecond, 30))
      assert.ok(isClose(now.last10s.realtimeRatio, 1))
      assert.equal(now.keyframeInterval, 2)
      assert.ok((now.drift ?? 9) < 0.1)
    })
  }

  it('is seen after a stall too, when the time stamps leap further than the stall lasted', () => {
    assert.deepEqual(run(twenty, { seconds: 5, dts: 1060, at: 24 }).faults, { ...NONE, jump: 1 })
  })

  it('of one track moves the skew of the tracks', () => {
    const stamp = (t: number, media: string) => 1020 + t + (media === 'audio' ? 5 : 0)
    const { faults, now } = run(twenty, { seconds: 10, at: 20, stamp })
    assert.deepEqual(faults, { ...NONE, jump: 1 })
    assert.ok(isClose(now.trackTimestampSkew, -5, 0.02), `${now.trackTimestampSkew}`)
  })

  it('is not a step of less than a second', () => {
    assert.deepEqual(run(twenty, { seconds: 10, dts: 1020.9, at: 20 }).faults, NONE)
  })
})

describe('a gap', () => {
  it('is media that is missing after a pause: once, though both tracks show it', () => {
    const { faults, restarts, shown, now } = run(twenty, { seconds: 15, dts: 1025, at: 25 })
    assert.deepEqual([faults, restarts, shown], [{ ...NONE, gap: 1 }, 0, []])
    assert.ok(isClose(now.last10s.framesPerSecond, 30))
    assert.equal(now.keyframeInterval, 2)
  })

  it('is not what arrives late but whole', () => {
    const { faults, now } = run(twenty, { seconds: 15, dts: 1020, at: 25 })
    assert.deepEqual(faults, NONE)
    assert.ok(isClose(now.drift, 5, 0.01), `${now.drift}`)
  })

  it('does not count as received media', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    feed(meter, generate({ seconds: 40 }))
    feed(meter, generate({ seconds: 5, dts: 45, at: 45 }))
    assert.ok(
      isClose(meter.measure(50.1).last10s.realtimeRatio, 0.5, 0.1),
      `${meter.measure(50.1).last10s.realtimeRatio}`,
    )
  })

  it('of more than a stall leaves no trace in the windows, nor in the key frame interval', () => {
    const { now } = run(twenty, { seconds: 1.5, dts: 1025, at: 25 })
    assert.deepEqual([now.last10s.framesPerSecond, now.window.videoBytesPerSecond], [null, null])
    assert.equal(now.keyframeInterval, null)
  })

  it('is counted as missing whichever track comes first after the pause', () => {
    for (const leading of ['video', 'audio']) {
      const meter = new PacketMeter({ stallAfter: 2 })
      meter.beginSession(0)
      feed(meter, generate({ seconds: 40 }))
      const after = generate({ seconds: 5, dts: 45, at: 45 })
      feed(
        meter,
        [...after.slice(0, 2)].sort((a) => (a.packet.media === leading ? -1 : 1)),
      )
      feed(meter, after.slice(2))
      const { last10s, total } = meter.measure(50.1)
      assert.ok(isClose(last10s.realtimeRatio, 0.5, 0.1), `${last10s.realtimeRatio}`)
      assert.equal(total.timestampFaults.gap, 1)
    }
  })

  it('of an hour leaves no trace in the windows', () => {
    const { now, faults } = run(twenty, { seconds: 12, dts: 4620, at: 3620 })
    assert.deepEqual(faults, { ...NONE, gap: 1 })
    assert.ok(isClose(now.last10s.framesPerSecond, 30))
    assert.equal(now.keyframeInterval, 2)
  })
})

describe('a stream of 25 hours', () => {
  it('is measured at its end as at its beginning, through a wrap of the MPEG-TS clock, without a fault', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    const wrap = 2 ** 33 / 90_000
    const packets = 25 * 3600 * 10
    for (let i = 0; i < packets; i++) {
      const t = i / 10
      const dts = (90_000 + t) % wrap
      meter.add({ media: 'video', index: 0, pts: dts, dts, size: 1000, keyframe: i % 20 === 0, newExtradata: false }, t)
      meter.add({ media: 'audio', index: 1, pts: dts, dts, size: 100, keyframe: true, newExtradata: false }, t)
    }
    const { last10s, drift, keyframeInterval, total, trackTimestampSkew } = meter.measure(25 * 3600)
    assert.ok(isClose(last10s.videoBytesPerSecond, 10_000, 1e-6))
    assert.ok(isClose(last10s.framesPerSecond, 10, 1e-6))
    assert.ok(isClose(last10s.realtimeRatio, 1, 1e-6))
    assert.ok((drift ?? 9) < 1e-6)
    assert.ok(isClose(keyframeInterval, 2, 1e-6))
    assert.ok(isClose(trackTimestampSkew, 0.1, 1e-6))
    assert.equal(total.video.packets, packets)
    assert.deepEqual([total.timestampFaults, total.publisherRestarts], [NONE, 0])
  })
})

describe('a packet without a usable time stamp', () => {
  it('counts as arrival and in the totals, and disturbs nothing', () => {
    const arrivals = generate(twenty).flatMap((arrival, i) =>
      i % 50 === 7
        ? [arrival, { at: arrival.at, packet: packet({ media: 'video', dts: null, pts: null }) }]
        : [arrival],
    )
    const { now, faults } = run(arrivals)
    assert.deepEqual(faults, NONE)
    assert.equal(now.up, true)
    assert.ok(now.total.video.packets > 600)
  })
})

describe('a clock that stands still', () => {
  const standing = (t: number) => Math.min(t, 12)

  it('is told by how long packets have come since it moved', () => {
    const { now } = run({ seconds: 20, stamp: standing })
    assert.ok(isClose(now.clockStandsFor ?? null, 8, 0.02), `${now.clockStandsFor}`)
    assert.equal(run({ seconds: 20 }).now.clockStandsFor, 0)
  })

  it('is none where no packet comes, and none where two packets have one time', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(0)
    feed(meter, generate({ seconds: 10 }))
    assert.equal(meter.measure(11.5).clockStandsFor, 0)
    assert.equal(meter.measure(13).clockStandsFor, null)
    const pairs = (t: number) => Math.floor(t * 15) / 15
    assert.equal(run({ seconds: 20, stamp: pairs }).now.clockStandsFor, 0)
  })
})
