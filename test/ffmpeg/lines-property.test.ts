import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FramecrcParser } from '../../src/ffmpeg/framecrc-line.ts'
import { PacketLineParser } from '../../src/ffmpeg/packet-line.ts'
import { createStreamJudge } from '../../src/health/judge.ts'
import { createProfiles } from '../../src/health/profile-lookup.ts'
import type { StreamMeasurements } from '../../src/observation/stream.ts'
import { PacketMeter } from '../../src/stream/meter.ts'
import type { Packet } from '../../src/stream/packet.ts'
import { parameters } from '../health/readings.ts'

const time = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: 0, max: 60, noNaN: true }).map((value) => value.toFixed(6)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('N/A', '', '-5.000000', '1e400', 'nan', 'inf', '4294967.296000', '99999999999999'),
  },
)
const size = fc.oneof(
  { weight: 6, arbitrary: fc.nat(200_000).map(String) },
  { weight: 1, arbitrary: fc.constantFrom('-1', 'N/A', '', '1e400', '999999999999999999999') },
)
const media = fc.constantFrom('video', 'audio', 'data', 'unknown', '')

/** What ffprobe prints, and what no ffprobe would. */
const probeLine = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(media, fc.nat(3), time, time, size, fc.constantFrom('K_', '__', 'K__', 'KD', ''), fc.boolean())
      .map(
        ([kind, index, pts, dts, bytes, flags, extradata]) =>
          `${[kind, index, pts, dts, bytes, flags].join(',')}${extradata ? ',New Extradata\n' : ''}\n`,
      ),
  },
  { weight: 1, arbitrary: fc.string().map((text) => `${text}\n`) },
)

const HEADER = '#tb 0: 1/1000\n#media_type 0: video\n#codec_id 0: h264\n#tb 1: 1/1000\n#media_type 1: audio\n'
const ticks = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -1000, max: 60_000 }).map((value) => String(2 ** 40 + value)) },
  { weight: 1, arbitrary: fc.constantFrom('NOPTS', '-9223372036854775808', '9223372036854775807', '') },
)

/** What ffmpeg's framecrc muxer prints, and what it would not. */
const crcLine = fc.oneof(
  {
    weight: 12,
    arbitrary: fc
      .tuple(fc.nat(3), ticks, fc.integer({ min: -100, max: 60_000 }), size, fc.constantFrom('', ', F=0x0', ', S=1'))
      .map(([track, dts, pts, bytes, more]) => `${track}, 10, ${pts}, ${dts}, ${bytes}, 0x73f34bde${more}\n`),
  },
  { weight: 1, arbitrary: fc.constantFrom('#tb 0: 0/0\n', '#tb 1: 1/0\n', '#media_type 0: audio\n', HEADER) },
  { weight: 1, arbitrary: fc.string().map((text) => `${text}\n`) },
)

function numbers(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbers) : []
}

/** Feeds lines as they come, a tenth of a second apart, and looks at what is measured and judged of them. */
function watch(lines: readonly string[], parserOf: (take: (packet: Packet) => void) => { push(chunk: Buffer): void }) {
  const meter = new PacketMeter({ stallAfter: 2 })
  const judge = createStreamJudge({ target: 'main', media: 'both', profile: createProfiles().get('youtube') })
  let at = 0
  const parser = parserOf((packet) => meter.add(packet, at))
  meter.beginSession(0)
  meter.setParameters(parameters())
  let before: StreamMeasurements | null = null
  for (const [index, line] of lines.entries()) {
    at += 0.1
    parser.push(Buffer.from(line))
    if (index % 10 !== 0) continue
    const now = meter.measure(at)
    for (const number of numbers(now)) assert.ok(Number.isFinite(number), `${number}`)
    const earlier = before === null ? [] : numbers(before.total)
    numbers(now.total).forEach((count, place) => {
      assert.ok(count >= (earlier[place] ?? 0), 'it counts back')
    })
    before = now
    const reading = { outcome: 'present' as const, measurements: now }
    const verdict = judge.judge({ reading, expected: true, at: { wall: at * 1000, monotonic: at }, interval: 1 })
    assert.ok(verdict.score !== null && verdict.score >= 1 && verdict.score <= 100, `${verdict.score}`)
    for (const { summary } of verdict.issues) assert.doesNotMatch(summary, /NaN|Infinity|undefined|null/)
  }
}

describe('whatever lines come, in whatever order', () => {
  it('what ffprobe prints never makes the meter or the judge throw, measure no number, or count back', () => {
    const lines = fc.array(probeLine, { maxLength: 400, size: 'max' })
    fc.assert(
      fc.property(lines, (all) => watch(all, (take) => new PacketLineParser(take))),
      { numRuns: 60 },
    )
  })

  it('what framecrc prints does not either', () => {
    const lines = fc.array(crcLine, { maxLength: 400, size: 'max' })
    fc.assert(
      fc.property(lines, (all) => watch([HEADER, ...all], (take) => new FramecrcParser(take))),
      { numRuns: 60 },
    )
  })
})
