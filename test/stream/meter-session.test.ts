import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { SessionEnd, StreamParameters } from '../../src/observation/stream.ts'
import { PacketMeter } from '../../src/stream/meter.ts'
import { feed, generate, packet } from './generate-packets.ts'

function started(stallAfter = 2): PacketMeter {
  const meter = new PacketMeter({ stallAfter })
  meter.beginSession(0)
  return meter
}

describe('up', () => {
  it('is unknown before the first session and while the first one connects', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    assert.equal(meter.measure(1).up, null)
    meter.beginSession(1)
    assert.equal(meter.measure(10).up, null)
    assert.equal(meter.measure(10).last10s.framesPerSecond, null)
    assert.equal(meter.isFlowing(10), false)
  })

  it('is true with the first packet of video', () => {
    const meter = started()
    meter.add(packet({ media: 'video', dts: 7 }), 1)
    assert.equal(meter.measure(1).up, true)
    assert.equal(meter.isFlowing(1), true)
  })

  it('is false after `stallAfter` without media, and true again with the next packet', () => {
    const meter = started(3)
    feed(meter, generate({ seconds: 10 }))
    assert.equal(meter.measure(12.9).up, true)
    assert.equal(meter.isFlowing(12.9), true)
    assert.equal(meter.measure(13.1).up, false)
    assert.equal(meter.isFlowing(13.1), false)
    meter.add(packet({ media: 'video', dts: 10 }), 20)
    assert.equal(meter.measure(20).up, true)
  })

  for (const end of ['ended', 'refused', 'not-found', 'timeout', 'unreachable'] satisfies SessionEnd[]) {
    it(`is false when the session ends as ${end}, and stays so until media comes`, () => {
      const meter = started()
      feed(meter, generate({ seconds: 10 }))
      meter.endSession(end, 10.1)
      assert.equal(meter.measure(10.1).up, false)
      assert.equal(meter.measure(10.1).last1s.framesPerSecond, 0)
      meter.beginSession(11)
      assert.equal(meter.measure(12).up, false)
      meter.add(packet({ media: 'video', dts: 0 }), 12.5)
      assert.equal(meter.measure(12.5).up, true)
    })
  }

  for (const end of ['killed', 'crashed', 'bad-output', 'dns-failed'] satisfies SessionEnd[]) {
    it(`is unknown when the probe itself fails as ${end}`, () => {
      const meter = started()
      feed(meter, generate({ seconds: 10 }))
      meter.endSession(end, 10.1)
      const { up, last10s, keyframeInterval } = meter.measure(10.1)
      assert.deepEqual([up, last10s.framesPerSecond, keyframeInterval], [null, null, null])
      meter.beginSession(11)
      assert.equal(meter.measure(11).up, null)
    })
  }

  it('is unknown while only audio has come, until it is clear that there is only audio', () => {
    const meter = started()
    feed(meter, generate({ seconds: 4.9, fps: null }))
    assert.deepEqual([meter.measure(4.9).up, meter.measure(4.9).tracks], [null, { video: null, audio: true }])
    feed(meter, generate({ seconds: 1, fps: null, dts: 4.9, at: 4.9 }))
    assert.deepEqual([meter.measure(5.9).up, meter.measure(5.9).tracks], [true, { video: false, audio: true }])
  })

  it('is true at once for a stream that had only audio before', () => {
    const meter = started()
    feed(meter, generate({ seconds: 10, fps: null }))
    meter.endSession('ended', 10)
    meter.beginSession(11)
    meter.add(packet({ media: 'audio', index: 0, dts: 0 }), 12)
    assert.equal(meter.measure(12).up, true)
  })

  it('is false when the video stops while the audio goes on, and says which track it was', () => {
    const meter = started()
    feed(meter, generate({ seconds: 20 }))
    feed(meter, generate({ seconds: 5, fps: null, dts: 20, at: 20 }))
    const { up, tracks, last1s, lastPacketAge, trackTimestampSkew, total } = meter.measure(25)
    assert.equal(up, false)
    assert.equal(meter.isFlowing(25), false)
    assert.deepEqual(tracks, { video: true, audio: true })
    assert.equal(last1s.videoBytesPerSecond, 0)
    assert.equal(last1s.framesPerSecond, 0)
    assert.equal(last1s.realtimeRatio, 0)
    assert.ok((last1s.audioBytesPerSecond ?? 0) > 15_000)
    assert.ok((lastPacketAge ?? 0) > 5)
    assert.equal(trackTimestampSkew, null)
    assert.deepEqual(total.timestampFaults, { regression: 0, jump: 0, gap: 0 })
  })

  it('stays true when the audio stops while the video goes on, whose rate falls to 0', () => {
    const meter = started()
    feed(meter, generate({ seconds: 20 }))
    feed(meter, generate({ seconds: 5, audioRate: null, dts: 20, at: 20 }))
    const { up, tracks, last1s } = meter.measure(25)
    assert.deepEqual([up, tracks, last1s.audioBytesPerSecond], [true, { video: true, audio: true }, 0])
  })

  it('stays true when the audio stops for good, which is no track any more after 10 s', () => {
    const meter = started()
    feed(meter, generate({ seconds: 20 }))
    feed(meter, generate({ seconds: 9, audioRate: null, dts: 20, at: 20 }))
    assert.deepEqual(meter.measure(29).tracks, { video: true, audio: true })
    feed(meter, generate({ seconds: 2, audioRate: null, dts: 29, at: 29 }))
    assert.deepEqual(meter.measure(31).tracks, { video: true, audio: false })
    feed(meter, generate({ seconds: 1, dts: 31, at: 31 }))
    assert.deepEqual(meter.measure(32).tracks, { video: true, audio: true })
  })

  it('is false when everything stops, which says nothing of a single track', () => {
    const meter = started()
    feed(meter, generate({ seconds: 20 }))
    assert.deepEqual([meter.measure(60).up, meter.measure(60).tracks], [false, { video: true, audio: true }])
  })

  it('is not moved by data and subtitles', () => {
    const meter = started()
    meter.add(packet({ media: 'other', dts: 1 }), 1)
    const { up, lastPacketAge, connectSeconds } = meter.measure(1)
    assert.deepEqual([up, lastPacketAge, connectSeconds], [null, null, null])
  })

  it('is not moved by packets that come after the session is over', () => {
    const meter = started()
    feed(meter, generate({ seconds: 10 }))
    meter.endSession('ended', 10)
    meter.add(packet({ media: 'video', dts: 10 }), 10.01)
    assert.equal(meter.measure(10.1).up, false)
    assert.equal(meter.measure(10.1).total.video.packets, 300)
  })
})

describe('tracks', () => {
  it('that have not shown are unknown for 5 s of packets, and then not there', () => {
    const meter = started()
    feed(meter, generate({ seconds: 4.9, audioRate: null }))
    assert.deepEqual(meter.measure(60).tracks, { video: true, audio: null })
    feed(meter, generate({ seconds: 0.5, audioRate: null, dts: 4.9, at: 4.9 }))
    assert.deepEqual(meter.measure(5.4).tracks, { video: true, audio: false })
  })

  it('are waited for as long as a stall, where segments come less often than every 5 s', () => {
    const meter = started(18)
    feed(meter, generate({ seconds: 12, audioRate: null }))
    assert.equal(meter.measure(12).tracks.audio, null)
  })

  it('are unknown again in a new session', () => {
    const meter = started()
    feed(meter, generate({ seconds: 10 }))
    meter.endSession('ended', 10)
    assert.deepEqual(meter.measure(10).tracks, { video: null, audio: null })
  })
})

describe('counters', () => {
  it('count packets and bytes of each medium, key frames and session ends, across sessions', () => {
    const meter = started()
    feed(meter, generate({ seconds: 10, audioRate: 40 }))
    meter.endSession('ended', 10)
    meter.beginSession(11)
    meter.endSession('refused', 11)
    meter.beginSession(12)
    feed(meter, generate({ seconds: 10, audioRate: 40, at: 12 }))
    const { total } = meter.measure(22)
    assert.deepEqual(total.video, { packets: 600, bytes: 10 * 40_000 + 590 * 10_000 })
    assert.deepEqual(total.audio, { packets: 800, bytes: 800 * 370 })
    assert.equal(total.keyframes, 10)
    assert.equal(total.publisherRestarts, 0)
    assert.deepEqual([total.sessions.ended, total.sessions.refused, total.sessions.killed], [1, 1, 0])
  })

  it('go on from where an earlier meter of the stream was, and leave its figures alone', () => {
    const before = started()
    feed(before, generate({ seconds: 10 }))
    const totals = before.measure(10).total
    const kept = structuredClone(totals)
    const meter = new PacketMeter({ stallAfter: 2, totals })
    meter.beginSession(20)
    feed(meter, generate({ seconds: 1, at: 20 }))
    assert.equal(meter.measure(21).total.video.packets, kept.video.packets + 30)
    assert.deepEqual(totals, kept)
  })

  it('of one measurement do not change with the next', () => {
    const meter = started()
    const first = meter.measure(0)
    feed(meter, generate({ seconds: 1 }))
    meter.endSession('ended', 1)
    assert.equal(first.total.video.packets, 0)
    assert.equal(first.total.sessions.ended, 0)
  })
})

describe('the connect time', () => {
  it('is measured from the start of the session to its first packet, and handed over once', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(100)
    assert.equal(meter.measure(101).connectSeconds, null)
    meter.add(packet({ media: 'audio', dts: 5 }), 102.5)
    const first = meter.measure(103)
    assert.deepEqual([first.connectSeconds, first.newConnectSeconds], [2.5, [2.5]])
    const second = meter.measure(104)
    assert.deepEqual([second.connectSeconds, second.newConnectSeconds], [2.5, []])
  })

  it('is kept for each of several sessions between two measurements, within bounds', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    for (let i = 0; i < 1000; i++) {
      meter.beginSession(i)
      meter.add(packet({ media: 'video', dts: 0 }), i + 0.5)
      meter.endSession('ended', i + 0.6)
    }
    const { newConnectSeconds, connectSeconds } = meter.measure(1000)
    assert.equal(newConnectSeconds.length, 100)
    assert.equal(newConnectSeconds[0], 0.5)
    assert.equal(connectSeconds, null)
  })
})

describe('the age of the last packet', () => {
  it('is null before the first, and goes on across sessions', () => {
    const meter = started()
    assert.equal(meter.measure(5).lastPacketAge, null)
    meter.add(packet({ media: 'video', dts: 0 }), 6)
    meter.endSession('ended', 7)
    meter.beginSession(8)
    assert.equal(meter.measure(16).lastPacketAge, 10)
  })
})

describe('parameters', () => {
  const video = {
    codec: 'h264',
    profile: 'High',
    level: 40,
    width: 1280,
    height: 720,
    declaredFrameRate: 30,
    declaredBytesPerSecond: 500_000,
    pixelFormat: 'yuv420p',
    fieldOrder: 'progressive',
    bFrames: 2,
  }
  const audio = { codec: 'aac', profile: 'LC', sampleRate: 48_000, channels: 2, declaredBytesPerSecond: 16_000 }
  const parameters: StreamParameters = { format: 'flv', video: [video], audio: [audio], encoder: 'obs' }

  it('that differ from those the broadcast began with are named, before and now', () => {
    const meter = started()
    meter.setParameters(parameters)
    assert.deepEqual(meter.measure(1).parameterChanges, [])
    meter.setParameters({
      ...parameters,
      video: [{ ...video, width: 640, height: 360, declaredFrameRate: 25 }],
      audio: [{ ...audio, channels: 1 }],
    })
    assert.deepEqual(meter.measure(2).parameterChanges, [
      'video size: 1280×720 → 640×360',
      'declared frame rate: 30 → 25',
      'channels: 2 → 1',
    ])
    meter.setParameters(parameters)
    assert.deepEqual(meter.measure(3).parameterChanges, [])
  })

  it('that an inspection only estimates, or missed, are no change', () => {
    const meter = started()
    meter.setParameters(parameters)
    meter.setParameters({
      format: 'flv',
      video: [{ ...video, declaredBytesPerSecond: 1, bFrames: 0, declaredFrameRate: 30.001, fieldOrder: null }],
      audio: [],
      encoder: null,
    })
    assert.deepEqual(meter.measure(1).parameterChanges, [])
    meter.setParameters(null)
    assert.deepEqual([meter.measure(1).parameters, meter.measure(1).parameterChanges], [null, []])
  })

  it('are compared across a short outage, and begin anew with another broadcast', () => {
    const smaller = { ...parameters, video: [{ ...video, width: 640, height: 360 }] }
    const after = (outage: number) => {
      const meter = started()
      feed(meter, generate({ seconds: 10 }))
      meter.setParameters(parameters)
      meter.endSession('ended', 10)
      meter.beginSession(10 + outage)
      feed(meter, generate({ seconds: 1, at: 10 + outage }))
      meter.setParameters(smaller)
      return meter.measure(11 + outage).parameterChanges
    }
    assert.deepEqual(after(30), ['video size: 1280×720 → 640×360'])
    assert.deepEqual(after(90), [])
  })
})

describe('whether the configuration of a codec has come', () => {
  const audio = (dts: number, more: object = {}) => packet({ media: 'audio', index: 1, dts, ...more })

  it('is what the newest packet of the track says, while the track flows', () => {
    const meter = started()
    assert.deepEqual(meter.measure(0).configured, { video: null, audio: null })
    meter.add(packet({ media: 'video', dts: 7, configured: true }), 1)
    meter.add(audio(7, { configured: false }), 1)
    assert.deepEqual(meter.measure(1).configured, { video: true, audio: false })
    meter.add(audio(7.02, { configured: true }), 1.02)
    assert.equal(meter.measure(1.02).configured.audio, true)
    assert.equal(meter.measure(60).configured.audio, null)
  })

  it('is not known where the source does not know', () => {
    const meter = started()
    meter.add(audio(7), 1)
    assert.equal(meter.measure(1).configured.audio, null)
  })
})

describe('a publisher that is known to have ended', () => {
  const returning = (seconds: number, publisherEnded: boolean) => {
    const meter = started()
    feed(meter, generate({ seconds: 10 }))
    meter.endSession('ended', 10.1, publisherEnded)
    meter.beginSession(10.2)
    const notice = meter.add(packet({ media: 'video', dts: 0 }), 10 + seconds)
    return { notice, restarts: meter.measure(10 + seconds).total.publisherRestarts }
  }

  it('has restarted where media comes again within a minute, in another session', () => {
    assert.deepEqual(returning(5, true), { notice: 'restart', restarts: 1 })
  })

  it('has not where only the session ended, or another broadcast begins', () => {
    assert.deepEqual(returning(5, false), { notice: null, restarts: 0 })
    assert.deepEqual(returning(3600, true), { notice: null, restarts: 0 })
  })
})
