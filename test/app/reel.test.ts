import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type FlvClip, parseFlv } from '../../app/demo/flv.ts'
import { Reel } from '../../app/demo/reel.ts'

const AUDIO = 8
const VIDEO = 9
const SCRIPT = 18

function tag(type: number, timestamp: number, payload: number[]): Buffer {
  const bytes = Buffer.alloc(11 + payload.length + 4)
  bytes[0] = type
  bytes.writeUIntBE(payload.length, 1, 3)
  bytes.writeUIntBE(timestamp % 2 ** 24, 4, 3)
  bytes[7] = Math.floor(timestamp / 2 ** 24)
  bytes.set(payload, 11)
  bytes.writeUInt32BE(11 + payload.length, 11 + payload.length)
  return bytes
}

const FILE_HEADER = Buffer.from('FLV\u0001\u0005\0\0\0\t\0\0\0\0', 'latin1')

/** 100 ms with a frame each 20 ms, and audio that ffmpeg padded by one beyond the end. `mark` tells clips apart. */
function clip(mark: number, encoding = 7): FlvClip {
  const media = [0, 20, 40, 60, 80, 100].flatMap((at) => [
    tag(AUDIO, at, [0xaf, 1, mark]),
    ...(at < 100 ? [tag(VIDEO, at + 5, [at === 0 ? 0x17 : 0x27, 1, mark])] : []),
  ])
  const headers = [tag(SCRIPT, 0, [2]), tag(VIDEO, 0, [0x17, 0, encoding]), tag(AUDIO, 0, [0xaf, 0, 1])]
  return parseFlv(Buffer.concat([FILE_HEADER, ...headers, ...media]))
}

/** The next tags of a stream: media, time stamp in milliseconds, and the mark of their clip. */
function take(stream: Generator<Buffer>, count: number) {
  return Array.from({ length: count }, () => {
    const bytes: Buffer = stream.next().value
    const timestamp = bytes.readUIntBE(4, 3) + (bytes[7] ?? 0) * 2 ** 24
    return { media: bytes[0] === AUDIO ? 'audio' : 'video', timestamp, mark: bytes[13] }
  })
}

describe('a clip in FLV', () => {
  it('is read as what a decoder needs first, and its media', () => {
    const { preamble, tags } = clip(1)
    assert.deepEqual(preamble.subarray(0, 3).toString(), 'FLV')
    assert.equal(tags.length, 11)
    assert.deepEqual(
      tags.slice(0, 2).map(({ media, timestamp }) => ({ media, timestamp })),
      [
        { media: 'audio', timestamp: 0 },
        { media: 'video', timestamp: 5 },
      ],
    )
  })

  it('is refused where it holds no video', () => {
    assert.throws(() => parseFlv(Buffer.concat([FILE_HEADER, tag(AUDIO, 0, [0xaf, 1])])), /no video/)
  })
})

describe('a reel', () => {
  it('plays a clip again and again without a seam', () => {
    const stream = new Reel({ clip: clip(1), audio: true }, 100).play()
    stream.next()
    const tags = take(stream, 25)
    for (const [media, first] of [
      ['audio', 0],
      ['video', 5],
    ] as const) {
      const times = tags.filter((each) => each.media === media).map(({ timestamp }) => timestamp)
      assert.deepEqual(
        times,
        times.map((_, at) => first + at * 20),
      )
    }
  })

  it('goes on in time from one scene to the next, with a key frame of the next', () => {
    const reel = new Reel({ clip: clip(1), audio: true }, 100)
    const stream = reel.play()
    stream.next()
    const before = take(stream, 4).at(-1)
    reel.cut({ clip: clip(2), audio: true })
    const [audio, video] = take(stream, 2)
    assert.deepEqual([before?.timestamp, audio?.timestamp, video?.timestamp], [25, 58, 63])
    assert.deepEqual([audio?.mark, video?.mark], [2, 2])
  })

  it('leaves the audio out where the scene has none', () => {
    const reel = new Reel({ clip: clip(1), audio: true }, 100)
    const stream = reel.play()
    stream.next()
    reel.cut({ clip: clip(1), audio: false })
    assert.ok(take(stream, 20).every(({ media }) => media === 'video'))
  })

  it('takes scenes whose video is encoded alike, and audio only where it began with it', () => {
    const reel = new Reel({ clip: clip(1), audio: true }, 100)
    assert.ok(reel.takes({ clip: clip(2), audio: false }))
    assert.ok(!reel.takes({ clip: clip(2, 8), audio: true }))
    const silent = new Reel({ clip: clip(1), audio: false }, 100)
    assert.ok(silent.takes({ clip: clip(2), audio: false }))
    assert.ok(!silent.takes({ clip: clip(2), audio: true }))
  })

  it('counts time beyond what three bytes hold', () => {
    const long = {
      ...clip(1),
      tags: [{ media: 'video', timestamp: 0, bytes: tag(VIDEO, 0, [0x17, 1, 1]) }],
    } satisfies FlvClip
    const stream = new Reel({ clip: long, audio: true }, 2 ** 24).play()
    stream.next()
    assert.deepEqual(
      take(stream, 3).map(({ timestamp }) => timestamp),
      [0, 2 ** 24, 2 ** 25],
    )
  })
})
