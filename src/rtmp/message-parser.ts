import { RtmpError } from './amf0.ts'

/** Bytes of every message that are kept: what says its codec and its kind. */
export const HEAD = 64
/** Bytes of a message that is kept whole, a picture where they are wanted; of longer ones the head has to do. */
const LONGEST_WHOLE = 8 * 2 ** 20
/** Bytes of all messages under way together. */
const MOST_HELD = 16 * 2 ** 20
/** Bytes. No chunk of more is needed, as a message has 16 MiB at most. */
const LONGEST_CHUNK = 2 ** 24
const MOST_STREAMS = 64
const EXTENDED = 0xffffff
const DEFAULT_CHUNK = 128
const SET_CHUNK_SIZE = 1
const ABORT = 2
const HEADER_LENGTHS = [11, 7, 3, 0] as const
const NOTHING = Buffer.alloc(0)

/** A message that has come to its end. It is used again for the next one: what is to be kept must be copied. */
export interface ParsedMessage {
  type: number
  /** The message stream. */
  stream: number
  /** Milliseconds, modulo 2^32. */
  time: number
  /** Bytes. */
  length: number
  /** Its first bytes, `HEAD` at most. */
  head: Buffer
  /** All of it, where it was wanted; else null. A buffer of its own. */
  payload: Buffer | null
}

/** What comes in one chunk stream. */
class Incoming implements ParsedMessage {
  type = 0
  stream = 0
  time = 0
  length = 0
  head = NOTHING
  payload: Buffer | null = null
  /** Milliseconds from one message to the next that does not say so itself. */
  delta = 0
  /** What the last header said behind it; null where it said nothing. */
  extended: number | null = null
  /** Whether a message has begun and not ended. The bytes of it do not say so: it may have none. */
  underWay = false
  received = 0
  /** Whether the message is looked at, and kept or not. */
  decided = false
  readonly first = Buffer.alloc(HEAD)
}

export interface MessageListener {
  /** Whether a message is wanted whole; it has its head. One of at most `HEAD` bytes is whole anyway. */
  wants(message: ParsedMessage): boolean
  message(message: ParsedMessage): void
}

/**
 * Tells the messages of a server apart, and passes over the payload of those that nobody wants: it is counted, not copied.
 * The bytes may be cut anywhere. What a server sends is bounded: chunk streams, chunk size, what is held.
 */
export class MessageParser {
  readonly #listener: MessageListener
  readonly #streams = new Map<number, Incoming>()
  /** The beginning of a header, where the bytes ended within it. */
  #cut: Buffer = NOTHING
  #chunkSize = DEFAULT_CHUNK
  #current: Incoming | null = null
  /** Bytes of the present chunk that are still to come. */
  #left = 0
  #held = 0
  /** The server does not repeat an extended time stamp with the chunks that go on with a message. */
  #omitsExtended = false

  constructor(listener: MessageListener) {
    this.#listener = listener
  }

  /**
   * Takes what has arrived; its memory may be used again afterwards.
   *
   * @throws RtmpError
   */
  push(arrived: Buffer): void {
    const cut = this.#cut
    this.#cut = NOTHING
    const bytes = cut.length === 0 ? arrived : Buffer.concat([cut, arrived])
    const end = bytes.length
    for (let at = 0; ; ) {
      if (this.#current === null) {
        const header = this.#read(bytes, at, end)
        if (this.#current === null) {
          // A copy: what it lies in is used again, and may be large.
          this.#cut = Buffer.from(bytes.subarray(at))
          return
        }
        at += header
      }
      const current: Incoming = this.#current
      const taken = Math.min(this.#left, end - at)
      if (taken > 0) this.#take(current, bytes, at, taken)
      at += taken
      this.#left -= taken
      if (this.#left > 0) return
      this.#current = null
      if (current.received >= current.length) this.#complete(current)
    }
  }

  /** @returns the length of the header; 0 where it is not whole */
  #read(bytes: Buffer, at: number, end: number): number {
    if (at >= end) return 0
    const first = bytes[at] ?? 0
    const low = first & 0x3f
    const basic = low === 0 ? 2 : low === 1 ? 3 : 1
    const format = (first >> 6) as 0 | 1 | 2 | 3
    const fields = at + basic
    const behind = fields + HEADER_LENGTHS[format]
    if (behind > end) return 0
    const id = basic === 1 ? low : 64 + (bytes[at + 1] ?? 0) + (basic === 3 ? (bytes[at + 2] ?? 0) * 256 : 0)
    const known = this.#streams.get(id)
    if (format === 3) return this.#goOn(known, bytes, behind, end, at)
    if (format === 2 && known === undefined) throw new RtmpError('a chunk leaves out what none said')
    const stamp = bytes.readUIntBE(fields, 3)
    if (stamp === EXTENDED && behind + 4 > end) return 0
    const incoming = known ?? this.#add(id)
    if (incoming.underWay) this.#drop(incoming)
    const extended = stamp === EXTENDED ? bytes.readUInt32BE(behind) : null
    const value = extended ?? stamp
    incoming.extended = extended
    incoming.time = format === 0 ? value : (incoming.time + value) >>> 0
    incoming.delta = value
    if (format !== 2) {
      incoming.length = bytes.readUIntBE(fields + 3, 3)
      incoming.type = bytes[fields + 6] ?? 0
    }
    if (format === 0) incoming.stream = bytes.readUInt32LE(fields + 7)
    this.#start(incoming)
    return behind + (extended === null ? 0 : 4) - at
  }

  /** A chunk without a header: it goes on with a message, or begins one that is as the last. */
  #goOn(incoming: Incoming | undefined, bytes: Buffer, behind: number, end: number, at: number): number {
    if (incoming === undefined) throw new RtmpError('a chunk goes on with a message that has not begun')
    let length = behind - at
    if (incoming.extended !== null && !this.#omitsExtended) {
      if (behind + 4 > end) return 0
      const repeated = bytes.readUInt32BE(behind)
      // Old servers leave it out of the chunks that go on; the bytes there are the payload's.
      if (incoming.underWay && repeated !== incoming.extended) this.#omitsExtended = true
      else length += 4
    }
    if (!incoming.underWay) {
      incoming.time = (incoming.time + incoming.delta) >>> 0
      this.#start(incoming)
    } else this.#beginChunk(incoming)
    return length
  }

  #add(id: number): Incoming {
    if (this.#streams.size >= MOST_STREAMS) throw new RtmpError('more chunk streams than are accepted')
    const incoming = new Incoming()
    this.#streams.set(id, incoming)
    return incoming
  }

  #start(incoming: Incoming): void {
    incoming.underWay = true
    incoming.received = 0
    incoming.decided = false
    incoming.payload = null
    this.#beginChunk(incoming)
  }

  #beginChunk(incoming: Incoming): void {
    this.#current = incoming
    this.#left = Math.min(this.#chunkSize, incoming.length - incoming.received)
  }

  #take(incoming: Incoming, bytes: Buffer, from: number, length: number): void {
    const { received } = incoming
    if (received < HEAD) bytes.copy(incoming.first, received, from, from + Math.min(length, HEAD - received))
    incoming.received = received + length
    if (incoming.payload !== null) bytes.copy(incoming.payload, received, from, from + length)
    else if (!incoming.decided && incoming.received >= Math.min(HEAD, incoming.length)) {
      this.#decide(incoming)
      const payload = incoming.payload as Buffer | null
      if (payload === null) return
      const held = Math.min(HEAD, incoming.received)
      incoming.first.copy(payload, 0, 0, held)
      // What of the present bytes lies behind the head.
      const rest = incoming.received - held
      if (rest > 0) bytes.copy(payload, held, from + length - rest, from + length)
    }
  }

  #decide(incoming: Incoming): void {
    incoming.decided = true
    incoming.head = incoming.length < HEAD ? incoming.first.subarray(0, incoming.length) : incoming.first
    if (incoming.length > LONGEST_WHOLE || !this.#listener.wants(incoming)) return
    this.#held += incoming.length
    if (this.#held > MOST_HELD) throw new RtmpError(`${this.#held} bytes of messages that do not end`)
    incoming.payload = Buffer.allocUnsafeSlow(incoming.length)
  }

  #complete(incoming: Incoming): void {
    if (incoming.length === 0) incoming.head = NOTHING
    const { type, head, payload } = incoming
    this.#drop(incoming)
    if (type === SET_CHUNK_SIZE && head.length >= 4) {
      const size = head.readUInt32BE() & 0x7fffffff
      if (size < 1) throw new RtmpError('a chunk size of 0')
      this.#chunkSize = Math.min(size, LONGEST_CHUNK)
    } else if (type === ABORT && head.length >= 4) {
      const aborted = this.#streams.get(head.readUInt32BE())
      if (aborted?.underWay) this.#drop(aborted)
    } else {
      incoming.payload = payload
      this.#listener.message(incoming)
      incoming.payload = null
    }
  }

  /** The message does not go on: it is whole, was aborted, or another one began in its place. */
  #drop(incoming: Incoming): void {
    if (incoming.payload !== null) this.#held -= incoming.length
    incoming.payload = null
    incoming.underWay = false
  }
}
