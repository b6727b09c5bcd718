/** Just enough of FLV to replay a file with other time stamps (Adobe Flash Video File Format 10.1, annex E). */

const AUDIO = 8
const VIDEO = 9

/** `FLV`, version 1, with audio and video, length of this header, and the size of the tag before the first: none. */
const FILE_HEADER = Buffer.from([0x46, 0x4c, 0x56, 1, 0b101, 0, 0, 0, 9, 0, 0, 0, 0])
const TAG_HEADER = 11
/** The size of the tag, again, after it. */
const TAG_TRAILER = 4

export interface FlvTag {
  media: 'audio' | 'video' | 'script'
  /** AVCPacketType and AACPacketType: how the codec is set up, media, or the end of a sequence. */
  kind: 'header' | 'media' | 'end'
  /** Milliseconds. */
  timestamp: number
  /** The whole tag, as it stands in the file. */
  bytes: Buffer
  /** What it holds, which is what RTMP sends of it. */
  body: Buffer
}

/** A file that is replayed. */
export interface FlvClip {
  /** What a decoder needs before all else: file header, metadata, and how audio and video are encoded. */
  preamble: Buffer
  /** How video is encoded: clips in which it is the same can follow each other within one stream. */
  videoHeader: Buffer
  /** Audio and video in the order of the file. */
  tags: Pick<FlvTag, 'media' | 'timestamp' | 'bytes'>[]
}

/** The tags of a file that ffmpeg wrote, with H.264 and AAC. */
export function flvTags(file: Buffer): FlvTag[] {
  const tags: FlvTag[] = []
  for (let at = FILE_HEADER.length; at + TAG_HEADER <= file.length; ) {
    const bytes = file.subarray(at, at + TAG_HEADER + file.readUIntBE(at + 1, 3) + TAG_TRAILER)
    const body = bytes.subarray(TAG_HEADER, -TAG_TRAILER)
    const media = file[at] === AUDIO ? 'audio' : file[at] === VIDEO ? 'video' : 'script'
    const kind = media === 'script' || body[1] === 0 ? 'header' : body[1] === 1 ? 'media' : 'end'
    // The highest byte comes last.
    const timestamp = file.readUIntBE(at + 4, 3) + (file[at + 7] ?? 0) * 2 ** 24
    tags.push({ media, kind, timestamp, bytes, body })
    at += bytes.length
  }
  return tags
}

/** Reads a file that ffmpeg wrote, with H.264 and AAC. */
export function parseFlv(file: Buffer): FlvClip {
  const all = flvTags(file)
  const headers = all.filter(({ kind }) => kind === 'header')
  const tags = all.filter(({ kind }) => kind === 'media')
  const videoHeader = headers.find(({ media }) => media === 'video')?.bytes
  if (!videoHeader || tags.length === 0) throw new Error('a clip holds no video')
  return { preamble: Buffer.concat([FILE_HEADER, ...headers.map(({ bytes }) => bytes)]), videoHeader, tags }
}

/** A tag with another time stamp, in milliseconds. */
export function stampTag({ bytes }: Pick<FlvTag, 'bytes'>, timestamp: number): Buffer {
  const stamped = Buffer.from(bytes)
  stamped.writeUIntBE(timestamp % 2 ** 24, 4, 3)
  stamped[7] = Math.floor(timestamp / 2 ** 24) % 2 ** 8
  return stamped
}
