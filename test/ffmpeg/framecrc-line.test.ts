import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { FramecrcParser } from '../../src/ffmpeg/framecrc-line.ts'
import type { Packet } from '../../src/stream/packet.ts'

const OFFSET = 2 ** 40

/** As ffmpeg 5.1.9 prints it, from a stream of video and audio with time stamps in milliseconds. */
const HEADER = `#extradata 0:       45, 0x24420ec9
#extradata 1:        5, 0x056101dc
#software: Lavf59.27.100
#tb 0: 1/1000
#media_type 0: video
#codec_id 0: h264
#dimensions 0: 1280x720
#sar 0: 1/1
#tb 1: 1/1000
#media_type 1: audio
#codec_id 1: aac
#sample_rate 1: 48000
#channel_layout_name 1: stereo
`

function line(track: number, dts: number, size: number, more = '', presented = '10'): string {
  return `${track},         10, ${presented.padStart(10)}, ${OFFSET + dts}, ${String(size).padStart(8)}, 0x73f34bde${more}\n`
}

function parse(...chunks: (string | Buffer)[]): { packets: Packet[]; parser: FramecrcParser } {
  const packets: Packet[] = []
  const parser = new FramecrcParser((packet) => packets.push(packet))
  for (const chunk of chunks) parser.push(Buffer.from(chunk))
  return { packets, parser }
}

describe('a packet line of framecrc', () => {
  it('gives the fields of a packet, with the DTS that it carries as duration', () => {
    const { packets, parser } = parse(HEADER, line(0, 2067, 37499), line(1, 2008, 347))
    assert.deepEqual(packets, [
      { media: 'video', index: 0, pts: 2.067, dts: 2.067, size: 37499, keyframe: true, newExtradata: false },
      { media: 'audio', index: 1, pts: 2.008, dts: 2.008, size: 347, keyframe: true, newExtradata: false },
    ])
    assert.equal(parser.garbageLines, 0)
  })

  it('gives the PTS by what it differs from the DTS, and none where there is none', () => {
    const { packets, parser } = parse(HEADER, line(0, 2067, 1, '', '143'), line(0, 2100, 1, '', 'NOPTS'))
    assert.deepEqual(
      packets.map(({ pts, dts }) => [pts, dts]),
      [
        [2.2, 2.067],
        [null, 2.1],
      ],
    )
    assert.equal(parser.garbageLines, 0)
  })

  it('is of a key frame unless its flags say otherwise', () => {
    const flags = ['', ', F=0x0', ', F=0x11', ', F=0x10', ', F=0x3']
    const { packets } = parse(HEADER, ...flags.map((flag) => line(0, 0, 1, flag)))
    assert.deepEqual(
      packets.map(({ keyframe }) => keyframe),
      [true, false, true, false, true],
    )
  })

  it('shows new codec parameters by their name or their size, and takes no other side data for them', () => {
    const sideData = [
      ', S=1,       45',
      ', S=1,        5',
      ', F=0x0, S=1,       30',
      ', S=1,       45, 0x24420ec9',
      ', S=1, New Extradata,       45',
      ', S=2,        1,       45',
      ', S=1,        1',
      ', S=1,       10',
      ', S=1, MPEGTS Stream ID,        1',
      ', S=1, Skip Samples,       10, 0x24420ec9',
      ', S=1, Quality stats,       60',
    ]
    const { packets } = parse(HEADER, ...sideData.map((data) => line(0, 0, 1, data)))
    assert.deepEqual(
      packets.map(({ newExtradata }) => newExtradata),
      [true, true, true, true, true, true, false, false, false, false, false],
    )
  })

  it('counts time in the unit of its track', () => {
    const { packets } = parse('#tb 0: 1/90000\n#media_type 0: video\n', line(0, 8_589_900_000, 5))
    assert.ok(Math.abs((packets[0]?.dts ?? 0) - 8_589_900_000 / 90_000) < 1e-6)
  })

  it('may have a time stamp below 0', () => {
    assert.equal(parse(HEADER, line(0, -33, 5)).packets[0]?.dts, -0.033)
  })

  it('of data or subtitles is neither video nor audio', () => {
    const header = '#tb 0: 1/1000\n#media_type 0: data\n#tb 1: 1/1000\n#media_type 1: subtitle\n#tb 2: 1/1000\n'
    const { packets } = parse(header, line(0, 0, 1), line(1, 0, 1), line(2, 0, 1))
    assert.deepEqual(
      packets.map(({ media }) => media),
      ['other', 'other', 'other'],
    )
  })
})

describe('the output of framecrc', () => {
  const text = `${HEADER}${line(0, 0, 9910, ', S=1,       45')}${line(1, 21, 314)}what?\n${line(0, 33, 3236, ', F=0x0')}`

  it('may be cut anywhere', () => {
    const whole = parse(text).packets
    assert.equal(whole.length, 3)
    for (let first = 0; first <= text.length; first++) {
      const cut = parse(text.slice(0, first), text.slice(first))
      assert.deepEqual(cut.packets, whole, `cut at ${first}`)
      assert.equal(cut.parser.garbageLines, 1)
    }
  })

  it('counts what is no packet line as garbage, and goes on', () => {
    const good = line(0, 0, 1)
    const bad = [
      'hello\n',
      '0,\n',
      '0,          0,\n',
      good.replace('0,', 'x,'),
      good.replace('0,', '-1,'),
      good.replace('0,', '7,'),
      good.replace('0x73f34bde', 'crc'),
      line(0, 0, -1),
      line(0, 0, 2 ** 31),
      line(0, Number.NaN, 5),
      line(0, 1e19, 5),
      `${'9'.repeat(600)}\n`,
    ]
    for (const one of bad) {
      const { packets, parser } = parse(HEADER, one, good)
      assert.equal(packets.length, 1, one)
      assert.equal(parser.garbageLines, 1, one)
    }
  })

  it('is not read before it said in what unit its time stamps are', () => {
    const { packets, parser } = parse('#media_type 0: video\n#tb 0: 0/0\n', line(0, 0, 1))
    assert.equal(packets.length, 0)
    assert.equal(parser.garbageLines, 1)
  })

  it('is broken after 50 garbage lines, or by a line without an end', () => {
    assert.equal(parse('what?\n'.repeat(49)).parser.isBroken, false)
    assert.equal(parse('what?\n'.repeat(50)).parser.isBroken, true)
    assert.equal(parse(...Array.from({ length: 100 }, () => Buffer.alloc(65_536, 'x'))).parser.isBroken, true)
  })

  it('never makes the parser throw, nor give a packet without finite numbers', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        HEADER,
        line(0, 40, 7),
        line(1, -5, 0, ', S=1,        5'),
        '#tb 0: 1/0\n',
        ', ',
        '0x',
        '\n',
        '\r\n',
      ),
      fc.string(),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        for (const { dts, size, index } of parse(HEADER, ...pieces).packets) {
          assert.ok(dts !== null && Number.isFinite(dts) && size >= 0 && index >= 0)
        }
      }),
    )
  })
})
