/** What a stream that is read by RTMP says of itself, beside what ffprobe finds in a recording of it. Pure. */
import { textOf } from '../connection/legible.ts'
import { isRecord } from '../observation/shape.ts'
import type { AudioParameters, StreamParameters, VideoParameters } from '../observation/stream.ts'
import { decodeAmf0 } from '../rtmp/amf0.ts'
import { aacParameters, h264Parameters } from '../rtmp/codec-parameters.ts'
import { readMediaHead } from '../rtmp/media.ts'

/** No decoder's parameters: nothing is known of them. */
const UNKNOWN_VIDEO = { profile: null, level: null, pixelFormat: null, fieldOrder: null, bFrames: null } as const

/**
 * Codecs whose configuration comes once, before their frames, and without which no player can decode them (Adobe, "Video
 * File Format Specification 10.1", annex E.4.2.2 and E.4.3.2; Enhanced RTMP v2).
 */
export const NEED_CONFIGURATION: ReadonlySet<string> = new Set(['aac', 'h264', 'hevc', 'vvc'])

export interface SaidTrack {
  kind: 'video' | 'audio'
  codec: string
  /** The message with the codec's parameters; null while none came. */
  header: { payload: Buffer | null } | null
}

/**
 * What the headers of its messages, its parameters and its metadata say. A codec that is not known has its FourCC, or its number, for a name.
 *
 * @param metadata `onMetaData` as the encoder wrote it, AMF0; null while none came
 * @param tracks by their numbers: the first of each kind is judged, and the metadata is of it
 * @param seenRate frames of the first video track per second, as its time stamps have it; null where too few were seen
 */
export function saidParameters(
  metadata: Buffer | null,
  tracks: readonly SaidTrack[],
  seenRate: number | null = null,
): StreamParameters {
  const said = metadataIn(metadata)
  const number = (name: string) => {
    const value = said[name]
    return typeof value === 'number' && value > 0 && value < 1e9 ? value : null
  }
  const rate = (name: string) => {
    const kilobits = number(name)
    return kilobits === null ? null : (kilobits * 1000) / 8
  }
  const of = (kind: SaidTrack['kind']) =>
    tracks
      .filter((track) => track.kind === kind)
      .map((track) => ({ codec: textOf(track.codec, 20) ?? 'unknown', own: ownParameters(track) }))
  const video = {
    ...{ width: number('width') ?? 0, height: number('height') ?? 0 },
    declaredFrameRate: believable(number('framerate') ?? number('videoframerate')),
    declaredBytesPerSecond: rate('videodatarate'),
  }
  const audio = {
    ...{ profile: null, sampleRate: number('audiosamplerate') },
    channels: number('audiochannels') ?? (said.stereo === true ? 2 : said.stereo === false ? 1 : null),
    declaredBytesPerSecond: rate('audiodatarate'),
  }
  return {
    format: 'flv',
    video: of('video').map(({ codec, own }, at) => {
      const written = own !== null && codec === 'h264' ? h264Parameters(own) : null
      const { frameRate = null, mayBeFields = false, ...picture } = written ?? {}
      const told = { ...UNKNOWN_VIDEO, ...(at === 0 ? video : NO_VIDEO), ...picture }
      const seen = at === 0 ? seenRate : null
      return { codec, ...told, declaredFrameRate: told.declaredFrameRate ?? rateOf(frameRate, mayBeFields, seen) }
    }),
    audio: of('audio').map(({ codec, own }, at) => ({
      ...{ codec, ...(at === 0 ? audio : NO_AUDIO) },
      ...(own !== null && codec === 'aac' && aacParameters(own)),
    })),
    encoder: textOf(said.encoder, 80),
  }
}

/** Frames per second that encoders send: 29.97 is 30 000 in 1001 s. */
const USUAL_RATES: readonly number[] = [
  ...[10, 12.5, 15, 20, 24, 25, 30, 48, 50, 60, 90, 100, 120],
  ...[24_000 / 1001, 30_000 / 1001, 60_000 / 1001, 120_000 / 1001],
]
/** Part of a rate by which time stamps in whole milliseconds, over a second, may be off. */
const ROUNDED = 0.004
/** Part of a rate by which what the codec's timing says may be off what comes. Some encoders write the half of it, or twice. */
const CLOSE = 0.05

/** The rate that the codec's timing says, where what comes bears it out; else that of what comes. */
function rateOf(written: number | null, mayBeFields: boolean, seen: number | null): number | null {
  if (seen === null) return written
  const isAs = (rate: number) => Math.abs(seen - rate) <= CLOSE * rate
  if (written !== null && (isAs(written) || (mayBeFields && isAs(2 * written)))) return written
  const [nearest = seen] = USUAL_RATES.toSorted((a, b) => Math.abs(a - seen) - Math.abs(b - seen))
  return Math.abs(nearest - seen) <= ROUNDED * nearest ? nearest : seen
}

/** As with ffprobe: a rate beyond that is the clock of the container, not of the picture. */
function believable(rate: number | null): number | null {
  return rate !== null && rate >= 0.1 && rate <= 300 ? rate : null
}

/** What the codec itself has written: without what FLV says before it. */
function ownParameters({ kind, header }: SaidTrack): Buffer | null {
  const payload = header?.payload ?? null
  const head = payload && readMediaHead(kind, payload)
  return head && payload.subarray(head.header)
}

const NO_VIDEO = { width: 0, height: 0, declaredFrameRate: null, declaredBytesPerSecond: null } as const
const NO_AUDIO = { profile: null, sampleRate: null, channels: null, declaredBytesPerSecond: null } as const

/**
 * What ffprobe saw, and of a track that it did not see, or took for another codec, what the stream says. What it declares
 * stands in FLV's metadata alone; without one, ffprobe guesses a rate of the first few frames.
 */
export function joinedParameters(own: StreamParameters, seen: StreamParameters): StreamParameters {
  return {
    format: own.format,
    video: tracksOf(own.video, seen.video).map((track, at) => ({
      ...track,
      declaredFrameRate: own.video[at]?.declaredFrameRate ?? track.declaredFrameRate,
    })),
    audio: tracksOf(own.audio, seen.audio),
    encoder: seen.encoder ?? own.encoder,
  }
}

/** Without what ffprobe says of a codec whose configuration never came: it makes it up, as 44 100 Hz of every AAC. */
export function withoutGuesses(seen: StreamParameters, tracks: readonly SaidTrack[]): StreamParameters {
  const blind = new Set(tracks.flatMap(({ codec, header }) => (NEED_CONFIGURATION.has(codec) && !header ? codec : [])))
  const isSeen = ({ codec }: { codec: string }) => !blind.has(codec)
  return { ...seen, video: seen.video.filter(isSeen), audio: seen.audio.filter(isSeen) }
}

/**
 * Without what ffprobe says of a medium of which no frame was recorded: of AAC it makes 44 100 Hz in stereo of that. It is as
 * it was known before, or as the stream says.
 *
 * @param known null where its headers have changed since
 */
export function withoutUnheard(
  joined: StreamParameters,
  { known, own }: { known: StreamParameters | null; own: StreamParameters },
  hasFrames: (kind: SaidTrack['kind']) => boolean,
): StreamParameters {
  const before = known ?? own
  return {
    ...joined,
    video: hasFrames('video') ? joined.video : before.video,
    audio: hasFrames('audio') ? joined.audio : before.audio,
  }
}

function tracksOf<T extends VideoParameters | AudioParameters>(own: readonly T[], seen: readonly T[]): T[] {
  const left = [...seen]
  return own.map((track) => {
    const at = left.findIndex(({ codec }) => isSameCodec(codec, track.codec))
    const [found] = at === -1 ? [] : left.splice(at, 1)
    return found === undefined
      ? track
      : { ...found, declaredBytesPerSecond: found.declaredBytesPerSecond ?? track.declaredBytesPerSecond }
  })
}

/** FLV does not say the order of the bytes of PCM. */
function isSameCodec(one: string, other: string): boolean {
  return one === other || (one.startsWith('pcm_') && other.startsWith('pcm_'))
}

/** `onMetaData`, as the encoder wrote it; nothing where it is none that can be read. */
function metadataIn(payload: Buffer | null): Readonly<Record<string, unknown>> {
  if (payload === null) return {}
  try {
    const values = decodeAmf0(payload)
    const fields = values.includes('onMetaData') ? values.find((value) => isRecord(value)) : null
    return isRecord(fields) ? fields : {}
  } catch {
    return {}
  }
}
