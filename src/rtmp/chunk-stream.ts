import { RtmpError } from './amf0.ts'

/** RTMP's chunks (Adobe, "Real Time Messaging Protocol", 2012, section 5.3). Pure; what a peer sends is bounded. */
export interface RtmpMessage {
  /** Section 5.4 and 7.1: 1 is Set Chunk Size, 8 audio, 9 video, 20 an AMF0 command, 17 an AMF3 one. */
  type: number
  /** The message stream: 0 is the connection itself. */
  stream: number
  /** Milliseconds, modulo 2^32. */
  time: number
  payload: Buffer
}

const DEFAULT_CHUNK_SIZE = 128
const SET_CHUNK_SIZE = 1
const ABORT_MESSAGE = 2
export const AUDIO = 8
export const VIDEO = 9
export const COMMAND = 20
/** Three bytes of ones: the time stamp stands in four bytes behind the header. */
const EXTENDED = 0xffffff
/** Bytes. The answer to `connect` has some hundreds. */
const LONGEST_ANSWER = 64 * 1024
const MOST_STREAMS = 32
/** Bytes of the message header by the format of the chunk. */
const HEADER_LENGTHS = [11, 7, 3, 0] as const

/** The chunk stream of a message. The specification gives 2 to control; encoders take one for each kind of the others. */
function chunkStreamOf(type: number): number {
  if (type < AUDIO) return 2
  return { [AUDIO]: 4, [VIDEO]: 6 }[type] ?? 3
}

/**
 * A message in chunks, the first of them with a whole header.
 *
 * @param chunkSize bytes, as the peer was told by Set Chunk Size; the default is that of every new connection
 */
export function writeMessage(
  { type, payload, stream = 0, time = 0 }: Pick<RtmpMessage, 'type' | 'payload'> & Partial<RtmpMessage>,
  chunkSize = DEFAULT_CHUNK_SIZE,
): Buffer {
  const chunkStream = chunkStreamOf(type)
  const stamp = time >>> 0
  const header = Buffer.alloc(12)
  header.writeUInt8(chunkStream, 0)
  header.writeUIntBE(Math.min(stamp, EXTENDED), 1, 3)
  header.writeUIntBE(payload.length, 4, 3)
  header.writeUInt8(type, 7)
  header.writeUInt32LE(stream, 8)
  const long = Buffer.alloc(stamp >= EXTENDED ? 4 : 0)
  if (long.length > 0) long.writeUInt32BE(stamp)
  const parts: Buffer[] = [header, long]
  for (let at = 0; at < payload.length; at += chunkSize) {
    if (at > 0) parts.push(Buffer.of(0xc0 | chunkStream), long)
    parts.push(payload.subarray(at, at + chunkSize))
  }
  return Buffer.concat(parts)
}

/** What the chunks of one chunk stream have said, and the message that comes there. */
interface Incoming {
  length: number
  type: number
  stream: number
  time: number
  /** Milliseconds from one message to the next that does not say so itself. */
  delta: number
  extended: boolean
  parts: Buffer[]
  received: number
}

export interface ChunkLimits {
  /** Bytes that a message may have, and all that are not complete together. Default: what an answer to `connect` needs. */
  longestMessage?: number
}

/** Puts messages together from chunks, whatever the pieces in which they arrive. */
export class ChunkReader {
  readonly #longest: number
  readonly #streams = new Map<number, Incoming>()
  #chunkSize = DEFAULT_CHUNK_SIZE
  /** The chunk whose payload comes now, and how much of it is still to come. */
  #current: Incoming | null = null
  #left = 0
  /** The beginning of a header. */
  #rest: Buffer = Buffer.alloc(0)
  /** Bytes of messages that are not complete. */
  #held = 0

  constructor({ longestMessage = LONGEST_ANSWER }: ChunkLimits = {}) {
    this.#longest = longestMessage
  }

  /**
   * Takes bytes and gives the messages that they complete. Their payload may share memory with the bytes.
   *
   * @throws RtmpError
   */
  push(bytes: Buffer): RtmpMessage[] {
    const messages: RtmpMessage[] = []
    let from = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    for (;;) {
      if (this.#current === null) from = from.subarray(this.#begin(from))
      const current = this.#current
      if (current === null) break
      const taken = from.subarray(0, this.#left)
      from = from.subarray(taken.length)
      this.#take(current, taken)
      if (this.#left > 0) break
      this.#current = null
      if (current.received >= current.length) this.#complete(current, messages)
    }
    // A copy: the rest of what it lies in may be large.
    this.#rest = Buffer.from(from)
    return messages
  }

  #take(message: Incoming, bytes: Buffer): void {
    if (bytes.length === 0) return
    message.parts.push(bytes)
    message.received += bytes.length
    this.#left -= bytes.length
    this.#held += bytes.length
    if (this.#held > this.#longest) throw new RtmpError(`${this.#held} bytes of messages that do not end`)
  }

  /** Begins a chunk; gives the length of its header, 0 where that is not complete yet. */
  #begin(bytes: Buffer): number {
    const basic = basicHeader(bytes)
    if (basic === null) return 0
    const { format, stream } = basic
    const at = basic.length + (HEADER_LENGTHS[format] ?? 0)
    if (bytes.length < at) return 0
    const before = this.#streams.get(stream)
    const header = bytes.subarray(basic.length, at)
    const extended = format === 3 ? before?.extended === true : header.readUIntBE(0, 3) === EXTENDED
    const end = at + (extended ? 4 : 0)
    if (bytes.length < end) return 0
    const message = this.#messageOf(format, header, extended ? bytes.readUInt32BE(at) : null, before)
    this.#streams.set(stream, message)
    if (this.#streams.size > MOST_STREAMS) throw new RtmpError('more chunk streams than are accepted')
    this.#current = message
    this.#left = Math.min(this.#chunkSize, message.length - message.received)
    return end
  }

  /** Section 5.3.1.2: what a header leaves out is as the one before has said. @param extended the time stamp behind it */
  #messageOf(format: number, header: Buffer, extended: number | null, before: Incoming | undefined): Incoming {
    if (format === 3) {
      if (before === undefined) throw new RtmpError('a chunk goes on with a message that has not begun')
      if (before.received === 0) before.time = (before.time + before.delta) >>> 0
      return before
    }
    if (format === 2 && before === undefined) throw new RtmpError('a chunk leaves out what none has said before')
    this.#held -= before?.received ?? 0
    const length = format === 2 ? (before?.length ?? 0) : header.readUIntBE(3, 3)
    const type = format === 2 ? (before?.type ?? 0) : header.readUInt8(6)
    const stream = format === 0 ? header.readUInt32LE(7) : (before?.stream ?? 0)
    if (length > this.#longest) throw new RtmpError(`a message of ${length} bytes`)
    const delta = extended ?? header.readUIntBE(0, 3)
    const time = format === 0 ? delta : ((before?.time ?? 0) + delta) >>> 0
    return { length, type, stream, time, delta, extended: extended !== null, parts: [], received: 0 }
  }

  #complete(message: Incoming, messages: RtmpMessage[]): void {
    const [only = Buffer.alloc(0), ...others] = message.parts
    const payload = others.length === 0 ? only : Buffer.concat(message.parts)
    this.#held -= message.received
    message.parts = []
    message.received = 0
    if (message.type === SET_CHUNK_SIZE && payload.length >= 4) {
      const size = payload.readUInt32BE() & 0x7fffffff
      if (size < 1) throw new RtmpError('a chunk size of 0')
      this.#chunkSize = size
    } else if (message.type === ABORT_MESSAGE && payload.length >= 4) {
      this.#abort(payload.readUInt32BE())
    } else {
      messages.push({ type: message.type, stream: message.stream, time: message.time, payload })
    }
  }

  /** The message that has begun there does not go on; the next one may still leave out what it said. */
  #abort(stream: number): void {
    const message = this.#streams.get(stream)
    if (message === undefined) return
    this.#held -= message.received
    message.parts = []
    message.received = 0
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
