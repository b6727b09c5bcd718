/**
 * AMF0, as far as the commands of RTMP need it (Adobe, "Action Message Format -- AMF 0", 2007). Pure; what a server sends
 * is bounded.
 */
export type Amf0Value = number | boolean | string | null | undefined | Amf0Value[] | { [name: string]: Amf0Value }

const MARKER = {
  number: 0x00,
  boolean: 0x01,
  string: 0x02,
  object: 0x03,
  null: 0x05,
  undefined: 0x06,
  reference: 0x07,
  ecmaArray: 0x08,
  objectEnd: 0x09,
  strictArray: 0x0a,
  date: 0x0b,
  longString: 0x0c,
  unsupported: 0x0d,
  xml: 0x0f,
  typedObject: 0x10,
} as const

/** Nesting and values of one message; an answer to `connect` has two levels and about ten values. */
const DEEPEST = 8
const MOST_VALUES = 500

/** What is no RTMP, or more than is taken. */
export class RtmpError extends Error {}

export type Encodable = number | boolean | string | null | readonly Encodable[] | { readonly [name: string]: Encodable }

/** Values one after another. A string has 65 535 bytes at most. */
export function encodeAmf0(...values: readonly Encodable[]): Buffer {
  return Buffer.concat(values.map(encodeValue))
}

function encodeValue(value: Encodable): Buffer {
  if (value === null) return Buffer.of(MARKER.null)
  if (typeof value === 'boolean') return Buffer.of(MARKER.boolean, value ? 1 : 0)
  if (typeof value === 'string') return Buffer.concat([Buffer.of(MARKER.string), encodeName(value)])
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(9)
    bytes.writeDoubleBE(value, 1)
    return bytes
  }
  if (isArray(value)) {
    const header = Buffer.of(MARKER.strictArray, 0, 0, 0, 0)
    header.writeUInt32BE(value.length, 1)
    return Buffer.concat([header, ...value.map(encodeValue)])
  }
  const entries = Object.entries(value).flatMap(([name, one]) => [encodeName(name), encodeValue(one)])
  return Buffer.concat([Buffer.of(MARKER.object), ...entries, Buffer.of(0, 0, MARKER.objectEnd)])
}

function isArray(value: Encodable): value is readonly Encodable[] {
  return Array.isArray(value)
}

function encodeName(text: string): Buffer {
  const bytes = Buffer.from(text, 'utf8')
  const length = Buffer.alloc(2)
  length.writeUInt16BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/**
 * All values of a message.
 *
 * @throws RtmpError
 */
export function decodeAmf0(bytes: Buffer): Amf0Value[] {
  const reader = new Reader(bytes)
  const values: Amf0Value[] = []
  while (!reader.atEnd) values.push(reader.value(0))
  return values
}

class Reader {
  readonly #bytes: Buffer
  #at = 0
  #count = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get atEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  value(depth: number): Amf0Value {
    this.#count += 1
    if (this.#count > MOST_VALUES || depth > DEEPEST) throw new RtmpError('more values than are accepted')
    const marker = this.#take(1).readUInt8()
    switch (marker) {
      case MARKER.number:
        return this.#take(8).readDoubleBE()
      case MARKER.boolean:
        return this.#take(1).readUInt8() !== 0
      case MARKER.string:
        return this.#text(this.#take(2).readUInt16BE())
      case MARKER.longString:
      case MARKER.xml:
        return this.#text(this.#take(4).readUInt32BE())
      case MARKER.typedObject:
        // The name of its class.
        this.#take(this.#take(2).readUInt16BE())
        return this.#object(depth)
      case MARKER.object:
        return this.#object(depth)
      case MARKER.ecmaArray:
        this.#take(4)
        return this.#object(depth)
      case MARKER.strictArray:
        return this.#array(this.#take(4).readUInt32BE(), depth)
      case MARKER.date: {
        const milliseconds = this.#take(8).readDoubleBE()
        this.#take(2)
        return milliseconds
      }
      case MARKER.null:
        return null
      case MARKER.reference:
        // What it refers to is not kept: none of what is read here is said twice.
        this.#take(2)
        return undefined
      case MARKER.undefined:
      case MARKER.unsupported:
        return undefined
      default:
        throw new RtmpError(`a value of kind ${marker}, which is not accepted`)
    }
  }

  #object(depth: number): Amf0Value {
    const entries: [string, Amf0Value][] = []
    for (;;) {
      const name = this.#text(this.#take(2).readUInt16BE())
      if (name === '' && this.#bytes[this.#at] === MARKER.objectEnd) {
        this.#at += 1
        // `fromEntries` defines what it is given: a name such as __proto__ is a name like others.
        return Object.fromEntries(entries)
      }
      entries.push([name, this.value(depth + 1)])
    }
  }

  #array(length: number, depth: number): Amf0Value[] {
    const values: Amf0Value[] = []
    for (let index = 0; index < length; index++) values.push(this.value(depth + 1))
    return values
  }

  #text(length: number): string {
    return this.#take(length).toString('utf8')
  }

  #take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RtmpError('the message ends within a value')
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }
}
