import { isBeyondFlv, isInMatroska, matroskaBeginning, matroskaFrame } from '../ffmpeg/matroska.ts'
import type { MediaKind, RtmpMedia } from '../rtmp/reader.ts'
import { flvHeader, flvTag } from './flv-recording.ts'

/** Codecs whose frames no program can read without their parameters: it would give up, and say nothing of the other medium. */
const NEED_PARAMETERS: ReadonlySet<string> = new Set(['h264', 'hevc', 'aac', 'opus', 'flac'])

/** A message that is kept: a copy. */
export interface KeptMessage
  extends Pick<RtmpMedia, 'codec' | 'packet' | 'keyframe' | 'time' | 'compositionTime' | 'head'> {
  kind: MediaKind
  payload: Buffer
}

/** How the messages of some tracks, one of each medium at most, are written for a program of FFmpeg. */
export interface Container {
  readonly name: 'flv' | 'matroska'
  /** The media that it holds. */
  readonly media: readonly MediaKind[]
  readonly beginning: Buffer
  /** What a message is in it; null where it has no place there. */
  write(message: KeptMessage): Buffer | null
}

/** Null where the message is not whole. */
export function keptMessage({ kind, payload, head, ...rest }: RtmpMedia): KeptMessage | null {
  if (kind === 'data' || payload === null) return null
  const copy = Buffer.from(payload)
  const before = head.byteOffset - payload.byteOffset
  return { ...rest, kind, payload: copy, head: copy.subarray(before, before + head.length) }
}

/**
 * FLV where that is as every FFmpeg reads it, which can also hold other parameters from some message on; else Matroska.
 *
 * @param parameters what is known of each track: its newest message with parameters, or its first one
 */
export function containerOf(parameters: readonly KeptMessage[]): Container | null {
  const known = parameters.filter(({ codec, packet }) => packet === 'sequence-header' || !NEED_PARAMETERS.has(codec))
  const isFlv = !known.some(({ kind, codec, payload }) => isBeyondFlv(kind, codec, payload))
  const inside = isFlv ? known : known.filter(({ kind, codec }) => isInMatroska(kind, codec))
  if (inside.length === 0) return null
  const media = inside.map(({ kind }) => kind)
  return isFlv ? flv(media, inside) : matroska(media, inside)
}

function flv(media: readonly MediaKind[], parameters: readonly KeptMessage[]): Container {
  const write = ({ kind, payload, time }: KeptMessage) => (media.includes(kind) ? flvTag(kind, payload, time) : null)
  const header = flvHeader({ video: media.includes('video'), audio: media.includes('audio') })
  const tags = parameters.flatMap((message) => (message.packet === 'sequence-header' ? (write(message) ?? []) : []))
  return { name: 'flv', media, beginning: Buffer.concat([header, ...tags]), write }
}

function matroska(media: readonly MediaKind[], parameters: readonly KeptMessage[]): Container {
  const tracks = parameters.map(({ kind, codec, packet, head }, at) => ({
    ...{ number: at + 1, kind, codec },
    parameters: packet === 'sequence-header' ? head : null,
  }))
  return {
    name: 'matroska',
    media,
    beginning: matroskaBeginning(tracks),
    write: ({ kind, packet, time, compositionTime, keyframe, head }) => {
      const track = media.indexOf(kind) + 1
      if (track === 0 || packet !== 'frame') return null
      return matroskaFrame({ track, time: time + compositionTime, keyframe, bytes: head })
    },
  }
}
