import { Readable } from 'node:stream'
import { AbortScope } from '../connection/abort-scope.ts'
import { SENT_TO_PRIVATE } from '../connection/private-addresses.ts'
import { type PlaylistWatch, watchPlaylist } from '../hls/hls-watch.ts'
import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { StreamParameters } from '../observation/stream.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type {
  Ending,
  Inspection,
  PacketSource,
  PacketSources,
  SourceListener,
  SourceOptions,
} from '../stream/packet-source.ts'
import { type FfmpegBinary, type FfprobeBinary, findFfmpeg } from './binaries.ts'
import { LONGEST_ANALYSIS, READ_TIMEOUT } from './ffprobe-arguments.ts'
import { inspectStream } from './inspect.ts'
import { KeyFrameLooks } from './key-frame-looks.ts'
import { beyondFfmpeg, KnownLimit, mayBeBeyond } from './limits.ts'
import { autoReader, type LookTimes } from './looks.ts'
import { contentReader, ffprobeReader, type PacketReader, requireProtocol } from './packet-reader.ts'
import type { Program } from './program.ts'
import { type Route, routeTo } from './route.ts'
import { isStopped } from './running-program.ts'
import { classifyEnd, GIVEN_UP, NO_TRANSPORT, OTHER_TRACKS, OVER, stoppedBySomebody } from './session-end.ts'
import { toldInput } from './told-input.ts'

/** Seconds from the start of a program to its first packet: the analysis, after the longest silence that it puts up with. */
const START_TIMEOUT = LONGEST_ANALYSIS + READ_TIMEOUT + 5
/** Seconds from the end of the longest analysis to its first packet. A shorter one does not shorten the patience with a source. */
const FIRST_PACKET = 3
/** Packets that any stream sends within `DOUBTFUL_AFTER`; where there are fewer, they may be what a program makes of others. */
const FLOWS = 20
/** Seconds from the first packet. */
const DOUBTFUL_AFTER = 4
/** Seconds from the first packet by which every table has shown, so that none of a further programme is taken for news. */
const TABLES_SHOWN = 3
/** What FFmpeg's programs say of an option that nobody took. */
const NOT_TAKEN = /scan_all_pmts not found/

export interface FfmpegOptions {
  ffprobe(): Promise<FfprobeBinary>
  /** For content checks. Default: FFMPEG_PATH, or the first on PATH. */
  ffmpeg?(): Promise<FfmpegBinary>
  /** When `checks: auto` looks at the content. Default: `LOOKS`. */
  looks?: LookTimes
}

/** What reads packets by the depth of checks: ffprobe, ffmpeg where the content is looked at too, or the two in turn. */
export function readerFor(
  { ffprobe, ffmpeg = () => findFfmpeg(), looks }: FfmpegOptions,
  { checks, content, media, stillPicture, clock }: SourceOptions,
): PacketReader {
  const packets = ffprobeReader(ffprobe)
  if (content === null) return packets
  const withContent = contentReader({ program: ffmpeg, media, clock, meter: content })
  if (checks !== 'auto') return withContent
  const isFaulty = () => content.isFaulty(clock.monotonic(), stillPicture)
  return autoReader({ packets, content: withContent, meter: content, isFaulty, ...(looks && { times: looks }) })
}

export interface FfmpegSources extends PacketSources {
  choose(address: StreamAddress, options: SourceOptions): Promise<FfmpegSource>
}

/** FFmpeg's programs as packet sources. */
export function ffmpegSources(programs: FfmpegOptions): FfmpegSources {
  const { ffprobe } = programs
  const limit = new KnownLimit()
  const container = { mayBeTransport: true }
  return {
    async choose(address, options) {
      const reader = readerFor(programs, options)
      const program = await reader.program()
      requireProtocol(reader, program, address)
      limit.require(program, options.clock.monotonic())
      return new FfmpegSource(reader, program, ffprobe, { limit, container }, options)
    },
    async inspect(address, options, signal) {
      const binary = await ffprobe()
      const route = await routeTo(address, binary, options.verifyTls)
      if (!('release' in route)) throw new MonitorError('inspection-failed', route.message, { cause: route })
      const how = { ...options, ...container }
      return inspectBy(route, address, binary, how, signal).finally(() => route.release())
    },
    async ready() {
      await ffprobe()
    },
  }
}

function inspectBy(
  { relayed, resolved, proxied, env }: Route,
  address: StreamAddress,
  ffprobe: FfprobeBinary,
  { media, verifyTls, mayBeTransport }: Pick<SourceOptions, 'media' | 'verifyTls'> & Container,
  signal: AbortSignal,
): Promise<StreamParameters> {
  const options = { media, verifyTls, mayBeTransport, resolved, proxied, env }
  return inspectStream(relayed ?? address, ffprobe, signal, options)
}

/** What is known of a stream from its sessions before. */
interface Container {
  mayBeTransport: boolean
}

/** One program that reads one stream, from the way to its server to its end. */
export class FfmpegSource implements PacketSource {
  readonly showsWithin = LONGEST_ANALYSIS + FIRST_PACKET
  readonly #reader: PacketReader
  readonly #program: Program
  readonly #ffprobe: () => Promise<FfprobeBinary>
  readonly #limit: KnownLimit
  readonly #container: Container
  readonly #options: Pick<SourceOptions, 'media' | 'verifyTls' | 'thorough' | 'clock'>
  /** The way to the server, while it is open. */
  #open: { address: StreamAddress; route: Route; signal: AbortSignal } | null = null
  #pid: () => number | undefined = () => undefined
  readonly #keyFrames: KeyFrameLooks
  /** Ends the reading that is on. */
  #end: (ending: Ending) => void = () => {}

  constructor(
    reader: PacketReader,
    program: Program,
    ffprobe: () => Promise<FfprobeBinary>,
    { limit, container }: { limit: KnownLimit; container: Container },
    options: Pick<SourceOptions, 'media' | 'verifyTls' | 'thorough' | 'clock'>,
  ) {
    this.#reader = reader
    this.#program = program
    this.#ffprobe = ffprobe
    this.#limit = limit
    this.#container = container
    this.#options = options
    this.#keyFrames = new KeyFrameLooks(options.clock)
  }

  async open(address: StreamAddress, listener: SourceListener, signal: AbortSignal): Promise<Ending> {
    const route = await routeTo(address, this.#program, this.#options.verifyTls)
    if (!('release' in route)) return route
    const reading = new AbortScope(signal)
    this.#open = { address, route, signal: reading.signal }
    let fault: Ending | null = null
    const end = (ending: Ending) => {
      fault ??= ending
      reading.abort()
    }
    this.#end = end
    let playlist: PlaylistWatch | null = null
    // ffprobe would ask for the next segment, and the next.
    const forbid = guarded('end of a reader', () => end({ end: 'refused', message: SENT_TO_PRIVATE }))
    route.forbidden?.addEventListener('abort', forbid, { once: true })
    try {
      if (address.hls) {
        const refused = (message: string) => end({ end: 'refused', message })
        const { verifyTls } = this.#options
        const told = { targetDuration: (seconds: number) => listener.targetDuration(seconds), fault: refused }
        const { allowed } = route
        playlist = await watchPlaylist(address.url, told, { signal: reading.signal, verifyTls, allowed })
      }
      if (reading.signal.aborted) return fault ?? GIVEN_UP
      if (playlist?.ended) return OVER
      if (this.#limit.isOf(this.#program)) await this.#lookForLimit(reading.signal)
      if (reading.signal.aborted) return fault ?? GIVEN_UP
      const { ending, packets } = await this.#read(address, route, listener, end, reading.signal)
      if (ending.end === 'crashed' || (packets > 0 && packets < FLOWS)) await this.#lookForLimit(reading.signal)
      return fault ?? ending
    } finally {
      reading.abort()
      this.#open = null
      this.#pid = () => undefined
      route.release()
      await playlist?.stop()
      await this.#keyFrames.ended()
    }
  }

  /** Over another connection, as this one brings no more than what a program says of the stream. */
  async keyFrame(): Promise<KeyFrameAnswer | null> {
    if (this.#open === null) return null
    const { address, signal } = this.#open
    return this.#keyFrames.ask({ ...this.#options, address }, signal)
  }

  async inspect(signal: AbortSignal): Promise<Inspection> {
    const open = this.#open
    if (!open) return 'failed'
    const ffprobe = await this.#ffprobe()
    const route = ffprobe === this.#program ? open.route : await routeTo(open.address, ffprobe, this.#options.verifyTls)
    if (!('release' in route)) return 'failed'
    try {
      return await inspectBy(route, open.address, ffprobe, { ...this.#options, ...this.#container }, signal)
    } catch (error) {
      if (error instanceof MonitorError && error.code === 'unsupported') this.#beyond(error)
      const ending = error instanceof MonitorError ? (error.cause as Ending | undefined) : undefined
      return ending?.end === 'refused' ? 'turned-away' : 'failed'
    } finally {
      if (route !== open.route) route.release()
    }
  }

  /** Looks whether what is there is beyond the program, where nothing or next to nothing could be read of it. */
  async #lookForLimit(signal: AbortSignal): Promise<void> {
    if (signal.aborted || !this.#open || !mayBeBeyond(this.#program, this.#open.address)) return
    const seen = await this.inspect(signal)
    if (typeof seen !== 'object') return
    const beyond = this.#reader.name === 'ffmpeg' ? beyondFfmpeg(this.#program, this.#open.address, seen) : null
    if (beyond) this.#beyond(beyond)
    else this.#limit.learn(null, this.#program, 0)
  }

  #beyond(error: MonitorError): void {
    this.#limit.learn(error, this.#program, this.#options.clock.monotonic())
    this.#end({ end: 'crashed', code: 'unsupported', message: error.message.replace(/\.$/, '') })
  }

  ownFault(): string | null {
    const pid = this.#pid()
    if (pid === undefined || !isStopped(pid)) return null
    return stoppedBySomebody(this.#reader.name)
  }

  suspect(): void {
    this.#reader.suspect?.()
  }

  /** @param fault why the program is of no more use; it also ends it */
  async #read(
    address: StreamAddress,
    route: Route,
    listener: SourceListener,
    fault: (ending: Ending) => void,
    signal: AbortSignal,
  ): Promise<{ ending: Ending; packets: number }> {
    const reader = this.#reader
    const { clock, media, verifyTls, thorough = false } = this.#options
    const began = clock.monotonic()
    let first: number | null = null
    let last: number | null = null
    let packets = 0
    let doubts: NodeJS.Timeout | undefined
    const doubt = guarded('stream limit', async () => {
      if (packets < FLOWS) await this.#lookForLimit(signal)
    })
    const late = guarded('stream watchdog', () => fault({ end: 'timeout', message: 'no media could be read' }))
    const watchdog = setTimeout(late, START_TIMEOUT * 1000)
    const { mayBeTransport } = this.#container
    const isNamed = mayBeTransport && address.protocol === 'srt'
    const newTrack = () => {
      if (first !== null && clock.monotonic() - first >= TABLES_SHOWN) fault(OTHER_TRACKS)
    }
    const input = ({ relayed, env, release, ...way }: Route, program: Program) => {
      const how = { media, verifyTls, thorough, mayBeTransport, isNamed, ...way }
      const { script, ...told } = toldInput(relayed ?? address, how, program, 'session')
      return { ...told, isNamed, env, release, ...(script !== null && { stdin: Readable.from([script]) }) }
    }
    try {
      const running = await reader.start({
        program: this.#program,
        ...input(route, this.#program),
        inputFor: async (other) => {
          const way = await routeTo(address, other, verifyTls)
          return 'release' in way ? input(way, other) : null
        },
        packet: (packet) => {
          if (signal.aborted) return
          if (last === null) {
            clearTimeout(watchdog)
            doubts = setTimeout(doubt, DOUBTFUL_AFTER * 1000)
          }
          packets++
          last = clock.monotonic()
          first ??= last
          listener.packet(packet, last)
        },
        broken: () => fault({ end: 'bad-output', message: `${reader.name} prints something else than packets` }),
        ...(address.protocol === 'srt' && { newTrack }),
      })
      this.#pid = () => running.pid
      const stop = guarded('end of a reader', () => running.stop())
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
      const exit = await running.ended
      this.#container.mayBeTransport &&= !NOT_TAKEN.test(exit.stderr)
      if (mayBeTransport !== this.#container.mayBeTransport) return { ending: NO_TRANSPORT, packets }
      const silence = clock.monotonic() - (last ?? began)
      const facts = { program: reader.name, exit, media: last !== null, silence, readTimeout: READ_TIMEOUT }
      const trouble = last === null ? route.trouble() : null
      return { ending: trouble ?? classifyEnd(facts), packets }
    } finally {
      clearTimeout(doubts)
      clearTimeout(watchdog)
    }
  }
}
