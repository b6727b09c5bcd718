import type { RtmpMedia } from '../rtmp/reader.ts'

/** Adobe, "Video File Format Specification 10.1", annex E: `FLV`, version 1, audio and video, and no tag before the first. */
const FILE_HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 0b101, 0, 0, 0, 9, 0, 0, 0, 0])
const TAG_HEADER = 11
const TYPES = { audio: 8, video: 9, data: 18 } as const

/** Milliseconds of media behind the first key frame: enough to tell a frame rate, and the order of frames. */
const ENOUGH = 1000
/** Milliseconds of media where no picture comes. */
const ENOUGH_AUDIO = 3000
/** Bytes. A key frame of 4K has 2 MB at most. */
const LARGEST = 6 * 2 ** 20

/** The beginning of a stream as a file, for a program that says what it is: parameters, a key frame, a second of media. */
export class FlvRecording {
  readonly #parts: Buffer[] = [FILE_HEADER]
  #size = FILE_HEADER.length
  #keyframe: number | null = null
  #audio: number | null = null
  #isWhole = false

  /** Whether there is enough of it. */
  get isWhole(): boolean {
    return this.#isWhole
  }

  /** Whether a frame of this kind is to be recorded. Pictures before the first key frame show nothing. */
  wants(kind: 'audio' | 'video', keyframe: boolean): boolean {
    return !this.#isWhole && (kind === 'audio' || keyframe || this.#keyframe !== null)
  }

  /** Takes a message that has come whole. */
  add({
    kind,
    payload,
    time,
    packet,
    keyframe,
  }: Pick<RtmpMedia, 'kind' | 'payload' | 'time' | 'packet' | 'keyframe'>): void {
    if (payload === null || this.#isWhole) return
    if (packet === 'frame' && kind !== 'data' && !this.wants(kind, keyframe)) return
    this.#write(TYPES[kind], payload, time)
    if (packet !== 'frame') return
    if (kind === 'video' && keyframe) this.#keyframe ??= time
    if (kind === 'audio') this.#audio ??= time
    const passed = (since: number | null, enough: number) => since !== null && time - since >= enough
    this.#isWhole = passed(this.#keyframe, ENOUGH) || (this.#keyframe === null && passed(this.#audio, ENOUGH_AUDIO))
    if (this.#size > LARGEST) this.#isWhole = true
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts)
  }

  #write(type: number, body: Buffer, time: number): void {
    const header = Buffer.alloc(TAG_HEADER)
    header.writeUInt8(type, 0)
    header.writeUIntBE(body.length, 1, 3)
    header.writeUIntBE(time & 0xffffff, 4, 3)
    // The highest byte comes last.
    header.writeUInt8((time >>> 24) & 0xff, 7)
    const trailer = Buffer.alloc(4)
    trailer.writeUInt32BE(TAG_HEADER + body.length)
    this.#parts.push(header, Buffer.from(body), trailer)
    this.#size += header.length + body.length + trailer.length
  }
}
