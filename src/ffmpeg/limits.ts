import { MonitorError } from '../observation/errors.ts'
import type { StreamParameters, StreamReadOptions } from '../observation/stream.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { FfprobeBinary } from './binaries.ts'
import type { Program } from './program.ts'

/** Something that streams carry and older versions of FFmpeg cannot read. */
interface Limit {
  what: string
  medium: 'video' | 'audio'
  /** The first version that reads it, and its libavformat as in `Program`. */
  since: { version: string; libavformat: number }
  /** What was seen in its place; null where it does not show. */
  shownAs(seen: StreamParameters, errors: string): 'it' | 'something-else' | null
}

/** What older versions take the first bytes of Enhanced RTMP for: codecs of Flash, in which nobody streams any more. */
const MISREAD_VIDEO: ReadonlySet<string> = new Set(['flashsv', 'flashsv2', 'vp6', 'vp6f', 'vp6a', 'unknown'])
const ENHANCED_VIDEO: ReadonlySet<string> = new Set(['hevc', 'av1', 'vp9'])
/** Builds between 6.0 and 6.1 know the codec, and lose the packets whose picture is shown later than it is decoded. */
const IN_PIECES = /Packet mismatch/

/**
 * Measured with 5.1.9 and with the static build of July 2023, with HEVC and B-frames as OBS sends it. The versions are those of
 * FFmpeg's Changelog: 6.1 ("HEVC, VP9, AV1 codec in enhanced flv format"; its libavformat is 60.16) and 8.0 ("Enhanced FLV
 * v2: Multitrack audio/video, modern codec support"; 62.3).
 */
const LIMITS: readonly Limit[] = [
  {
    what: 'HEVC, AV1 or VP9',
    medium: 'video',
    since: { version: '6.1', libavformat: 60.016 },
    shownAs({ video }, errors) {
      if (video.some(({ codec }) => MISREAD_VIDEO.has(codec))) return 'something-else'
      return IN_PIECES.test(errors) && video.some(({ codec }) => ENHANCED_VIDEO.has(codec)) ? 'it' : null
    },
  },
  {
    what: 'Opus, FLAC or AC-3',
    medium: 'audio',
    since: { version: '8.0', libavformat: 62 },
    shownAs: ({ audio }) => (audio.some(({ codec }) => codec === 'unknown') ? 'something-else' : null),
  },
]

const NAMES: Readonly<Record<string, string>> = { hevc: 'HEVC', av1: 'AV1', vp9: 'VP9' }

/**
 * That an ffprobe cannot read what it has looked at, though it takes it for something; null where it can.
 *
 * @param media what the stream must have
 * @param errors what it said of it
 */
export function beyond(
  ffprobe: FfprobeBinary,
  { protocol }: StreamAddress,
  seen: StreamParameters,
  { media, errors }: { media: StreamReadOptions['media']; errors: string },
): MonitorError | null {
  if (seen.format !== 'flv') return null
  for (const { what, medium, since, shownAs } of LIMITS) {
    const isAsked = (media === 'both' || media === medium) && ffprobe.libavformat < since.libavformat
    const shown = isAsked ? shownAs(seen, errors) : null
    if (shown !== null)
      return refusal('ffprobe', ffprobe, shown === 'it' ? namesOf(seen) : what, protocol, since.version)
  }
  return null
}

/** Whether an address may lead to something that is beyond a program. */
export function mayBeBeyond({ libavformat }: Program, { protocol, hls }: StreamAddress): boolean {
  const mayBeFlv = (protocol.startsWith('rtmp') || protocol.startsWith('http')) && !hls
  return mayBeFlv && LIMITS.some(({ since }) => libavformat < since.libavformat)
}

/** The same of an ffmpeg that has failed, where an ffprobe knows what there is; null where that is no reason. */
export function beyondFfmpeg(
  ffmpeg: Program,
  { protocol }: StreamAddress,
  { format, video }: StreamParameters,
): MonitorError | null {
  const [limit] = LIMITS
  const isTooOld = limit !== undefined && ffmpeg.libavformat < limit.since.libavformat
  if (!isTooOld || format !== 'flv' || !video.some(({ codec }) => ENHANCED_VIDEO.has(codec))) return null
  return refusal('ffmpeg', ffmpeg, namesOf({ video }), protocol, limit.since.version)
}

/** Seconds until a stream that is beyond a program is looked at again: its encoder may send something else by then. */
const LOOK_AGAIN = 60

/** What is known to be beyond the programs that read one stream, so that they are not started for it in vain. */
export class KnownLimit {
  #known: { error: MonitorError; program: Program; at: number } | null = null

  /** @param at monotonic seconds, here and below */
  learn(error: MonitorError | null, program: Program, at: number): void {
    this.#known = error && { error, program, at }
  }

  /** Whether to look again before the program is started. */
  isOf(program: Program): boolean {
    return this.#known?.program === program
  }

  /** @throws MonitorError `unsupported`: what there was a moment ago is beyond this program */
  require(program: Program, at: number): void {
    const known = this.#known
    if (known?.program === program && at - known.at < LOOK_AGAIN) throw known.error
  }
}

function namesOf({ video }: Pick<StreamParameters, 'video'>): string {
  return video.flatMap(({ codec }) => NAMES[codec] ?? []).join(', ')
}

function refusal(
  name: 'ffprobe' | 'ffmpeg',
  { version, path }: Program,
  what: string,
  protocol: string,
  since: string,
): MonitorError {
  const where = name === 'ffprobe' ? 'in the node or in FFPROBE_PATH' : 'in FFMPEG_PATH'
  const over = protocol.startsWith('rtmp') ? 'RTMP (Enhanced RTMP)' : 'HTTP-FLV'
  return new MonitorError(
    'unsupported',
    `This ${name} ${version} cannot read ${what} over ${over}; ${since} and newer can. Name one of those ${where}, which is ${path} now.`,
  )
}
