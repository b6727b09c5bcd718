import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { PacketLineParser } from '../../src/ffmpeg/packet-line.ts'
import { SESSION_ENDS, type StreamMeasurements } from '../../src/observation/stream.ts'
import { PacketMeter } from '../../src/stream/meter.ts'
import type { Packet } from '../../src/stream/packet.ts'
import { feed, generate, isClose } from './generate-packets.ts'

const WRAP = 2 ** 32 / 1000

/** Time stamps as they come from mad publishers: mostly onward, sometimes anywhere. */
const stamp = fc.oneof(
  { weight: 6, arbitrary: fc.double({ min: 0, max: 30, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1.4, -5, 3600, WRAP, WRAP - 1, 95_443.7, 1e9, 1e11, -1e11) },
  { weight: 1, arbitrary: fc.double() },
)
const packets: fc.Arbitrary<Packet> = fc.record({
  media: fc.constantFrom('video', 'audio', 'other'),
  index: fc.constantFrom(0, 1, 2, 7),
  pts: fc.option(stamp),
  dts: fc.option(stamp),
  size: fc.oneof(fc.nat(1_000_000), fc.double()),
  keyframe: fc.boolean(),
  newExtradata: fc.boolean(),
})

type Action =
  | { do: 'packet'; packet: Packet; wait: number }
  | { do: 'begin'; wait: number }
  | { do: 'end'; end: (typeof SESSION_ENDS)[number]; wait: number }
const wait = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 0.2, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 3, 20, 1000, 1e6) },
)
const actions: fc.Arbitrary<Action> = fc.oneof(
  { weight: 20, arbitrary: fc.record({ do: fc.constant('packet' as const), packet: packets, wait }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('begin' as const), wait }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('end' as const), end: fc.constantFrom(...SESSION_ENDS), wait }) },
)

/** Every number anywhere in it. */
function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : []
}

function assertSound(now: StreamMeasurements, before: StreamMeasurements): void {
  for (const number of numbers(now)) assert.ok(Number.isFinite(number), `${number}`)
  for (const rates of [now.last1s, now.last10s, now.window]) {
    for (const rate of Object.values(rates)) assert.ok(rate === null || rate >= 0, `${rate}`)
  }
  for (const age of [now.keyframeInterval, now.drift, now.lastPacketAge, now.connectSeconds]) {
    assert.ok(age === null || age >= 0, `${age}`)
  }
  const [later, earlier] = [numbers(now.total), numbers(before.total)]
  assert.ok(later.every((count, i) => count >= (earlier[i] ?? 0)))
}

describe('whatever packets come, in whatever order', () => {
  it('the meter never throws, measures only finite numbers, and counts nothing back', () => {
    fc.assert(
      fc.property(fc.array(actions, { maxLength: 300 }), fc.constantFrom(0.5, 2, 18), (sequence, stallAfter) => {
        const meter = new PacketMeter({ stallAfter })
        let at = 0
        let before = meter.measure(at)
        meter.beginSession(at)
        for (const [i, action] of sequence.entries()) {
          at += action.wait
          if (action.do === 'packet') meter.add(action.packet, at)
          else if (action.do === 'begin') meter.beginSession(at)
          else meter.endSession(action.end, at)
          if (i % 7 !== 0) continue
          const now = meter.measure(at + action.wait)
          assertSound(now, before)
          before = now
        }
      }),
      { numRuns: 150 },
    )
  })

  it('a clock that goes back or is no number is taken as standing still', () => {
    const meter = new PacketMeter({ stallAfter: 2 })
    meter.beginSession(Number.NaN)
    feed(meter, generate({ seconds: 5 }))
    const before = meter.measure(5)
    feed(meter, generate({ seconds: 1, dts: 5, arrival: () => 1 }))
    feed(meter, generate({ seconds: 1, dts: 6, arrival: () => Number.NaN }))
    assertSound(meter.measure(1), before)
    assert.equal(meter.measure(1).up, true)
  })
})

describe('whatever constant stream comes', () => {
  it('bitrate, frame rate and key frame interval are within 1 %, and nothing is called a fault', () => {
    const source = fc.record({
      fps: fc.constantFrom(23.976, 24, 25, 29.97, 30, 48, 50, 59.94, 60),
      frames: fc.integer({ min: 12, max: 300 }),
      audioRate: fc.constantFrom(null, 44_100 / 1024, 48_000 / 1024, 8000 / 1024, 50),
      frameSize: fc.integer({ min: 100, max: 100_000 }),
      dts: fc.constantFrom(0, 1.4, 3600, WRAP - 20, 2 ** 33 / 90_000 - 20),
      jitter: fc.double({ min: 0, max: 0.3, noNaN: true }),
    })
    fc.assert(
      fc.property(source, ({ fps, frames, jitter, ...rest }) => {
        const meter = new PacketMeter({ stallAfter: 2 })
        meter.beginSession(0)
        // Later packets never overtake: the delay grows at most as fast as time.
        const arrival = (t: number) => t + (jitter * (1 + Math.sin(3 * t))) / 2
        const shown = feed(
          meter,
          generate({ ...rest, seconds: 25, fps, gop: frames / fps, keyframeSize: rest.frameSize, arrival }),
        )
        const { last10s, keyframeInterval, total } = meter.measure(25 + jitter)
        assert.deepEqual([shown, total.timestampFaults], [[], { regression: 0, jump: 0, gap: 0 }])
        assert.ok(isClose(last10s.framesPerSecond, fps), `${last10s.framesPerSecond} fps`)
        assert.ok(isClose(last10s.videoBytesPerSecond, rest.frameSize * fps), `${last10s.videoBytesPerSecond} B/s`)
        assert.ok(isClose(keyframeInterval, frames / fps), `${keyframeInterval} s`)
        assert.ok(isClose(last10s.realtimeRatio, 1, 0.03), `${last10s.realtimeRatio}`)
      }),
      { numRuns: 40 },
    )
  })

  it('it may come as lines cut anywhere', () => {
    const text = generate({ seconds: 12 })
      .map(({ packet: { media, index, pts, dts, size, keyframe } }) =>
        [media, index, pts?.toFixed(6), dts?.toFixed(6), size, keyframe ? 'K_' : '__'].join(','),
      )
      .join('\n')
    const bytes = Buffer.from(`${text}\n`)
    const measured = (cuts: number[]) => {
      const meter = new PacketMeter({ stallAfter: 2 })
      meter.beginSession(0)
      const parser = new PacketLineParser((packet) => meter.add(packet, packet.dts ?? 0))
      const sorted = [0, ...cuts.map((cut) => cut % bytes.length), bytes.length].sort((a, b) => a - b)
      for (const [i, cut] of sorted.entries()) parser.push(bytes.subarray(sorted[i - 1] ?? 0, cut))
      return meter.measure(12)
    }
    const whole = measured([])
    fc.assert(
      fc.property(fc.array(fc.nat(1_000_000), { maxLength: 50 }), (cuts) => assert.deepEqual(measured(cuts), whole)),
      { numRuns: 50 },
    )
  })
})
