import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { carriesTracks, type MediaKind, mediaIn, readMediaHead } from '../../src/rtmp/media.ts'

const bytes = (...parts: (number | string)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : Buffer.of(part))))

/** The tracks of a message: number, codec, kind of packet, composition time, and the codec's own bytes. */
function tracks(kind: MediaKind, message: Buffer): unknown[] {
  const read = { time: 0, length: message.length, head: message.subarray(0, 64), whole: message }
  return mediaIn(kind, read).map(({ trackId, codec, packet, compositionTime, head, size }) => {
    assert.equal(head.length, size)
    return [trackId, codec, packet, compositionTime, head.toString('latin1')]
  })
}

const codecOf = (kind: MediaKind, fourCc: string) =>
  readMediaHead(kind, bytes(kind === 'video' ? 0x91 : 0x91, fourCc, 1))?.codec

describe('a message of Enhanced RTMP', () => {
  for (const [kind, fourCc, codec] of [
    ['video', 'avc1', 'h264'],
    ['video', 'hvc1', 'hevc'],
    ['video', 'vvc1', 'vvc'],
    ['video', 'av01', 'av1'],
    ['video', 'vp08', 'vp8'],
    ['video', 'vp09', 'vp9'],
    ['audio', 'Opus', 'opus'],
    ['audio', 'fLaC', 'flac'],
    ['audio', 'mp4a', 'aac'],
    ['audio', '.mp3', 'mp3'],
    ['audio', 'ac-3', 'ac3'],
    ['audio', 'ec-3', 'eac3'],
  ] as const) {
    it(`of ${fourCc} is ${codec}`, () => assert.equal(codecOf(kind, fourCc), codec))
  }

  it('whose codec nobody knows is called by its FourCC, and so is one that only the other medium has', () => {
    assert.equal(codecOf('video', 'xyz9'), 'xyz9')
    assert.equal(codecOf('video', 'Opus'), 'Opus')
    assert.equal(codecOf('audio', 'hvc1'), 'hvc1')
    assert.equal(codecOf('video', 'toSt'), 'toSt')
  })

  it('has a composition time in CodedFrames of codecs that reorder, and in no others', () => {
    const minus2 = [0xff, 0xff, 0xfe]
    assert.deepEqual(tracks('video', bytes(0x91, 'hvc1', ...minus2, 'abc')), [[0, 'hevc', 'frame', -2, 'abc']])
    assert.deepEqual(tracks('video', bytes(0x93, 'hvc1', 'abc')), [[0, 'hevc', 'frame', 0, 'abc']])
    assert.deepEqual(tracks('video', bytes(0x91, 'av01', 'abc')), [[0, 'av1', 'frame', 0, 'abc']])
  })

  it('is a key frame, another one, parameters, an end, or nothing that is measured', () => {
    const said = (kind: MediaKind, first: number) => {
      const { packet, keyframe } = readMediaHead(kind, bytes(first, kind === 'video' ? 'vp09' : 'Opus', 1)) ?? {}
      return `${packet}${keyframe ? ', key' : ''}`
    }
    assert.equal(said('video', 0x91), 'frame, key')
    assert.equal(said('video', 0xa1), 'frame')
    assert.equal(said('video', 0x90), 'sequence-header, key')
    assert.equal(said('video', 0x92), 'sequence-end, key')
    assert.equal(said('video', 0x94), 'metadata, key')
    assert.equal(said('video', 0x9f), 'other, key')
    assert.equal(said('audio', 0x90), 'sequence-header, key')
    assert.equal(said('audio', 0x94), 'other, key')
    // A command to the player, which has no codec.
    assert.equal(readMediaHead('video', bytes(0xd1, 0)), null)
  })

  it('may carry one track of several', () => {
    const message = bytes(0x96, 0x01, 'hvc1', 7, 0, 0, 40, 'abc')
    assert.equal(carriesTracks('video', message), false)
    assert.deepEqual(tracks('video', message), [[7, 'hevc', 'frame', 40, 'abc']])
    assert.deepEqual(tracks('audio', bytes(0x95, 0x00, 'Opus', 1, 'OpusHead')), [
      [1, 'opus', 'sequence-header', 0, 'OpusHead'],
    ])
  })

  it('may carry several tracks of one codec', () => {
    const message = bytes(0x96, 0x11, 'hvc1', 0, 0, 0, 6, 0, 0, 40, 'abc', 1, 0, 0, 5, 0, 0, 80, 'de')
    assert.equal(carriesTracks('video', message), true)
    assert.deepEqual(tracks('video', message), [
      [0, 'hevc', 'frame', 40, 'abc'],
      [1, 'hevc', 'frame', 80, 'de'],
    ])
  })

  it('may carry several tracks of several codecs', () => {
    const message = bytes(0x95, 0x21, 'Opus', 0, 0, 0, 3, 'abc', 'ac-3', 2, 0, 0, 2, 'de')
    assert.deepEqual(tracks('audio', message), [
      [0, 'opus', 'frame', 0, 'abc'],
      [2, 'ac3', 'frame', 0, 'de'],
    ])
  })

  it('may begin with extensions, short ones, long ones and several', () => {
    const short = [2, 0, 0x12, 0x34]
    assert.deepEqual(tracks('video', bytes(0x97, ...short, 0x01, 'hvc1', 0, 0, 40, 'abc')), [
      [0, 'hevc', 'frame', 40, 'abc'],
    ])
    assert.deepEqual(tracks('video', bytes(0x97, ...short, 0x07, ...short, 0x03, 'hvc1', 'abc')), [
      [0, 'hevc', 'frame', 0, 'abc'],
    ])
    const long = bytes(0x97, 255, 1, 0, 'x'.repeat(257), 0x03, 'hvc1', 'abc')
    assert.deepEqual(
      mediaIn('video', { time: 0, length: long.length, head: long, whole: long }).map(({ codec, size }) => [
        codec,
        size,
      ]),
      [['hevc', 3]],
    )
    assert.deepEqual(tracks('audio', bytes(0x97, ...short, 0x05, 0x01, 'Opus', 3, 'abc')), [
      [3, 'opus', 'frame', 0, 'abc'],
    ])
  })

  it('of which only a part is there, or that lies of its lengths, gives what can be read of it', () => {
    assert.equal(readMediaHead('video', bytes(0x91, 'hv')), null)
    assert.deepEqual(tracks('video', bytes(0x96)), [])
    assert.deepEqual(tracks('video', bytes(0x96, 0x11, 'hvc1', 0, 0)), [])
    assert.deepEqual(tracks('audio', bytes(0x95, 0x11, 'Opus', 0, 0, 0, 200, 'abc')), [[0, 'opus', 'frame', 0, 'abc']])
  })
})
