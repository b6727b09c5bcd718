import { AUDIO_CODECS, AUDIO_FOURCC, VIDEO_CODECS, VIDEO_FOURCC } from './codecs.ts'
import type { RtmpStage } from './ending.ts'

/**
 * What an audio or video message carries: the header of an FLV tag (Adobe, "Video File Format Specification 10.1", annex
 * E.4.2 and E.4.3), and that of Enhanced RTMP v2 (veovera, "Enhanced RTMP"). Pure; hostile input gives `null` or `other`.
 */
export interface MediaHead {
  /** As FFmpeg names it; the FourCC, or the number, of one that is not known. */
  codec: string
  packet: 'sequence-header' | 'frame' | 'sequence-end' | 'metadata' | 'other'
  /** Of audio always true. */
  keyframe: boolean
  /** Milliseconds from DTS to PTS. */
  compositionTime: number
  /** Where messages carry several tracks; 0 else. */
  trackId: number
  /** Bytes before the codec's own. */
  header: number
  /** Bytes of the codec's own that belong to this track; null: all that follow. */
  length: number | null
}

/** The kind is the message's type. */
export type MediaKind = 'audio' | 'video'

/** A frame, the parameters of a codec, or data. It holds for the call only: what is to be kept must be copied. */
export interface RtmpMedia extends Omit<MediaHead, 'header' | 'length'> {
  kind: MediaKind | 'data'
  /** Milliseconds, modulo 2^32, as the server wrote it. */
  time: number
  /** Bytes of the codec's own, without what FLV says before them. */
  size: number
  /** The whole message as FLV has it, where it was wanted; sequence headers and data always. */
  payload: Buffer | null
  /** The codec's own first bytes, of a sequence header all of them. */
  head: Buffer
}

export interface RtmpListener {
  /** @param at when it arrived, monotonic seconds */
  media(message: RtmpMedia, at: number): void
  /** How far the connection has come. */
  stage?(stage: RtmpStage): void
}

/** Codecs whose messages have a composition time. */
const REORDERED: ReadonlySet<string> = new Set(['h264', 'hevc', 'vvc'])

const KEYFRAME = 1
/** A frame type: a command to the player, and no picture. */
const COMMAND = 5
const EX_AUDIO = 9
const MULTITRACK = { video: 6, audio: 5 } as const
const MOD_EX = 7
/** Tracks that one message may carry; no encoder sends more than six. */
const MOST_TRACKS = 16

/** What is known of a message by its first bytes; of several tracks in it the first. Null where it holds nothing. */
export function readMediaHead(kind: MediaKind, bytes: Buffer): MediaHead | null {
  const [first, second = 0] = bytes
  if (first === undefined) return null
  if (isEnhanced(kind, bytes)) return tracksIn(kind, bytes, 1)[0] ?? null
  if (kind === 'audio') {
    const codec = AUDIO_CODECS[first >> 4] ?? String(first >> 4)
    return codec === 'aac' ? headOf(codec, packetOf(second), true, 0, 2) : headOf(codec, 'frame', true, 0, 1)
  }
  const codec = VIDEO_CODECS[first & 0xf] ?? String(first & 0xf)
  if (first >> 4 === COMMAND) return headOf(codec, 'other', false, 0, 1)
  const keyframe = first >> 4 === KEYFRAME
  if (!REORDERED.has(codec) && codec !== 'av1') return headOf(codec, 'frame', keyframe, 0, 1)
  return headOf(codec, packetOf(second), keyframe, second === 1 ? signed24(bytes, 2) : 0, 5)
}

/** Of the only track. Written out, as each message of each stream makes one. */
function headOf(
  codec: string,
  packet: MediaHead['packet'],
  keyframe: boolean,
  compositionTime: number,
  header: number,
): MediaHead {
  return { codec, packet, keyframe, compositionTime, trackId: 0, header, length: null }
}

/** All tracks of a message that is known whole. */
function readTracks(kind: MediaKind, bytes: Buffer): MediaHead[] {
  return tracksIn(kind, bytes, MOST_TRACKS)
}

/** Whether a message carries several tracks, so that only the whole of it says what there is. */
export function carriesTracks(kind: MediaKind, bytes: Buffer): boolean {
  const start = enhanced(kind, bytes)
  if (start?.packetType !== MULTITRACK[kind]) return false
  return (bytes[start.at] ?? 0) >> 4 !== 0
}

function packetOf(type: number): MediaHead['packet'] {
  return AUDIO_PACKETS[type] ?? 'other'
}

function signed24(bytes: Buffer, at: number): number {
  return at + 3 <= bytes.length ? bytes.readIntBE(at, 3) : 0
}

/** Whether a message is one of Enhanced RTMP, and not as FLV had them before. */
export function isEnhanced(kind: MediaKind, bytes: Buffer): boolean {
  const first = bytes[0] ?? 0
  return kind === 'video' ? (first & 0x80) !== 0 : first >> 4 === EX_AUDIO
}

/** The packet type behind what ModEx packets say (finer time stamps, which are finer than what is measured). */
function enhanced(kind: MediaKind, bytes: Buffer): { packetType: number; at: number } | null {
  if (!isEnhanced(kind, bytes)) return null
  const first = bytes[0] ?? 0
  let packetType = first & 0xf
  let at = 1
  while (packetType === MOD_EX && at < bytes.length) {
    let size = (bytes[at++] ?? 0) + 1
    if (size === 256) {
      if (at + 2 > bytes.length) return null
      size = bytes.readUInt16BE(at) + 1
      at += 2
    }
    packetType = (bytes[at + size] ?? 0) & 0xf
    at += size + 1
  }
  return at <= bytes.length ? { packetType, at } : null
}

function tracksIn(kind: MediaKind, bytes: Buffer, most: number): MediaHead[] {
  const start = enhanced(kind, bytes)
  if (start === null) {
    const only = isEnhanced(kind, bytes) ? null : readMediaHead(kind, bytes)
    return only === null ? [] : [only]
  }
  let { packetType, at } = start
  const keyframe = kind === 'audio' || (((bytes[0] ?? 0) >> 4) & 7) === KEYFRAME
  if (kind === 'video' && (((bytes[0] ?? 0) >> 4) & 7) === COMMAND && packetType !== 4) return []
  if (packetType !== MULTITRACK[kind]) {
    const codec = codecAt(kind, bytes, at)
    return codec === null
      ? []
      : [trackAt({ kind, bytes, packetType, keyframe, codec, at: at + 4, trackId: 0, length: null })]
  }
  const type = (bytes[at] ?? 0) >> 4
  packetType = (bytes[at] ?? 0) & 0xf
  at += 1
  let codec: string | null = null
  if (type !== 2) {
    codec = codecAt(kind, bytes, at)
    at += 4
  }
  const tracks: MediaHead[] = []
  while (at < bytes.length && tracks.length < most) {
    if (type === 2) {
      codec = codecAt(kind, bytes, at)
      at += 4
    }
    const trackId = bytes[at]
    at += 1
    if (codec === null || trackId === undefined) break
    if (type === 0) {
      tracks.push(trackAt({ kind, bytes, packetType, keyframe, codec, at, trackId, length: null }))
      break
    }
    if (at + 3 > bytes.length) break
    const length = bytes.readUIntBE(at, 3)
    at += 3
    tracks.push(trackAt({ kind, bytes, packetType, keyframe, codec, at, trackId, length }))
    at += length
  }
  return tracks
}

function codecAt(kind: MediaKind, bytes: Buffer, at: number): string | null {
  if (at + 4 > bytes.length) return null
  const fourCc = bytes.toString('latin1', at, at + 4)
  const known = kind === 'video' ? VIDEO_FOURCC : AUDIO_FOURCC
  return Object.hasOwn(known, fourCc) ? (known[fourCc] ?? fourCc) : fourCc
}

interface TrackStart {
  kind: MediaKind
  bytes: Buffer
  packetType: number
  keyframe: boolean
  codec: string
  at: number
  trackId: number
  length: number | null
}

function trackAt({ kind, bytes, packetType, keyframe, codec, at, trackId, length }: TrackStart): MediaHead {
  const isTimed = kind === 'video' && packetType === 1 && REORDERED.has(codec)
  const packet = (kind === 'video' ? VIDEO_PACKETS : AUDIO_PACKETS)[packetType] ?? 'other'
  const compositionTime = isTimed ? signed24(bytes, at) : 0
  const before = isTimed ? 3 : 0
  const own = length === null ? null : Math.max(0, length - before)
  return { codec, packet, keyframe, compositionTime, trackId, header: at + before, length: own }
}

const VIDEO_PACKETS: Readonly<Record<number, MediaHead['packet']>> = {
  0: 'sequence-header',
  1: 'frame',
  2: 'sequence-end',
  3: 'frame',
  4: 'metadata',
  5: 'sequence-header',
}
const AUDIO_PACKETS: Readonly<Record<number, MediaHead['packet']>> = {
  0: 'sequence-header',
  1: 'frame',
  2: 'sequence-end',
}

/** Bytes of type, length, time and stream before what an FLV tag holds, and of its length behind it. */
const TAG_HEADER = 11
const TAG_TRAILER = 4

/** What an aggregate message holds. `delay`: milliseconds from the first one, whose time is the message's. */
export function* flvTagsIn(bytes: Buffer): Generator<{ type: number; delay: number; body: Buffer }> {
  let first: number | null = null
  for (let at = 0; at + TAG_HEADER <= bytes.length; ) {
    const type = bytes[at] ?? 0
    const length = bytes.readUIntBE(at + 1, 3)
    // The highest byte comes last.
    const stamp = bytes.readUIntBE(at + 4, 3) + (bytes[at + 7] ?? 0) * 2 ** 24
    const body = bytes.subarray(at + TAG_HEADER, at + TAG_HEADER + length)
    if (body.length < length) return
    first ??= stamp
    yield { type, delay: stamp - first, body }
    at += TAG_HEADER + length + TAG_TRAILER
  }
}

/** A message of audio or video: `head` are its first bytes, `whole` all of them, null where they were not kept. */
interface ReceivedMedia {
  /** Milliseconds, 32 bits. */
  time: number
  /** Bytes. */
  length: number
  head: Buffer
  whole: Buffer | null
}

/** What it carries: one track, or several of Enhanced RTMP. What makes no sense is left out. */
export function mediaIn(kind: MediaKind, message: ReceivedMedia): RtmpMedia[] {
  const { head, whole } = message
  if (whole !== null && carriesTracks(kind, whole)) {
    return readTracks(kind, whole).map((track) => mediaOf(kind, track, message))
  }
  const track = readMediaHead(kind, head)
  return track === null ? [] : [mediaOf(kind, track, message)]
}

function mediaOf(kind: MediaKind, track: MediaHead, { time, length, head, whole }: ReceivedMedia): RtmpMedia {
  const { codec, packet, keyframe, compositionTime, trackId, header } = track
  const left = Math.max(0, length - header)
  const size = track.length === null ? left : Math.min(track.length, left)
  const own = (whole ?? head).subarray(header, header + size)
  return { kind, codec, packet, keyframe, compositionTime, trackId, time, size, payload: whole, head: own }
}

/** A message of script data, such as `onMetaData`. @param payload AMF0 */
export function scriptDataIn(time: number, payload: Buffer): RtmpMedia {
  const names = { kind: 'data', codec: 'script', packet: 'metadata' } as const
  const { length: size } = payload
  return { ...names, keyframe: true, compositionTime: 0, trackId: 0, time, size, payload, head: payload }
}
