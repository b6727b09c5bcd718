import { AbortScope } from '../connection/abort-scope.ts'
import { analysisOf, pipeArguments, READ_TIMEOUT, transportArguments } from '../ffmpeg/ffprobe-arguments.ts'
import type { PacketReader } from '../ffmpeg/packet-reader.ts'
import type { Program } from '../ffmpeg/program.ts'
import { environmentOf } from '../ffmpeg/route.ts'
import { classifyEnd, GIVEN_UP, OVER } from '../ffmpeg/session-end.ts'
import { followPlaylist, type PlaylistEnd, type SegmentListener, type WebClient } from '../hls/follow-playlist.ts'
import type { Segment } from '../hls/media-playlist.ts'
import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { Ending, SourceListener, SourceOptions } from '../stream/packet-source.ts'
import { Beginnings, FedProgram, TOO_MANY, TrackNumbers } from './fed-program.ts'
import type { PeriodClock } from './period-clock.ts'
import { TransportStream } from './transport-stream.ts'
import { isTransport, otherMedia, type Track } from './transport-tables.ts'
import { networkEnding, statusEnding } from './web-endings.ts'

/** Tracks of a second playlist have numbers from here on. */
const SECOND = 999

/** What one playlist of a stream is read with. */
export interface LegOptions {
  address: StreamAddress
  reader: PacketReader
  program: Program
  media: SourceOptions['media']
  thorough: boolean
  clock: Clock
  /** Of all playlists of the stream. */
  periods: PeriodClock
  isSecond: boolean
  /** Whether the other medium has a playlist of its own, so that what this one has of it is not read. */
  isApart: boolean
  listener: SourceListener
  signal: AbortSignal
}

/** What reads now, and of what. */
interface Run {
  readonly period: number
  readonly map: Buffer | null
  readonly transport: TransportStream | null
  program: FedProgram | null
}

/**
 * One playlist of a stream: its segments go to a program by its standard input, and its packets to the listener. Where the
 * server announces that another encoding or clock begins, another program reads on, and the clock goes on.
 */
export class HlsLeg implements SegmentListener {
  readonly #options: LegOptions
  #over: AbortScope
  #run: Run | null = null
  #fault: Ending | null = null
  /** The newest segment with what goes before it, to be inspected and to begin another program with. */
  #newest: { map: Buffer | null; bytes: Buffer; at: number } | null = null
  #lastPacket: number | null = null
  readonly #beginnings = new Beginnings()
  /** Those that the stream itself names. */
  #tracks: readonly Track[] | null = null

  constructor(options: LegOptions) {
    this.#options = options
    this.#over = new AbortScope(options.signal)
  }

  get isStopped(): boolean {
    return this.#run?.program?.isStopped === true
  }

  /** What shows how the stream is encoded; null before its first segment. */
  get sample(): Buffer | null {
    return this.#newest === null ? null : joined(this.#newest)
  }

  /** Seconds since that was fetched. */
  get sampleAge(): number {
    return this.#options.clock.monotonic() - (this.#newest?.at ?? Number.NEGATIVE_INFINITY)
  }

  targetDuration(seconds: number): void {
    if (!this.#options.isSecond) this.#options.listener.targetDuration(seconds)
  }

  /** Follows the playlist to its end, and says why it ended. Nothing of it is left then. */
  async read(
    url: string,
    client: Omit<WebClient, 'signal'>,
    given: { text: string; at: string } | null,
  ): Promise<Ending | 'foreign'> {
    this.#over = new AbortScope(this.#options.signal)
    this.#fault = null
    try {
      const end = await followPlaylist(url, { ...client, signal: this.#over.signal }, this, given)
      await this.#finish()
      return this.#fault ?? endingOf(end)
    } finally {
      this.#over.abort()
      await this.#run?.program?.stop()
      this.#run = null
    }
  }

  async segment(segment: Segment, bytes: Buffer, map: Buffer | null): Promise<void> {
    const before = this.#run
    const isSame =
      before !== null && before.period === segment.period && (map === null || before.map?.equals(map) === true)
    if (!isSame) {
      await this.#finish()
      if (before?.period !== segment.period) this.#tracks = null
    }
    const transport = map === null && isTransport(bytes) ? new TransportStream() : null
    const run = isSame ? before : { period: segment.period, map, transport, program: null }
    this.#run = run
    const pieces = run.transport?.push(bytes) ?? [{ begins: null, bytes }]
    const tables = run.transport?.tables() ?? map
    const filtered = pieces.length === 1 ? (pieces[0]?.bytes ?? bytes) : bytes
    this.#newest = { map: tables, bytes: filtered, at: this.#options.clock.monotonic() }
    for (const { begins, bytes: part } of pieces) {
      if (this.#over.signal.aborted) return
      if (begins !== null) await this.#finishProgram(run)
      run.program ??= await this.#begin(segment, run, begins)
      await run.program?.feed(part, this.#over.signal)
    }
  }

  /** @param tracks that begin, where the stream itself names them */
  async #begin(
    { period, duration }: Segment,
    { map }: Run,
    tracks: readonly Track[] | null,
  ): Promise<FedProgram | null> {
    const { reader, program, media, periods, clock, listener, isSecond, isApart } = this.#options
    if (!this.#beginnings.allow(clock.monotonic())) {
      this.#end(TOO_MANY)
      return null
    }
    const numbers = new TrackNumbers(isSecond ? SECOND : 0)
    const others = otherMedia(this.#tracks, tracks)
    this.#tracks = tracks
    const fed = await FedProgram.start({
      ...{ reader, program },
      input: (one) => ({ ...this.#arguments(duration, tracks !== null), env: environmentOf(one) }),
      // It begins with the newest segment, which the other has read.
      takeOver: async () => (this.#newest === null ? Buffer.alloc(0) : joined(this.#newest)),
      packet: (packet) => {
        if (this.#over.signal.aborted || (isApart && packet.media !== media)) return
        this.#lastPacket = clock.monotonic()
        const { index, isFirst } = numbers.of(packet.index, packet.media)
        const newExtradata = packet.newExtradata || (isFirst && others.has(packet.media))
        listener.packet(periods.adjusted({ ...packet, index, newExtradata }, period), this.#lastPacket)
      },
      broken: () => this.#end({ end: 'bad-output', message: `${reader.name} prints something else than packets` }),
    })
    if (this.#over.signal.aborted) {
      await fed.stop()
      return null
    }
    this.#watch(fed)
    if (map !== null) await fed.feed(map, this.#over.signal)
    return fed
  }

  /** @param duration of a segment, seconds: it begins with all that tells the tracks, and the next one may be long in coming */
  #arguments(duration: number, isNamed: boolean) {
    const { address, media, thorough, reader } = this.#options
    if (isNamed) return transportArguments(reader.name)
    const usual = analysisOf(address, { media, thorough })
    return pipeArguments(thorough ? usual : Math.min(usual, Math.max(0.5, 0.8 * duration)))
  }

  /** A program that ends by itself has failed. */
  #watch(fed: FedProgram): void {
    const { reader, clock } = this.#options
    const began = clock.monotonic()
    guarded('hls reader', async () => {
      const exit = await fed.ended
      if (this.#run?.program !== fed) return
      const silence = clock.monotonic() - (this.#lastPacket ?? began)
      const media = this.#lastPacket !== null
      const ending = classifyEnd({ program: reader.name, exit, media, silence, readTimeout: READ_TIMEOUT })
      this.#end(ending.end === 'ended' ? { end: 'crashed', message: `${reader.name} ended by itself` } : ending)
    })()
  }

  #end(ending: Ending): void {
    this.#fault ??= ending
    this.#over.abort()
  }

  async #finish(): Promise<void> {
    const run = this.#run
    if (run === null) return
    this.#run = null
    await this.#finishProgram(run)
  }

  /** Lets the program read what it has been given, to its end. */
  async #finishProgram(run: Run): Promise<void> {
    const { program } = run
    run.program = null
    await program?.finish(this.#over.signal)
  }
}

function joined({ map, bytes }: { map: Buffer | null; bytes: Buffer }): Buffer {
  return map === null ? bytes : Buffer.concat([map, bytes])
}

function endingOf(end: PlaylistEnd): Ending | 'foreign' {
  switch (end.why) {
    case 'foreign':
      return 'foreign'
    case 'over':
      return OVER
    case 'given-up':
      return GIVEN_UP
    case 'fault':
      return { end: 'refused', message: end.message }
    case 'status':
      return statusEnding(end.status, 'this playlist')
    case 'network':
      return networkEnding(end.error, 'this playlist')
  }
}
