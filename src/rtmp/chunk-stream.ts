import { RtmpError } from './amf0.ts'

/** RTMP's chunks (Adobe, "Real Time Messaging Protocol", 2012, section 5.3). Pure; what a server sends is bounded. */
export interface RtmpMessage {
  /** Section 5.4 and 7.1: 1 is Set Chunk Size, 20 an AMF0 command, 17 an AMF3 one. */
  type: number
  payload: Buffer
}

const DEFAULT_CHUNK_SIZE = 128
const SET_CHUNK_SIZE = 1
const ABORT_MESSAGE = 2
/** Three bytes of ones: the time stamp stands in four bytes behind the header. */
const EXTENDED = 0xffffff
/** Bytes. The answer to `connect` has some hundreds. */
const LONGEST_MESSAGE = 64 * 1024
const MOST_STREAMS = 32
/** Bytes of the message header by the format of the chunk. */
const HEADER_LENGTHS = [11, 7, 3, 0] as const

/** A command in chunks of the size with which every connection begins. */
export function writeCommand(payload: Buffer): Buffer {
  const chunkStream = 3
  const header = Buffer.alloc(12)
  header.writeUInt8(chunkStream, 0)
  header.writeUIntBE(payload.length, 4, 3)
  header.writeUInt8(20, 7)
  const parts: Buffer[] = [header]
  for (let at = 0; at < payload.length; at += DEFAULT_CHUNK_SIZE) {
    if (at > 0) parts.push(Buffer.of(0xc0 | chunkStream))
    parts.push(payload.subarray(at, at + DEFAULT_CHUNK_SIZE))
  }
  return Buffer.concat(parts)
}

interface Partial {
  length: number
  type: number
  extended: boolean
  parts: Buffer[]
  received: number
}

/** Puts messages together from chunks, whatever the pieces in which they arrive. */
export class ChunkReader {
  readonly #streams = new Map<number, Partial>()
  #chunkSize = DEFAULT_CHUNK_SIZE
  #rest: Buffer = Buffer.alloc(0)

  /**
   * Takes bytes and gives the messages that they complete.
   *
   * @throws RtmpError
   */
  push(bytes: Buffer): RtmpMessage[] {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const messages: RtmpMessage[] = []
    for (let taken = this.#chunk(messages); taken > 0; taken = this.#chunk(messages)) {
      this.#rest = this.#rest.subarray(taken)
    }
    return messages
  }

  /** Reads one chunk; gives its length, 0 where it is not complete yet. */
  #chunk(messages: RtmpMessage[]): number {
    const bytes = this.#rest
    const basic = basicHeader(bytes)
    if (basic === null) return 0
    const { format, stream } = basic
    const headerLength = HEADER_LENGTHS[format] ?? 0
    let at = basic.length + headerLength
    if (bytes.length < at) return 0
    const header = bytes.subarray(basic.length, at)
    const message = this.#messageOf(stream, format, header)
    if (message.extended) at += 4
    const end = at + Math.min(this.#chunkSize, message.length - message.received)
    if (bytes.length < end) return 0
    this.#streams.set(stream, message)
    if (this.#streams.size > MOST_STREAMS) throw new RtmpError('more chunk streams than are accepted')
    message.parts.push(bytes.subarray(at, end))
    message.received += end - at
    if (message.received >= message.length) this.#complete(message, messages)
    return end
  }

  #messageOf(stream: number, format: number, header: Buffer): Partial {
    const before = this.#streams.get(stream)
    if (format === 3) {
      if (before === undefined) throw new RtmpError('a chunk goes on with a message that has not begun')
      return before
    }
    if (format === 2 && before === undefined) throw new RtmpError('a chunk leaves out what none has said before')
    const extended = header.readUIntBE(0, 3) === EXTENDED
    const length = format === 2 ? (before?.length ?? 0) : header.readUIntBE(3, 3)
    const type = format === 2 ? (before?.type ?? 0) : header.readUInt8(6)
    if (length > LONGEST_MESSAGE) throw new RtmpError(`a message of ${length} bytes`)
    return { length, type, extended, parts: [], received: 0 }
  }

  #complete(message: Partial, messages: RtmpMessage[]): void {
    const payload = Buffer.concat(message.parts)
    message.parts = []
    message.received = 0
    if (message.type === SET_CHUNK_SIZE && payload.length >= 4) {
      const size = payload.readUInt32BE() & 0x7fffffff
      if (size < 1) throw new RtmpError('a chunk size of 0')
      this.#chunkSize = size
    } else if (message.type === ABORT_MESSAGE && payload.length >= 4) {
      this.#streams.delete(payload.readUInt32BE())
    } else {
      messages.push({ type: message.type, payload })
    }
  }
}

/** Section 5.3.1.1. Null where it is not complete yet. */
function basicHeader(bytes: Buffer): { format: number; stream: number; length: number } | null {
  const [first, second, third] = bytes
  if (first === undefined) return null
  const format = first >> 6
  const stream = first & 0x3f
  if (stream > 1) return { format, stream, length: 1 }
  if (second === undefined || (stream === 1 && third === undefined)) return null
  return stream === 0
    ? { format, stream: 64 + second, length: 2 }
    : { format, stream: 64 + second + (third ?? 0) * 256, length: 3 }
}
