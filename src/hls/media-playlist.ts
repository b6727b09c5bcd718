import type { types } from 'hls-parser'
import { parsePlaylist } from './hls-playlist.ts'

/** Segments at the end of a playlist that are looked at: what came between two looks, and a few before. */
const MOST_SEGMENTS = 50

export interface ByteRange {
  offset: number
  /** Bytes. */
  length: number
}

export interface Resource {
  url: string
  /** Null: all of it. */
  range: ByteRange | null
}

export interface Segment extends Resource {
  /** Its number (RFC 8216, 4.3.3.2). */
  sequence: number
  /** Counts the discontinuities before it (RFC 8216, 4.3.3.3): where it differs, another encoding or clock begins. */
  period: number
  /** Seconds. */
  duration: number
  /** What goes before it where its container has its tables apart (fMP4). */
  map: Resource | null
  key: { url: string; iv: Buffer | null } | null
  /** Its server does not have it, and says so (RFC 8216bis, 4.4.4.7). */
  isGap: boolean
}

export interface MediaPlaylist {
  /** Seconds. */
  targetDuration: number
  /** Whether no segment will follow. */
  ended: boolean
  /** Whether it says the number of its first segment: only a list that never loses one may leave that out (RFC 8216, 6.2.2). */
  isNumbered: boolean
  /** The last ones. */
  segments: readonly Segment[]
}

export interface Variant {
  url: string
  /** Bits per second; 0 where it does not say. */
  bandwidth: number
  /** Pixels; 0 where it does not say. */
  height: number
  /** The playlist of its sound where that is apart, the default first. */
  audio: string | null
}

export type ReadPlaylist =
  | { kind: 'media'; playlist: MediaPlaylist }
  | { kind: 'master'; variants: readonly Variant[] }
  /** It must not be read. For a person. */
  | { kind: 'fault'; message: string }
  /** It is protected in a way that we cannot undo, or nothing that we can read. */
  | { kind: 'foreign' }

/** Reads a playlist. @param base where it came from, with the credentials that go there */
export async function readPlaylist(text: string, base: string): Promise<ReadPlaylist> {
  const { fault, targetDuration, ended } = parsePlaylist(text, base)
  if (fault !== null) return { kind: 'fault', message: fault }
  const parsed = await parsedLeniently(text)
  if (parsed === null) return { kind: 'foreign' }
  const at = (uri: string) => new URL(uri, base).href
  if (parsed.isMasterPlaylist) {
    const variants = (parsed as types.MasterPlaylist).variants.filter(({ isIFrameOnly }) => isIFrameOnly !== true)
    return { kind: 'master', variants: variants.map((variant) => variantOf(variant, at)) }
  }
  const segments = (parsed as types.MediaPlaylist).segments.filter(({ uri }) => uri !== '')
  if (segments.some(({ key }) => isForeign(key))) return { kind: 'foreign' }
  return {
    kind: 'media',
    playlist: {
      targetDuration: targetDuration ?? Math.max(1, ...segments.map(({ duration }) => duration || 0)),
      ended,
      isNumbered: /^#EXT-X-MEDIA-SEQUENCE:/m.test(text),
      segments: segments.slice(-MOST_SEGMENTS).map((segment) => segmentOf(segment, at)),
    },
  }
}

/** The package is loaded by the first who needs it: most monitors watch no HLS. */
async function parsedLeniently(text: string): Promise<types.Playlist | null> {
  const { parse, setOptions } = await import('hls-parser')
  // The package keeps its settings for all who use it: without these it prints, and refuses what every player takes.
  setOptions({ strictMode: false, silent: true })
  try {
    return parse(lastSegments(text))
  } catch {
    return null
  }
}

function variantOf(variant: types.Variant, at: (uri: string) => string): Variant {
  const apart = variant.audio.filter(({ uri }) => typeof uri === 'string' && uri !== '')
  const chosen = variant.audio.find(({ isDefault }) => isDefault) ?? variant.audio[0]
  // Where the chosen one has no playlist of its own it is in the variant.
  const audio = chosen !== undefined && apart.includes(chosen) ? (chosen.uri ?? null) : null
  return {
    url: at(variant.uri),
    bandwidth: Number(variant.bandwidth) || 0,
    height: Number(variant.resolution?.height) || 0,
    audio: audio === null ? null : at(audio),
  }
}

function segmentOf(segment: types.Segment, at: (uri: string) => string): Segment {
  const { uri, mediaSequenceNumber, discontinuitySequence, duration, map, key, gap } = segment
  const encrypted = key !== null && key !== undefined && key.method !== 'NONE' ? key : null
  return {
    url: at(uri),
    range: rangeOf(segment.byterange),
    sequence: mediaSequenceNumber,
    period: discontinuitySequence,
    duration: Number(duration) || 0,
    map: map ? { url: at(map.uri), range: rangeOf(map.byterange) } : null,
    key: encrypted?.uri ? { url: at(encrypted.uri), iv: encrypted.iv ? Buffer.from(encrypted.iv) : null } : null,
    isGap: gap === true,
  }
}

function rangeOf(range: { length: number; offset: number } | undefined | null): ByteRange | null {
  return range ? { offset: Number(range.offset) || 0, length: range.length } : null
}

/** What is not encrypted, or by AES-128 with a key that is plainly there, can be read. */
function isForeign(key: types.Key | null | undefined): boolean {
  if (!key || key.method === 'NONE') return false
  return key.method !== 'AES-128' || (key.format !== undefined && key.format !== 'identity')
}

/** Characters. A shorter playlist is parsed as it is. */
const LONG = 64 * 1024
/** Tags of a single segment. */
const OF_SEGMENT =
  /^#EXT(?:INF|-X-(?:BYTERANGE|PROGRAM-DATE-TIME|GAP|PART|BITRATE|DATERANGE|CUE[A-Z-]*|DISCONTINUITY$))/

/** A playlist of hours without all but its last segments, so that a look at it costs the same at every hour. */
function lastSegments(text: string): string {
  if (text.length < LONG) return text
  const lines = text.split(/\r?\n|\r/)
  const uris = lines.flatMap((line, index) => (line !== '' && !line.startsWith('#') ? [index] : []))
  const dropped = uris.length - MOST_SEGMENTS
  const last = uris[dropped - 1]
  if (last === undefined || text.includes('#EXT-X-STREAM-INF')) return text
  const before = lines.slice(0, last + 1)
  const number = (tag: string) => Number(before.find((line) => line.startsWith(tag))?.slice(tag.length)) || 0
  const [SEQUENCE, DISCONTINUITIES] = ['#EXT-X-MEDIA-SEQUENCE:', '#EXT-X-DISCONTINUITY-SEQUENCE:']
  const passed = before.filter((line) => line === '#EXT-X-DISCONTINUITY').length
  const kept = before.filter(
    (line) =>
      line.startsWith('#') &&
      !OF_SEGMENT.test(line) &&
      !line.startsWith(SEQUENCE) &&
      !line.startsWith(DISCONTINUITIES) &&
      !/^#EXT-X-(?:KEY|MAP):/.test(line),
  )
  const newest = (tag: string) => before.findLast((line) => line.startsWith(tag)) ?? ''
  return [
    ...kept,
    `${SEQUENCE}${number(SEQUENCE) + dropped}`,
    `${DISCONTINUITIES}${number(DISCONTINUITIES) + passed}`,
    newest('#EXT-X-KEY:'),
    newest('#EXT-X-MAP:'),
    ...lines.slice(last + 1),
  ].join('\n')
}

/** What a target says of the variant: its height (`720p`), or its bitrate in bits per second as the playlist has it (`2500k`, `2.5M`). */
const VARIANT = /^(?:([1-9]\d{1,4})p|([1-9]\d*(?:\.\d+)?)([kM]))$/

/**
 * Of several variants the one that is wanted: of a height the one of the highest bitrate, of a bitrate the one that is
 * nearest. Without a wish the one with the tallest picture, and of those the one of the highest bitrate. Null: there is none.
 */
export function chooseVariant(variants: readonly Variant[], wanted: string | null): Variant | null {
  const [, height, number, unit] = VARIANT.exec(wanted ?? '') ?? []
  if (number !== undefined) {
    const rate = Number(number) * (unit === 'M' ? 1e6 : 1000)
    return first(variants, ({ bandwidth }) => -Math.abs(bandwidth - rate))
  }
  const fitting = height === undefined ? variants : variants.filter((variant) => variant.height === Number(height))
  return first(fitting, (variant) => variant.height * 1e10 + variant.bandwidth)
}

function first(variants: readonly Variant[], rank: (variant: Variant) => number): Variant | null {
  return variants.reduce<Variant | null>((best, one) => (best === null || rank(one) > rank(best) ? one : best), null)
}

/** What there is to choose from, for a person: `1080p (5M), 480p (900k)`. */
export function offered(variants: readonly Variant[]): string {
  const rate = (bits: number) => (bits >= 1e6 ? `${Math.round(bits / 1e5) / 10}M` : `${Math.round(bits / 1000)}k`)
  const names = variants.map(({ height, bandwidth }) =>
    height > 0 ? `${height}p (${rate(bandwidth)})` : rate(bandwidth),
  )
  return [...new Set(names)].slice(0, 12).join(', ')
}
