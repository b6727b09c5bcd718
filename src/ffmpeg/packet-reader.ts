import type { Readable } from 'node:stream'
import type { Clock } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import type { StreamReadOptions } from '../observation/stream.ts'
import type { MemoryPurpose } from '../programs/memory.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { ContentMeter } from '../stream/content/meter.ts'
import type { Packet } from '../stream/packet.ts'
import type { FfmpegBinary, FfprobeBinary } from './binaries.ts'
import { contentArguments } from './ffmpeg-arguments.ts'
import { ANALYSIS_SIZE, sessionArguments } from './ffprobe-arguments.ts'
import { FramecrcParser } from './framecrc-line.ts'
import { MetadataParser } from './metadata-line.ts'
import { PacketLineParser } from './packet-line.ts'
import type { Program } from './program.ts'
import { environmentOf } from './route.ts'
import { type RunningProgram, startProgram } from './running-program.ts'
import { NEWS_LEVEL, TrackNews } from './track-news.ts'

export interface ReaderRun {
  program: Program
  /** Where and how to read: what `inputArguments` says. */
  args: readonly string[]
  url: string
  /** Whether tables name the tracks, as in MPEG-TS: then one may be named that never comes. Default: false. */
  isNamed?: boolean
  /** What the program's environment holds besides what every program gets. */
  env: Readonly<Record<string, string>>
  /** What is read where `url` is standard input. */
  stdin?: Readable
  packet(packet: Packet): void
  /** What it prints is something else than packets. */
  broken(): void
  /** A track has begun whose packets it does not print. Left out where that cannot be, or is known otherwise. */
  newTrack?(): void
  /** How another program reads the same address; null where it cannot. */
  inputFor(program: Program): Promise<ReaderInput | null>
}

/** Where and how a program reads. */
export interface ReaderInput extends Pick<ReaderRun, 'args' | 'url' | 'isNamed' | 'env' | 'stdin'> {
  /** To be called when it has ended. */
  release(): void
}

/** A program that reads the packets of a stream for as long as there are any: one for each depth of checks. */
export interface PacketReader {
  readonly name: 'ffprobe' | 'ffmpeg'
  /** @throws MonitorError `no-ffprobe`, `no-ffmpeg` */
  program(): Promise<Program>
  start(run: ReaderRun): Promise<RunningProgram>
  /** Something makes the content suspect. Only what looks at it now and then has it. */
  suspect?(): void
}

function newsOf(program: keyof typeof NEWS_LEVEL, newTrack: ReaderRun['newTrack']) {
  if (newTrack === undefined) return null
  const news = new TrackNews(program, newTrack)
  return { level: NEWS_LEVEL[program], errors: (chunk: Buffer) => news.errorsIn(chunk) }
}

/** ffprobe, which decodes nothing. */
export function ffprobeReader(program: () => Promise<FfprobeBinary>): PacketReader {
  return {
    name: 'ffprobe',
    program,
    start({ program: { path }, args, url, env, stdin, packet, broken, newTrack }) {
      const parser = new PacketLineParser(packet)
      const news = newsOf('ffprobe', newTrack)
      return startProgram({
        file: path,
        args: [...sessionArguments(news?.level), ...args, url],
        env,
        ...(news && { errors: news.errors }),
        ...(stdin && { stdin }),
        memory: 'packets',
        output: (chunk) => {
          parser.push(chunk)
          if (parser.isBroken) broken()
        },
      })
    },
  }
}

export interface ContentReaderOptions {
  program(): Promise<FfmpegBinary>
  media: StreamReadOptions['media']
  clock: Clock
  /** Takes what is found in pictures and sound. */
  meter: ContentMeter
}

/** ffmpeg, which looks at pictures and listens to sound on the same connection. */
export function contentReader({ program, media, clock, meter }: ContentReaderOptions): PacketReader {
  const pictures = meter.looksAt
  return {
    name: 'ffmpeg',
    program,
    start({ program: { path }, args, url, isNamed, env, stdin, packet, broken, newTrack }) {
      const parser = new FramecrcParser((next) => {
        meter.addPacket(next)
        packet(next)
      })
      const news = newsOf('ffmpeg', newTrack)
      return startProgram({
        file: path,
        args: contentArguments({ ...{ pictures, media, args, url, isNamed }, ...(news && { level: news.level }) }),
        env,
        ...(news && { errors: news.errors }),
        ...(stdin && { stdin }),
        memory: memoryFor(meter),
        // To read costs four times what a packet does, and 100 ms are fine enough for what is measured beside content.
        outputEvery: 2,
        output: (chunk) => {
          parser.push(chunk)
          if (parser.isBroken) broken()
        },
        furtherOutputs: findingsTo(meter, clock),
      })
    },
  }
}

/** Seconds of media that are analysed of two tracks at most; their parameters come first, and usually it ends at once. */
const FLV_ANALYSIS = 2
/**
 * Bytes that are analysed of one track: its first frame. FFmpeg waits for a second track otherwise, and of key frames alone
 * for ever, because pictures so far apart do not count as a time that was analysed (5.1).
 */
const ONE_FRAME = 32

/**
 * Starts an ffmpeg that looks at what it gets by its standard input; of the packets it tells nothing.
 *
 * @param tracks how many there are; it begins with the parameters of each, and a frame of one
 */
export function startContent(
  program: FfmpegBinary,
  [stdin, container, tracks]: [stdin: Readable, container: 'flv' | 'matroska', tracks: number],
  { media, clock, meter }: Omit<ContentReaderOptions, 'program'>,
): Promise<RunningProgram> {
  const analysis = ['-analyzeduration', String(FLV_ANALYSIS * 1_000_000)]
  const size = ['-probesize', String(tracks > 1 ? ANALYSIS_SIZE : ONE_FRAME)]
  const input = { args: ['-f', container, ...analysis, ...size, '-protocol_whitelist', 'pipe'], url: 'pipe:0' }
  return startProgram({
    file: program.path,
    args: contentArguments({ ...input, packets: false, pictures: meter.looksAt, media }),
    env: environmentOf(program),
    stdin,
    memory: memoryFor(meter),
    output: () => {},
    furtherOutputs: findingsTo(meter, clock),
  })
}

/** What takes the findings of other filters from now on: in pictures, and in sound. */
function findingsTo(meter: ContentMeter, clock: Clock): ((chunk: Buffer) => void)[] {
  const { pictures, sound } = meter.beginSession()
  return [pictures, sound].map((listener) => {
    const metadata = new MetadataParser(listener)
    return (chunk) => {
      meter.foundAt(clock.monotonic())
      metadata.push(chunk)
    }
  })
}

function memoryFor({ looksAt }: ContentMeter): MemoryPurpose {
  return looksAt === 'all' ? 'all-pictures' : 'keyframes'
}

/** @throws MonitorError `no-ffprobe`, `no-ffmpeg`: the program is built without the protocol of the address */
export function requireProtocol(
  { name }: PacketReader,
  { path, version, protocols }: Program,
  address: StreamAddress,
): void {
  const { protocol } = address
  if (protocol.startsWith('rtsp') || protocols.has(protocol)) return
  const [code, where] =
    name === 'ffprobe'
      ? (['no-ffprobe', 'in the node or in FFPROBE_PATH'] as const)
      : (['no-ffmpeg', 'in FFMPEG_PATH'] as const)
  throw new MonitorError(code, `${path} (${version}) cannot read ${protocol}://. Name an ${name} that can, ${where}.`)
}
