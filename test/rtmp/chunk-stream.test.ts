import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { RtmpError } from '../../src/rtmp/amf0.ts'
import { ChunkReader, COMMAND, type RtmpMessage, VIDEO, writeMessage } from '../../src/rtmp/chunk-stream.ts'

/** A message in one chunk or several of a size. */
function message(type: number, payload: Buffer, { stream = 3, size = 128, timestamp = 0 } = {}): Buffer {
  const extended = timestamp >= 0xffffff
  const head = Buffer.alloc(12)
  head.writeUInt8(stream, 0)
  head.writeUIntBE(extended ? 0xffffff : timestamp, 1, 3)
  head.writeUIntBE(payload.length, 4, 3)
  head.writeUInt8(type, 7)
  const long = Buffer.alloc(extended ? 4 : 0)
  if (extended) long.writeUInt32BE(timestamp)
  const parts: Buffer[] = [head, long]
  for (let at = 0; at < payload.length; at += size) {
    if (at > 0) parts.push(Buffer.of(0xc0 | stream), long)
    parts.push(payload.subarray(at, at + size))
  }
  return Buffer.concat(parts)
}

/** A message as it is read. */
const read = (type: number, payload: Buffer, time = 0, stream = 0): RtmpMessage => ({ type, stream, time, payload })

function setChunkSize(size: number): Buffer {
  const payload = Buffer.alloc(4)
  payload.writeUInt32BE(size)
  return message(1, payload, { stream: 2 })
}

describe('messages in chunks', () => {
  it('are read as they were written, whatever the pieces in which they arrive', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), fc.integer({ min: 1, max: 500 }), (data, piece) => {
        const reader = new ChunkReader()
        const bytes = writeMessage({ type: COMMAND, payload: Buffer.from(data) })
        const messages = []
        for (let at = 0; at < bytes.length; at += piece) messages.push(...reader.push(bytes.subarray(at, at + piece)))
        assert.deepEqual(messages, [read(20, Buffer.from(data))])
      }),
      { numRuns: 100 },
    )
  })

  it('may be interleaved', () => {
    const [one, other] = [Buffer.alloc(200, 1), Buffer.alloc(200, 2)]
    const first = message(20, one, { stream: 3 })
    const second = message(17, other, { stream: 4 })
    const cut = 12 + 128
    const mixed = Buffer.concat([
      first.subarray(0, cut),
      second.subarray(0, cut),
      first.subarray(cut),
      second.subarray(cut),
    ])
    assert.deepEqual(new ChunkReader().push(mixed), [read(20, one), read(17, other)])
  })

  it('have the chunk size that the server sets from there on', () => {
    const payload = Buffer.alloc(3000, 7)
    const bytes = Buffer.concat([setChunkSize(4096), message(20, payload, { size: 4096 })])
    assert.deepEqual(new ChunkReader().push(bytes), [read(20, payload)])
  })

  it('may have time stamps of four bytes, which each of their chunks repeats', () => {
    const payload = Buffer.alloc(300, 7)
    const messages = new ChunkReader().push(message(20, payload, { timestamp: 0x1000000 }))
    assert.deepEqual(messages, [read(20, payload, 0x1000000)])
  })

  it('may leave out what the message before has said', () => {
    const short = Buffer.concat([Buffer.of(0x40 | 3, 0, 0, 0, 0, 0, 2, 20), Buffer.of(5, 6)])
    const shorter = Buffer.concat([Buffer.of(0x80 | 3, 0, 0, 0), Buffer.of(7, 8)])
    const reader = new ChunkReader()
    reader.push(message(20, Buffer.of(1)))
    assert.deepEqual(
      reader.push(Buffer.concat([short, shorter])).map(({ payload }) => [...payload]),
      [
        [5, 6],
        [7, 8],
      ],
    )
  })

  it('are read with their stream and time, for every time stamp, size and size of chunks', () => {
    const time = fc.oneof(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.constantFrom(0xfffffe, 0xffffff, 0x1000000))
    const sizes = fc.tuple(fc.integer({ min: 0, max: 300_000 }), fc.integer({ min: 1000, max: 2 ** 20 }))
    fc.assert(
      fc.property(time, sizes, fc.integer({ min: 500, max: 70_000 }), (time, [length, chunk], piece) => {
        const reader = new ChunkReader({ longestMessage: 300_000 })
        const payload = Buffer.alloc(length, 7)
        const bytes = Buffer.concat([
          setChunkSize(chunk),
          writeMessage({ type: VIDEO, stream: 1, time, payload }, chunk),
        ])
        const messages = []
        for (let at = 0; at < bytes.length; at += piece) messages.push(...reader.push(bytes.subarray(at, at + piece)))
        assert.deepEqual(messages, [read(VIDEO, payload, time, 1)])
      }),
      { numRuns: 50 },
    )
  })

  it('say by how much later they are than the one before, or leave that out as well', () => {
    const first = message(9, Buffer.of(1), { stream: 6, timestamp: 0xffffffff })
    const later = Buffer.concat([Buffer.of(0x40 | 6, 0, 0, 40, 0, 0, 1, 9), Buffer.of(2)])
    const asMuchLater = Buffer.concat([Buffer.of(0xc0 | 6), Buffer.of(3)])
    const other = Buffer.concat([Buffer.of(0x80 | 6, 0, 0, 33), Buffer.of(4)])
    const messages = new ChunkReader().push(Buffer.concat([first, later, asMuchLater, asMuchLater, other]))
    assert.deepEqual(
      messages.map(({ time }) => time),
      [0xffffffff, 39, 79, 119, 152],
    )
  })

  it('are kept up to a limit only, however many have begun', () => {
    const begun = (stream: number) => message(9, Buffer.alloc(900), { stream }).subarray(0, 12 + 128)
    const reader = new ChunkReader({ longestMessage: 1000 })
    for (let stream = 3; stream < 10; stream++) reader.push(begun(stream))
    assert.throws(() => reader.push(begun(10)), RtmpError)
    assert.throws(() => new ChunkReader({ longestMessage: 1000 }).push(message(9, Buffer.alloc(1001))), RtmpError)
  })

  it('that are aborted are forgotten, and the next one begins', () => {
    const stream = Buffer.alloc(4)
    stream.writeUInt32BE(3)
    const aborted = message(20, Buffer.alloc(200, 1)).subarray(0, 12 + 128)
    const bytes = Buffer.concat([aborted, message(2, stream, { stream: 2 }), message(20, Buffer.of(5))])
    assert.deepEqual(new ChunkReader().push(bytes), [read(20, Buffer.of(5))])
  })

  it('are refused where they go on without a beginning, are too long, or come on too many streams', () => {
    const long = Buffer.alloc(12)
    long.writeUInt8(3)
    long.writeUIntBE(0xffffff, 4, 3)
    const many = Buffer.concat(
      Array.from({ length: 60 }, (_, index) => message(20, Buffer.of(1), { stream: 3 + index })),
    )
    for (const bytes of [Buffer.of(0xc3), Buffer.of(0x83, 0, 0, 0), long, setChunkSize(0), many]) {
      assert.throws(() => new ChunkReader().push(bytes), RtmpError)
    }
  })

  it('end with messages or an error whatever is read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 500 }), (noise) => {
        try {
          new ChunkReader().push(Buffer.from(noise))
        } catch (error) {
          assert.ok(error instanceof RtmpError)
        }
      }),
      { numRuns: 500 },
    )
  })
})
