import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { PacketLineParser } from '../../src/ffmpeg/packet-line.ts'
import type { Packet } from '../../src/stream/packet.ts'

function parse(...chunks: (string | Buffer)[]): { packets: Packet[]; parser: PacketLineParser } {
  const packets: Packet[] = []
  const parser = new PacketLineParser((packet) => packets.push(packet))
  for (const chunk of chunks) parser.push(Buffer.from(chunk))
  return { packets, parser }
}

describe('a packet line', () => {
  it('gives every field of a video packet', () => {
    const { packets } = parse('video,1,0.067000,-0.033000,9910,K_\n')
    assert.deepEqual(packets, [
      { media: 'video', index: 1, pts: 0.067, dts: -0.033, size: 9910, keyframe: true, newExtradata: false },
    ])
  })

  it('is read alike from ffprobe 5.1, which has two flags, and from newer ones, which have three', () => {
    const { packets } = parse('video,0,1.000000,1.000000,5,__\nvideo,0,1.000000,1.000000,5,___\n')
    assert.deepEqual(packets[0], packets[1])
    assert.equal(packets[0]?.keyframe, false)
  })

  it('shows new codec parameters, and no other side data, as new extradata', () => {
    const { packets, parser } = parse(
      'audio,0,0.000000,0.000000,212,K_,New Extradata\n\n',
      'video,0,1.400000,1.400000,9951,K_,MPEGTS Stream ID\n\n',
      'video,0,1.400000,1.400000,9951,K_,MPEGTS Stream ID,New Extradata\n\n',
    )
    assert.deepEqual(
      packets.map((packet) => packet.newExtradata),
      [true, false, true],
    )
    assert.equal(parser.garbageLines, 0)
  })

  it('may be followed by lines of further side data, which are no garbage', () => {
    const { packets, parser } = parse('audio,0,1.0,1.0,9,K_,New Extradata\nSkip Samples\n\naudio,0,1.1,1.1,9,K_\n')
    assert.equal(packets.length, 2)
    assert.equal(parser.garbageLines, 0)
  })

  it('has no time where ffprobe prints N/A', () => {
    const { packets } = parse('video,0,N/A,N/A,9945,K_\n')
    assert.deepEqual([packets[0]?.pts, packets[0]?.dts, packets[0]?.size], [null, null, 9945])
  })

  it('of data or subtitles is neither video nor audio', () => {
    const { packets } = parse('data,2,1.0,1.0,8,K_\nsubtitle,3,1.0,1.0,8,K_\nunknown,4,N/A,N/A,8,__\n')
    assert.deepEqual(
      packets.map((packet) => packet.media),
      ['other', 'other', 'other'],
    )
  })

  it('keeps microseconds of large time stamps', () => {
    const { packets } = parse('video,0,4294967.363000,95443.717689,9910,K_\n')
    assert.deepEqual([packets[0]?.pts, packets[0]?.dts], [4294967.363, 95443.717689])
  })

  it('may end in CR LF', () => {
    const { packets, parser } = parse('video,0,1.000000,1.000000,5,K_\r\n\r\n')
    assert.equal(packets.length, 1)
    assert.equal(parser.garbageLines, 0)
  })
})

describe('the output of a packet source', () => {
  const text = [
    'video,0,0.067000,0.000000,9910,K_,New Extradata',
    '',
    'audio,1,0.044000,0.044000,314,K_',
    'hello',
    'video,0,0.100000,0.067000,3236,__',
    '',
  ].join('\n')

  it('may be cut anywhere', () => {
    const whole = parse(text).packets
    assert.equal(whole.length, 3)
    for (let first = 0; first <= text.length; first++) {
      for (const second of [first, first + 1, text.length]) {
        const cut = parse(text.slice(0, first), text.slice(first, second), text.slice(second))
        assert.deepEqual(cut.packets, whole, `cut at ${first} and ${second}`)
        assert.equal(cut.parser.garbageLines, 1)
      }
    }
  })

  it('counts what is no packet line as garbage, and goes on', () => {
    const bad = [
      'hello',
      'video',
      'video,',
      'video,0,1.0,1.0,5',
      'video,0,1.0,1.0,5,',
      'video,x,1.0,1.0,5,K_',
      'video,-1,1.0,1.0,5,K_',
      'video,0.5,1.0,1.0,5,K_',
      'video,0,1.0.0,1.0,5,K_',
      'video,0,.,1.0,5,K_',
      'video,0,--1,1.0,5,K_',
      'video,0,1e9,1.0,5,K_',
      'video,0,1.0,nan,5,K_',
      'video,0,1.0,1.0,-5,K_',
      'video,0,1.0,1.0,5.5,K_',
      'video,0,1.0,1.0,99999999999,K_',
      'video,0,1.0,99999999999999999999,5,K_',
      'video,0,1.0,1.0,N/A,K_',
      'videos,0,1.0,1.0,5,K_',
      ' video,0,1.0,1.0,5,K_',
      '{"packets": [',
      '\0\0\0',
    ]
    for (const line of bad) {
      const { packets, parser } = parse(`${line}\nvideo,0,1.0,1.0,5,K_\n`)
      assert.equal(packets.length, 1, line)
      assert.equal(parser.garbageLines, 1, line)
    }
  })

  it('is not broken by a few garbage lines among good ones, however long it runs', () => {
    const twentyGood = 'video,0,1.0,1.0,5,K_\n'.repeat(20)
    const { parser } = parse(`${twentyGood}what?\n`.repeat(1000))
    assert.equal(parser.garbageLines, 1000)
    assert.equal(parser.isBroken, false)
  })

  it('is broken after 50 garbage lines', () => {
    assert.equal(parse('what?\n'.repeat(49)).parser.isBroken, false)
    assert.equal(parse('what?\n'.repeat(50)).parser.isBroken, true)
  })

  it('is broken by a line without an end, of which no more than 512 bytes are kept', () => {
    const { packets, parser } = parse(...Array.from({ length: 100 }, () => Buffer.alloc(65_536, 'x')))
    assert.equal(packets.length, 0)
    assert.equal(parser.isBroken, true)
  })

  it('is read again from the line after one that was too long', () => {
    const { packets, parser } = parse(
      'x'.repeat(300),
      'x'.repeat(300),
      'xx\nvideo,0,1.0,1.0,5,K_\n',
      'y'.repeat(600),
      '\n',
    )
    assert.equal(packets.length, 1)
    assert.equal(parser.garbageLines, 2)
  })

  it('may be any bytes in any pieces: nothing is thrown, and every number is finite', () => {
    const token = fc.constantFrom(
      'video',
      'audio',
      ',',
      ',',
      '\n',
      '1.5',
      '0',
      '-',
      '.',
      'N/A',
      'K_',
      'New Extradata',
      '9'.repeat(30),
    )
    const chunk = fc.oneof(
      fc.uint8Array({ maxLength: 600 }).map((bytes) => Buffer.from(bytes)),
      fc.array(token, { maxLength: 40 }).map((tokens) => Buffer.from(tokens.join(''))),
    )
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 20 }), (chunks) => {
        const { packets } = parse(...chunks)
        for (const packet of packets) {
          assert.ok(packet.pts === null || Number.isFinite(packet.pts))
          assert.ok(packet.dts === null || Number.isFinite(packet.dts))
          assert.ok(Number.isSafeInteger(packet.size) && packet.size >= 0)
          assert.ok(Number.isSafeInteger(packet.index) && packet.index >= 0)
        }
      }),
      { numRuns: 300 },
    )
  })
})
