import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { PacketLineParser } from '../../src/ffmpeg/packet-line.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import { PacketMeter } from '../../src/stream/meter.ts'
import type { Packet } from '../../src/stream/packet.ts'
import { isClose, NO_FAULTS } from './generate-packets.ts'

/** Replays a recording of `test/fixtures/packets`; measures at each whole second, and at the end. */
function replay(name: string, stallAfter = 2) {
  const meter = new PacketMeter({ stallAfter })
  const shown: { notice: string; at: number }[] = []
  const packets: { packet: Packet; at: number }[] = []
  const each: { at: number; is: StreamMeasurements }[] = []
  let at = 0
  const parser = new PacketLineParser((packet) => {
    packets.push({ packet, at })
    const notice = meter.add(packet, at)
    if (notice !== null) shown.push({ notice, at })
  })
  meter.beginSession(0)
  const path = new URL(`../fixtures/packets/${name}.txt`, import.meta.url)
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    if (line === '') continue
    const space = line.indexOf(' ')
    const arrival = Number(line.slice(0, space))
    for (let second = Math.floor(at) + 1; second <= arrival; second++)
      each.push({ at: second, is: meter.measure(second) })
    at = arrival
    parser.push(Buffer.from(`${line.slice(space + 1)}\n`, 'latin1'))
  }
  const from = packets[0]?.at ?? 0
  return { shown, packets, each, parser, end: meter.measure(at), at, from }
}

/** Bytes per second of the video packets whose DTS lie in the last `seconds`. */
function truth(packets: readonly { packet: Packet }[], media: Packet['media'], seconds: number): number {
  const of = packets.map(({ packet }) => packet).filter((packet) => packet.media === media)
  const end = of.at(-1)?.dts ?? 0
  const inside = of.filter(({ dts }) => (dts ?? 0) >= end - seconds - 0.001)
  const bytes = inside.slice(0, -1).reduce((sum, { size }) => sum + size, 0)
  return bytes / (end - (inside[0]?.dts ?? 0))
}

describe('a recorded session', () => {
  for (const name of ['nginx-join.ffprobe-5.1', 'node-media-server-join.static', 'ffmpeg-listen.static']) {
    it(`of a healthy stream has no fault and no restart: ${name}`, () => {
      const { shown, end, each, parser, from } = replay(name)
      assert.equal(parser.garbageLines, 0)
      assert.deepEqual(shown, [])
      assert.deepEqual([end.total.timestampFaults, end.total.publisherRestarts], [NO_FAULTS, 0])
      assert.deepEqual([end.up, end.tracks, end.warmingUp], [true, { video: true, audio: true }, false])
      assert.ok(isClose(end.keyframeInterval, 2))
      assert.ok(isClose(end.last1s.framesPerSecond, 30))
      assert.ok(isClose(end.connectSeconds, from, 1e-9))
      for (const { at, is } of each) {
        if (at < from + 3) continue
        assert.ok(is.drift !== null && is.drift < 0.05, `drift ${is.drift} at ${at}`)
        if (is.last1s.realtimeRatio !== null) assert.ok(isClose(is.last1s.realtimeRatio, 1, 0.03), `${at}`)
      }
    })
  }

  it('warms up within 2 s of its first packet, in spite of the burst', () => {
    for (const name of ['nginx-join.ffprobe-5.1', 'node-media-server-join.static', 'ffmpeg-listen.static']) {
      const { each, from } = replay(name)
      const warm = each.find(({ is }) => !is.warmingUp)
      assert.ok(warm && warm.at - from <= 2.5, `${name}: ${warm?.at} - ${from}`)
    }
  })

  it('measures bitrate and frame rate as they are in the packets of the same 10 s', () => {
    const { end, packets } = replay('ffmpeg-listen.static')
    assert.ok(isClose(end.last10s.framesPerSecond, 30, 0.001))
    assert.ok(isClose(end.last10s.videoBytesPerSecond, truth(packets, 'video', 10), 1e-6))
    assert.ok(isClose(end.last10s.audioBytesPerSecond, truth(packets, 'audio', 10), 1e-6))
  })

  it('counts every packet', () => {
    const { end, packets } = replay('ffmpeg-listen.static')
    const video = packets.filter(({ packet }) => packet.media === 'video')
    assert.equal(end.total.video.packets, video.length)
    assert.equal(
      end.total.video.bytes,
      video.reduce((sum, { packet }) => sum + packet.size, 0),
    )
    assert.equal(end.total.keyframes, video.filter(({ packet }) => packet.keyframe).length)
  })

  for (const [name, after] of [
    ['nginx-restart.ffprobe-5.1', 7],
    ['nginx-restart.static', 7],
    ['node-media-server-restart.ffprobe-5.1', 7],
  ] as const) {
    it(`shows one publisher restart, at once, and no time stamp fault: ${name}`, () => {
      const { shown, end } = replay(name)
      assert.deepEqual(
        shown.map(({ notice }) => notice),
        ['restart'],
      )
      assert.ok(Math.abs((shown[0]?.at ?? 0) - after) < 1)
      assert.deepEqual([end.total.timestampFaults, end.total.publisherRestarts], [NO_FAULTS, 1])
      assert.ok((end.drift ?? 9) < 0.05)
    })
  }

  it('of a frozen publisher that makes up for it has a stall, and then no drift, no fault and no restart', () => {
    const { each, end } = replay('nginx-frozen.static')
    assert.deepEqual([end.total.timestampFaults, end.total.publisherRestarts], [NO_FAULTS, 0])
    const stalled = each.filter(({ is }) => is.up === false)
    assert.ok(stalled.length >= 1 && stalled.every(({ is }) => is.last1s.framesPerSecond === 0))
    assert.ok((end.drift ?? 9) < 0.05)
    assert.ok(isClose(end.last10s.framesPerSecond, 10))
  })

  it('of HLS stays up between segments, at real time and without drift', () => {
    const { each, end, shown, parser } = replay('hls.ffprobe-5.1', 12)
    assert.equal(parser.garbageLines, 0)
    assert.deepEqual([shown, end.total.timestampFaults], [[], NO_FAULTS])
    assert.ok(isClose(end.last10s.framesPerSecond, 10))
    assert.ok(isClose(end.keyframeInterval, 2))
    assert.equal(end.warmingUp, false)
    for (const { at, is } of each) {
      assert.equal(is.up, true, `${at}`)
      if (is.drift !== null) assert.ok(is.drift < 0.3, `drift ${is.drift} at ${at}`)
      if (is.last10s.realtimeRatio !== null) assert.ok(isClose(is.last10s.realtimeRatio, 1, 0.02), `${at}`)
    }
  })
})
