import { carriesTracks, type MediaKind, mediaIn, type RtmpMedia, readMediaHead, scriptDataIn } from './media.ts'

/** Bytes: `FLV`, version, what there is, and its own length (Adobe, "Video File Format Specification 10.1", annex E.2). */
const FILE_HEADER = 9
/** Bytes of the length of the tag before, which stands behind the header and each tag (E.3). */
const BACK_POINTER = 4
/** Bytes of type, length, time and stream before what a tag holds (E.4.1). */
const TAG_HEADER = 11
/** Bytes of a tag. A key frame of 4K has 2 MB at most. */
const LARGEST = 8 * 1024 * 1024
const TYPES: Readonly<Record<number, MediaKind | 'data'>> = { 8: 'audio', 9: 'video', 18: 'data' }
/** Tags on end of a type that nobody knows, after which it is no FLV any more. */
const MOST_UNKNOWN = 16
/** Set where it is encrypted (E.4.1). */
const ENCRYPTED = 0x20

export interface FlvListener {
  media(message: RtmpMedia): void
  /** Whether the whole of a frame is wanted, and not only that it came. @param length of its message, bytes */
  wantsFrame(kind: MediaKind, keyframe: boolean, length: number): boolean
}

/** Reads FLV as it comes, cut anywhere: what its tags hold are the messages of RTMP. */
export class FlvParser {
  readonly #listener: FlvListener
  #parts: Buffer[] = []
  #kept = 0
  /** Bytes that are needed before anything more can be read. */
  #needed = FILE_HEADER
  #hasBegun = false
  /** Tags on end of a type that nobody knows. */
  #unknown = 0

  constructor(listener: FlvListener) {
    this.#listener = listener
  }

  /** Takes the next bytes; false where they are no FLV, and nothing more can be read. */
  push(bytes: Buffer): boolean {
    this.#parts.push(bytes)
    this.#kept += bytes.length
    if (this.#kept < this.#needed) return true
    const all = this.#parts.length === 1 ? bytes : Buffer.concat(this.#parts)
    const at = this.#read(all)
    if (at === null) return false
    const rest = all.subarray(at)
    this.#parts = rest.length === 0 ? [] : [rest]
    this.#kept = rest.length
    return true
  }

  /** The first byte that was not read; null where it is no FLV. */
  #read(all: Buffer): number | null {
    let at = 0
    if (!this.#hasBegun) {
      const length = all.readUInt32BE(5) + BACK_POINTER
      if (all.toString('latin1', 0, 3) !== 'FLV' || length < FILE_HEADER + BACK_POINTER || length > LARGEST) return null
      this.#needed = length
      if (all.length < length) return 0
      this.#hasBegun = true
      at = length
    }
    for (;;) {
      this.#needed = TAG_HEADER
      if (all.length - at < TAG_HEADER) return at
      const length = all.readUIntBE(at + 1, 3)
      if (length > LARGEST || this.#unknown > MOST_UNKNOWN) return null
      this.#needed = TAG_HEADER + length + BACK_POINTER
      if (all.length - at < this.#needed) return at
      this.#tag(all, at, length)
      at += this.#needed
    }
  }

  #tag(all: Buffer, at: number, length: number): void {
    const type = all[at] ?? 0
    const kind = TYPES[type & 0x1f]
    this.#unknown = kind === undefined ? this.#unknown + 1 : 0
    if (kind === undefined || (type & ENCRYPTED) !== 0 || length === 0) return
    // The highest byte comes last.
    const time = all.readUIntBE(at + 4, 3) + (all[at + 7] ?? 0) * 2 ** 24
    const body = all.subarray(at + TAG_HEADER, at + TAG_HEADER + length)
    if (kind === 'data') this.#listener.media(scriptDataIn(time, body))
    else this.#media(kind, time, body)
  }

  #media(kind: MediaKind, time: number, body: Buffer): void {
    const head = readMediaHead(kind, body)
    if (head === null) return
    const isKept =
      head.packet !== 'frame' ||
      carriesTracks(kind, body) ||
      this.#listener.wantsFrame(kind, head.keyframe, body.length)
    const whole = isKept ? body : null
    for (const media of mediaIn(kind, { time, length: body.length, head: body, whole })) this.#listener.media(media)
  }
}
