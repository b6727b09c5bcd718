/**
 * What FFmpeg's programs can read of a recording, whatever their age: Matroska has the codecs of Enhanced RTMP since long
 * before FLV had them (FFmpeg 5.1 takes HEVC in FLV for VP6, and Opus for Speex). RFC 9559 and RFC 8794; codecs: Matroska
 * "Codec Mappings" (draft-ietf-cellar-codec).
 */
import { isRecord } from '../observation/shape.ts'
import { type Amf0Value, decodeAmf0 } from '../rtmp/amf0.ts'
import { flvTagsIn, isEnhanced, type MediaKind, mediaIn, type RtmpMedia } from '../rtmp/media.ts'

/** Bytes of an FLV file before its first tag. */
const FILE_HEADER = 13
const KINDS: Readonly<Record<number, MediaKind>> = { 8: 'audio', 9: 'video' }
const SCRIPT = 18

/** By the names that FFmpeg has for codecs. */
const CODECS: Readonly<Record<MediaKind, Readonly<Record<string, string>>>> = {
  video: {
    h264: 'V_MPEG4/ISO/AVC',
    hevc: 'V_MPEGH/ISO/HEVC',
    av1: 'V_AV1',
    vp9: 'V_VP9',
    vp8: 'V_VP8',
  },
  audio: {
    aac: 'A_AAC',
    mp3: 'A_MPEG/L3',
    opus: 'A_OPUS',
    flac: 'A_FLAC',
    ac3: 'A_AC3',
    eac3: 'A_EAC3',
  },
}
/** Codecs that some encoders send in FLV by numbers of their own, which older programs do not know either. */
const AGREED: ReadonlySet<string> = new Set(['hevc', 'av1'])
/** Tracks that are kept; their numbers take one byte. */
const MOST_TRACKS = 16
const TRACK_TYPES = { video: 1, audio: 2 } as const
/** Of FLAC, before a STREAMINFO block that stands alone: `fLaC`, the last block, of 34 bytes. */
const FLAC_MARKER = Buffer.from([0x66, 0x4c, 0x61, 0x43, 0x80, 0, 0, 0x22])
const STREAMINFO = 34
/** The segment that all else stands in, of unknown length (RFC 8794, section 6.2). */
const SEGMENT = Buffer.of(0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff)

export interface MatroskaTrack {
  /** 1 to 127. */
  number: number
  kind: MediaKind
  codec: string
  /** The codec's parameters; null while none came. */
  parameters: Buffer | null
}

export interface MatroskaFrame {
  /** Its number. */
  track: number
  /** Milliseconds, of presentation. */
  time: number
  keyframe: boolean
  bytes: Buffer
}

interface Track extends MatroskaTrack {
  /** The encoder's number: of several tracks the lowest comes first. */
  id: number
}

/** Whether FFmpeg's programs may take a message, as FLV has it, for something else. */
export function isBeyondFlv(kind: MediaKind, codec: string, message: Buffer): boolean {
  return isEnhanced(kind, message) || AGREED.has(codec)
}

export function isInMatroska(kind: MediaKind, codec: string): boolean {
  return CODECS[kind][codec] !== undefined
}

/**
 * The same recording as Matroska; null where FLV does. Tracks whose codec Matroska has no name for are left out.
 *
 * @param flv the beginning of a file, of whole tags
 */
export function matroskaOf(flv: Uint8Array): Buffer | null {
  const bytes = Buffer.from(flv.buffer, flv.byteOffset, flv.byteLength).subarray(FILE_HEADER)
  const tracks = new Map<string, Track>()
  const frames: MatroskaFrame[] = []
  let frameRate: number | null = null
  let beyond = false
  for (const { type, delay, body } of flvTagsIn(bytes)) {
    if (type === SCRIPT) frameRate = declaredFrameRate(body) ?? frameRate
    const kind = KINDS[type]
    if (kind === undefined) continue
    for (const media of mediaIn(kind, { time: delay, length: body.length, head: body, whole: body })) {
      beyond ||= isBeyondFlv(kind, media.codec, body)
      take(kind, media, tracks, frames)
    }
  }
  if (!beyond || tracks.size === 0) return null
  const inOrder = [...tracks.values()].sort((a, b) => a.id - b.id)
  const earliest = Math.min(...frames.map(({ time }) => time))
  const clusters = frames.map((frame) => matroskaFrame({ ...frame, time: frame.time - earliest }))
  return Buffer.concat([matroskaBeginning(inOrder, frameRate), ...clusters])
}

function take(kind: MediaKind, media: RtmpMedia, tracks: Map<string, Track>, frames: MatroskaFrame[]): void {
  const { codec, trackId, packet, head, time, compositionTime, keyframe, size } = media
  if (!isInMatroska(kind, codec)) return
  const name = `${kind} ${trackId}`
  const track = tracks.get(name) ?? { number: tracks.size + 1, id: trackId, kind, codec, parameters: null }
  if (track.codec !== codec || track.number > MOST_TRACKS) return
  tracks.set(name, track)
  if (packet === 'sequence-header') track.parameters ??= Buffer.from(head)
  if (packet !== 'frame' || size === 0) return
  frames.push({ track: track.number, time: time + compositionTime, keyframe, bytes: head })
}

function declaredFrameRate(body: Buffer): number | null {
  let values: Amf0Value[]
  try {
    values = decodeAmf0(body)
  } catch {
    return null
  }
  const fields = values.find((value) => isRecord(value))
  const rate = isRecord(fields) ? fields.framerate : null
  return typeof rate === 'number' && rate >= 0.1 && rate <= 300 ? rate : null
}

/** What a file or a stream begins with; `matroskaFrame` of each frame follows. @param frameRate as it is declared, if it is */
export function matroskaBeginning(tracks: readonly MatroskaTrack[], frameRate: number | null = null): Buffer {
  const header = element(
    0x1a45dfa3,
    element(0x4282, Buffer.from('matroska')),
    element(0x4287, number(4)),
    element(0x4285, number(2)),
  )
  // Milliseconds.
  const info = element(0x1549a966, element(0x2ad7b1, number(1_000_000)))
  const entries = tracks.map((track) => entryOf(track, frameRate))
  return Buffer.concat([header, SEGMENT, info, element(0x1654ae6b, ...entries)])
}

/** A cluster of its own, so that it is read as soon as it is there. */
export function matroskaFrame({ track, time, keyframe, bytes }: MatroskaFrame): Buffer {
  const block = Buffer.concat([Buffer.of(0x80 | track, 0, 0, keyframe ? 0x80 : 0), bytes])
  return element(0x1f43b675, element(0xe7, number(Math.max(0, time))), element(0xa3, block))
}

function entryOf({ number: at, kind, codec, parameters }: MatroskaTrack, frameRate: number | null): Buffer {
  const isBare = codec === 'flac' && parameters?.length === STREAMINFO
  const own = parameters && (isBare ? Buffer.concat([FLAC_MARKER, parameters]) : parameters)
  // VP8 and VP9 have none in Matroska.
  const hasParameters = own !== null && codec !== 'vp9' && codec !== 'vp8'
  return element(
    0xae,
    element(0xd7, number(at)),
    element(0x73c5, number(at)),
    element(0x83, number(TRACK_TYPES[kind])),
    element(0x86, Buffer.from(CODECS[kind][codec] ?? '')),
    ...(hasParameters ? [element(0x63a2, own)] : []),
    // Nanoseconds.
    ...(kind === 'video' && frameRate !== null ? [element(0x23e383, number(Math.round(1e9 / frameRate)))] : []),
  )
}

/** RFC 8794, section 6: the identifier as it is written, then the length in eight bytes. */
function element(id: number, ...content: readonly Buffer[]): Buffer {
  const length = content.reduce((sum, { length }) => sum + length, 0)
  const name = number(id)
  const size = Buffer.alloc(8)
  size.writeBigUInt64BE(BigInt(length))
  size.writeUInt8(1, 0)
  return Buffer.concat([name, size, ...content])
}

/** In as few bytes as it takes. @param value an integer from 0 to 2^48 - 1 */
function number(value: number): Buffer {
  const bytes = Buffer.alloc(6)
  bytes.writeUIntBE(value, 0, 6)
  const first = bytes.findIndex((byte) => byte !== 0)
  return bytes.subarray(first === -1 ? 5 : first)
}
