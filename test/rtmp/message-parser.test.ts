import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { AUDIO, VIDEO, writeMessage } from '../../src/rtmp/chunk-stream.ts'
import { HEAD, MessageParser } from '../../src/rtmp/message-parser.ts'

interface Heard {
  type: number
  time: number
  length: number
  head: string
  payload: string | null
}

function parse(pieces: readonly Buffer[], wants: (type: number) => boolean = () => false): Heard[] {
  const heard: Heard[] = []
  const parser = new MessageParser({
    wants: ({ type }) => wants(type),
    message: ({ type, time, length, head, payload }) =>
      heard.push({ type, time, length, head: head.toString('hex'), payload: payload?.toString('hex') ?? null }),
  })
  for (const piece of pieces) parser.push(piece)
  return heard
}

const bytes = (length: number, seed: number) => Buffer.from(Array.from({ length }, (_, at) => (at * 7 + seed) & 0xff))
const setChunkSize = (size: number) => {
  const payload = Buffer.alloc(4)
  payload.writeUInt32BE(size)
  return writeMessage({ type: 1, payload })
}
/** Pieces of at most `size` bytes, each in memory that is overwritten after its turn. */
function* cut(whole: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < whole.length; at += size) yield whole.subarray(at, at + size)
}

describe('the messages of a server', () => {
  const video = bytes(1000, 1)
  const whole = Buffer.concat([
    writeMessage({ type: VIDEO, time: 40, payload: video }),
    setChunkSize(4096),
    writeMessage({ type: AUDIO, time: 50, payload: bytes(90, 2) }, 4096),
    writeMessage({ type: VIDEO, time: 0x01000000, payload: bytes(9000, 3) }, 4096),
    writeMessage({ type: 18, payload: bytes(0, 0) }, 4096),
    writeMessage({ type: 20, payload: bytes(10, 4) }, 4096),
  ])

  it('are kept whole where they are wanted, but none of more than 8 MB', () => {
    const huge = writeMessage({ type: VIDEO, time: 40, payload: Buffer.alloc(9 * 2 ** 20, 7) }, 2 ** 16)
    const usual = writeMessage({ type: VIDEO, time: 80, payload: Buffer.alloc(10_000, 8) }, 2 ** 16)
    const heard = parse([setChunkSize(2 ** 16), huge, usual], () => true)
    assert.deepEqual(
      heard.map(({ length, head, payload }) => [length, head.slice(0, 2), payload?.slice(0, 2)]),
      [
        [9 * 2 ** 20, '07', undefined],
        [10_000, '08', '08'],
      ],
    )
  })

  for (const size of [1, 2, 3, 7, 64, 100, 129, 5000, 1e6]) {
    it(`are the same in pieces of ${size} bytes`, () => {
      const heard = parse([...cut(whole, size)], (type) => type === AUDIO)
      assert.deepEqual(
        heard.map(({ type, time, length, payload }) => [
          type,
          time,
          length,
          payload === null ? null : payload.length / 2,
        ]),
        [
          [VIDEO, 40, 1000, null],
          [AUDIO, 50, 90, 90],
          [VIDEO, 0x01000000, 9000, null],
          [18, 0, 0, null],
          [20, 0, 10, null],
        ],
      )
      assert.equal(heard[0]?.head, video.subarray(0, HEAD).toString('hex'))
      assert.equal(heard[1]?.payload, bytes(90, 2).toString('hex'))
      assert.equal(heard[4]?.head, bytes(10, 4).toString('hex'))
    })
  }

  it('are read where an old server leaves the extended time stamp out of the chunks that go on', () => {
    const message = writeMessage({ type: VIDEO, time: 0x02000000, payload: video })
    // Header of 12, extended time stamp of 4, 128 of payload; then 1, 4 and 128, again and again.
    const parts = [message.subarray(0, 16 + 128)]
    for (let at = 16 + 128; at < message.length; at += 5 + 128) {
      parts.push(message.subarray(at, at + 1), message.subarray(at + 5, at + 5 + 128))
    }
    const old = Buffer.concat(parts)
    for (const size of [1, 5, 1e6]) {
      const [first, second] = parse([...cut(Buffer.concat([old, old]), size)], () => true)
      assert.equal(first?.payload, video.toString('hex'))
      assert.equal(second?.payload, video.toString('hex'))
      assert.equal(second?.time, 0x02000000)
    }
  })

  it('begin without a header as the last one did, its time later by as much', () => {
    const header = Buffer.from([0x04, 0, 0, 10, 0, 0, 2, AUDIO, 1, 0, 0, 0, 0xaf, 1])
    const later = Buffer.from([0x84, 0, 0, 23, 0xaf, 2])
    const same = Buffer.from([0xc4, 0xaf, 3])
    const heard = parse([Buffer.concat([header, later, same])])
    assert.deepEqual(
      heard.map(({ time }) => time),
      [10, 33, 56],
    )
  })

  it('are refused where they are more than is accepted', () => {
    const streams = Buffer.concat(
      Array.from({ length: 65 }, (_, at) =>
        Buffer.from([0x00, at, 0, 0, 0, 0, 0, 200, AUDIO, 0, 0, 0, 0, ...bytes(128, 0)]),
      ),
    )
    assert.throws(() => parse([streams]), /more chunk streams/)
    assert.throws(() => parse([setChunkSize(0)]), /chunk size of 0/)
    assert.throws(() => parse([Buffer.from([0xc4, 0])]), /has not begun/)
  })
})
