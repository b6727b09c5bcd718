import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { FlvParser } from '../../src/rtmp/flv-parser.ts'

/** Of OBS, by Enhanced RTMP: 4 s of 30 pictures a second. */
const FILE = readFileSync(fileURLToPath(new URL('../fixtures/media/hevc-bframes-enhanced.flv', import.meta.url)))
const HEADER = 13

function parse(bytes: Buffer, size = 1e9, wants = false) {
  const heard: string[] = []
  const kept: number[] = []
  const parser = new FlvParser({
    media: ({ kind, packet, codec, time, size: length, payload }) => {
      heard.push(`${kind} ${packet} ${codec} ${time} ${length}`)
      if (packet === 'frame' && payload !== null) kept.push(payload.length)
    },
    wantsFrame: () => wants,
  })
  let isFlv = true
  for (let at = 0; isFlv && at < bytes.length; at += size) isFlv = parser.push(bytes.subarray(at, at + size))
  return { heard, kept, isFlv }
}

/** A tag with the length of it behind. */
function tag(type: number, time: number, body: Buffer): Buffer {
  const bytes = Buffer.alloc(11 + body.length + 4)
  bytes.writeUInt8(type, 0)
  bytes.writeUIntBE(body.length, 1, 3)
  bytes.writeUIntBE(time & 0xffffff, 4, 3)
  bytes.writeUInt8((time >>> 24) & 0xff, 7)
  body.copy(bytes, 11)
  bytes.writeUInt32BE(11 + body.length, 11 + body.length)
  return bytes
}

describe('FLV as it comes', () => {
  const whole = parse(FILE)

  it('holds the messages that RTMP has', () => {
    const frames = whole.heard.filter((one) => one.startsWith('video frame hevc'))
    assert.equal(frames.length, 120)
    assert.ok(whole.heard.some((one) => one.startsWith('video sequence-header hevc')))
    assert.ok(whole.heard.some((one) => one.startsWith('audio frame aac')))
    assert.equal(whole.heard.filter((one) => one.startsWith('data metadata')).length, 1)
  })

  for (const size of [1, 7, 11, 100, 4096]) {
    it(`is the same in pieces of ${size} bytes`, () => assert.deepEqual(parse(FILE, size), whole))
  }

  it('hands on whole frames where they are wanted', () => {
    assert.equal(whole.kept.length, 0)
    assert.ok(parse(FILE, 1000, true).kept.length > 120)
  })

  it('has 32 bits of milliseconds', () => {
    const late = tag(8, 0x8123_4567, Buffer.from([0xaf, 1, 1, 2, 3]))
    const { heard } = parse(Buffer.concat([FILE.subarray(0, HEADER), late]))
    assert.deepEqual(heard, [`audio frame aac ${0x8123_4567} 3`])
  })

  it('goes on behind a tag of a type that nobody knows, one that is encrypted and one that is empty', () => {
    const sound = Buffer.from([0xaf, 1, 1, 2, 3])
    const tags = [tag(15, 0, sound), tag(8 | 0x20, 0, sound), tag(9, 0, Buffer.alloc(0)), tag(8, 40, sound)]
    assert.deepEqual(parse(Buffer.concat([FILE.subarray(0, HEADER), ...tags])).heard, ['audio frame aac 40 3'])
  })

  it('is none where it begins otherwise, and none any more where nothing makes sense', () => {
    assert.equal(parse(Buffer.from('<html>Welcome, and good night</html>')).isFlv, false)
    assert.equal(parse(Buffer.concat([FILE.subarray(0, HEADER), Buffer.alloc(4096)])).isFlv, false)
    const endless = Buffer.concat([FILE.subarray(0, HEADER), Buffer.from([9, 0xff, 0xff, 0xff]), Buffer.alloc(100)])
    assert.equal(parse(endless).isFlv, false)
  })

  it('survives whatever may come', () => {
    let seed = 7
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed
    }
    for (let round = 0; round < 300; round++) {
      const bytes = Buffer.from(FILE.subarray(0, 20_000))
      for (let change = 0; change < 20; change++) bytes[random() % bytes.length] = random() & 0xff
      assert.ok(parse(bytes, 1 + (random() % 5000)).heard.length <= 20_000 / 12)
    }
  })
})
