import type { RtmpMedia } from '../rtmp/reader.ts'

/** Bytes of a tag before the message. */
export const TAG_HEADER = 11
const TAG_TRAILER = 4
const TYPES = { audio: 8, video: 9, data: 18 } as const

/**
 * The beginning of an FLV file (Adobe, "Video File Format Specification 10.1", annex E): `FLV`, version 1, the media that
 * it has, and no tag before the first.
 */
export function flvHeader(media: { audio: boolean; video: boolean }): Buffer {
  return Buffer.from([0x46, 0x4c, 0x56, 1, (media.audio ? 4 : 0) + (media.video ? 1 : 0), 0, 0, 0, 9, 0, 0, 0, 0])
}

/** A message as FLV has it: a copy. @param time milliseconds, 32 bits */
export function flvTag(kind: RtmpMedia['kind'], body: Uint8Array, time: number): Buffer {
  const tag = Buffer.allocUnsafeSlow(tagLength(body))
  writeTag(tag, 0, kind, body, time)
  return tag
}

function tagLength(body: Uint8Array): number {
  return TAG_HEADER + body.length + TAG_TRAILER
}

function writeTag(to: Buffer, at: number, kind: RtmpMedia['kind'], body: Uint8Array, time: number): void {
  to.writeUInt8(TYPES[kind], at)
  to.writeUIntBE(body.length, at + 1, 3)
  to.writeUIntBE(time & 0xffffff, at + 4, 3)
  // The highest byte comes last.
  to.writeUInt8((time >>> 24) & 0xff, at + 7)
  to.writeUIntBE(0, at + 8, 3)
  to.set(body, at + TAG_HEADER)
  to.writeUInt32BE(TAG_HEADER + body.length, at + TAG_HEADER + body.length)
}

/** Milliseconds of media behind the first key frame: enough to tell a frame rate, and the order of frames. */
const ENOUGH = 1000
/** Milliseconds of media where no picture is asked for, and where one may yet come: key frames are 10 s apart at most. */
const ENOUGH_AUDIO = { audio: 3000, both: 12_000, video: 12_000 } as const
/** Milliseconds of video of which a frame rate is told. */
const LEAST_LENGTH = 500
/** Bytes. A key frame of 4K has 2 MB at most. */
const LARGEST = 6 * 2 ** 20
/**
 * Bytes that a recording begins with. In one piece, and a large one: the system gets such memory back at once, where of a
 * hundred messages of a hundred streams that begin together the holes stay.
 */
const FIRST_PIECE = 256 * 1024

/** The beginning of a stream as a file, for a program that says what it is: parameters, a key frame, a second of media. */
export class FlvRecording {
  #bytes = Buffer.allocUnsafeSlow(FIRST_PIECE)
  #size = flvHeader({ audio: true, video: true }).copy(this.#bytes)
  #keyframe: number | null = null
  /** Frames of video, and milliseconds from the first to the newest of them, in the order in which they are decoded. */
  #frames = 0
  #length = 0
  /** The track that these are of. */
  #track: number | null = null
  #audio: number | null = null
  #isWhole = false
  readonly #enoughAudio: number

  /** @param media what is asked for */
  constructor(media: keyof typeof ENOUGH_AUDIO) {
    this.#enoughAudio = ENOUGH_AUDIO[media]
  }

  /** Whether there is enough of it. */
  get isWhole(): boolean {
    return this.#isWhole
  }

  /** Whether there is a frame of this kind in it. */
  hasFrames(kind: 'audio' | 'video'): boolean {
    return (kind === 'audio' ? this.#audio : this.#keyframe) !== null
  }

  /** Frames of video per second, by their time stamps; null where they are too few, or none lies behind another. */
  get frameRate(): number | null {
    return this.#length >= LEAST_LENGTH ? ((this.#frames - 1) * 1000) / this.#length : null
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
    trackId = 0,
  }: Pick<RtmpMedia, 'kind' | 'payload' | 'time' | 'packet' | 'keyframe'> & { trackId?: number }): void {
    if (payload === null || this.#isWhole) return
    if (packet === 'frame' && kind !== 'data' && !this.wants(kind, keyframe)) return
    this.#reserve(tagLength(payload))
    writeTag(this.#bytes, this.#size, kind, payload, time)
    this.#size += tagLength(payload)
    if (packet !== 'frame') return
    if (kind === 'video' && keyframe) this.#keyframe ??= time
    if (kind === 'video') this.#track ??= trackId
    if (kind === 'video' && trackId === this.#track && this.#keyframe !== null) {
      this.#frames++
      this.#length = time - this.#keyframe
    }
    if (kind === 'audio') this.#audio ??= time
    const passed = (since: number | null, enough: number) => since !== null && time - since >= enough
    this.#isWhole =
      passed(this.#keyframe, ENOUGH) || (this.#keyframe === null && passed(this.#audio, this.#enoughAudio))
    if (this.#size > LARGEST) this.#isWhole = true
  }

  /** It is its own memory: what is added later lies behind it. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#size)
  }

  #reserve(length: number): void {
    const needed = this.#size + length
    if (needed <= this.#bytes.length) return
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2))
    this.#bytes.copy(larger, 0, 0, this.#size)
    this.#bytes = larger
  }
}
