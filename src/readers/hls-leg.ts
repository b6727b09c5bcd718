import { PassThrough } from 'node:stream'
import { AbortScope } from '../connection/abort-scope.ts'
import type { ConnectionError } from '../connection/network-error.ts'
import { pipeArguments, READ_TIMEOUT } from '../ffmpeg/ffprobe-arguments.ts'
import type { PacketReader } from '../ffmpeg/packet-reader.ts'
import type { Program } from '../ffmpeg/program.ts'
import { environmentOf } from '../ffmpeg/route.ts'
import { isStopped, type RunningProgram } from '../ffmpeg/running-program.ts'
import { classifyEnd } from '../ffmpeg/session-end.ts'
import { OVER } from '../ffmpeg/sources.ts'
import { followPlaylist, type PlaylistEnd, type SegmentListener, type WebClient } from '../hls/follow-playlist.ts'
import type { Segment } from '../hls/media-playlist.ts'
import type { Clock } from '../observation/clock.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import type { Packet } from '../stream/packet.ts'
import type { Ending, SourceListener, SourceOptions } from '../stream/packet-source.ts'
import { explainConnectError } from '../stream/reachability.ts'
import type { PeriodClock } from './period-clock.ts'

/** Bytes that a program may be behind before it is given up: it reads no more. */
const MOST_BEHIND = 128 * 1024 * 1024
/** Tracks of a second playlist have numbers from here on; a multiple of three, by which `nextIndex` tells the media apart. */
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

/** A program that reads what was fetched, and the streams that it and one that takes over from it are fed by. */
interface Run {
  readonly period: number
  readonly map: Buffer | null
  readonly feeds: Set<PassThrough>
  running: RunningProgram
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

  constructor(options: LegOptions) {
    this.#options = options
    this.#over = new AbortScope(options.signal)
  }

  get pid(): number | undefined {
    return this.#run?.running.pid
  }

  get isStopped(): boolean {
    return this.pid !== undefined && isStopped(this.pid)
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
      await this.#run?.running.stop()
      this.#run = null
    }
  }

  async segment(segment: Segment, bytes: Buffer, map: Buffer | null): Promise<void> {
    this.#newest = { map, bytes, at: this.#options.clock.monotonic() }
    const run = this.#run
    const isSame = run !== null && run.period === segment.period && (map === null || run.map?.equals(map) === true)
    if (isSame) await this.#feed(run, bytes)
    else {
      await this.#finish()
      if (!this.#over.signal.aborted) await this.#begin(segment, bytes, map)
    }
  }

  async #begin({ period, duration }: Segment, bytes: Buffer, map: Buffer | null): Promise<void> {
    const { reader, program, media, periods, clock, listener, isSecond, isApart } = this.#options
    const feeds = new Set<PassThrough>()
    const indexes = new Map<number, number>()
    const input = (stdin: PassThrough) => {
      feeds.add(stdin)
      stdin.on('error', () => {})
      stdin.once('close', () => feeds.delete(stdin))
      return { ...this.#arguments(duration), stdin, release: () => stdin.destroy() }
    }
    const stdin = new PassThrough()
    const running = await reader.start({
      program,
      ...input(stdin),
      // What takes over begins with the newest segment, which the other has read.
      inputFor: async () => {
        const other = new PassThrough()
        if (this.#newest !== null) other.write(joined(this.#newest))
        return input(other)
      },
      packet: (packet) => {
        if (this.#over.signal.aborted || (isApart && packet.media !== media)) return
        this.#lastPacket = clock.monotonic()
        const index = indexes.get(packet.index) ?? nextIndex(packet, indexes) + (isSecond ? SECOND : 0)
        indexes.set(packet.index, index)
        listener.packet(periods.adjusted({ ...packet, index }, period), this.#lastPacket)
      },
      broken: () => this.#end({ end: 'bad-output', message: `${reader.name} prints something else than packets` }),
    })
    const run: Run = { period, map, feeds, running }
    this.#run = run
    if (this.#over.signal.aborted) return
    this.#watch(run)
    if (map !== null) await this.#feed(run, map)
    await this.#feed(run, bytes)
  }

  /** @param duration of a segment, seconds: it begins with all that tells the tracks, and the next one may be long in coming */
  #arguments(duration: number) {
    const { address, media, thorough, program } = this.#options
    return {
      ...pipeArguments(address, { media, thorough }, Math.max(0.5, 0.8 * duration)),
      env: environmentOf(program),
    }
  }

  /** A program that ends by itself has failed. */
  #watch(run: Run): void {
    const { reader, clock } = this.#options
    const began = clock.monotonic()
    guarded('hls reader', async () => {
      const exit = await run.running.ended
      for (const feed of run.feeds) feed.destroy()
      if (this.#run !== run) return
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

  /** Resolves when the program takes more. */
  async #feed(run: Run, bytes: Buffer): Promise<void> {
    const { signal } = this.#over
    const waits = [...run.feeds].map(async (feed) => {
      if (feed.destroyed || feed.writableLength > MOST_BEHIND) return feed.destroy()
      if (feed.write(bytes)) return
      await new Promise<void>((resolve) => {
        const done = guarded('hls reader', () => {
          feed.off('drain', done).off('close', done)
          signal.removeEventListener('abort', done)
          resolve()
        })
        feed.once('drain', done).once('close', done)
        signal.addEventListener('abort', done, { once: true })
        if (signal.aborted) done()
      })
    })
    await Promise.all(waits)
  }

  /** Lets the program read what it has been given, to its end. */
  async #finish(): Promise<void> {
    const run = this.#run
    if (run === null) return
    this.#run = null
    for (const feed of run.feeds) feed.end()
    const stop = guarded('hls reader', () => run.running.stop())
    if (this.#over.signal.aborted) stop()
    else this.#over.signal.addEventListener('abort', stop, { once: true })
    await run.running.ended
    this.#over.signal.removeEventListener('abort', stop)
  }
}

function joined({ map, bytes }: { map: Buffer | null; bytes: Buffer }): Buffer {
  return map === null ? bytes : Buffer.concat([map, bytes])
}

const FIRST_INDEX = { video: 0, audio: 1, other: 2 } as const

/** The tracks of a medium keep their order, whatever their numbers are in the next period. */
function nextIndex({ media }: Packet, indexes: ReadonlyMap<number, number>): number {
  const taken = [...indexes.values()].filter((index) => index % 3 === FIRST_INDEX[media]).length
  return FIRST_INDEX[media] + 3 * taken
}

function endingOf(end: PlaylistEnd): Ending | 'foreign' {
  switch (end.why) {
    case 'foreign':
      return 'foreign'
    case 'over':
      return OVER
    case 'given-up':
      return { end: 'killed', message: 'given up' }
    case 'fault':
      return { end: 'refused', message: end.message }
    case 'status':
      return statusEnding(end.status)
    case 'network':
      return networkEnding(end.error)
  }
}

function statusEnding(status: number): Ending {
  if (status === 404 || status === 410) {
    return { end: 'not-found', message: `the server does not know this playlist (${status})` }
  }
  if (status === 401 || status === 403) {
    const message = `the server does not let us in: the user, the password or the token is not accepted (${status})`
    return { end: 'refused', message }
  }
  return { end: 'refused', message: `the server answers with an error instead of its playlist (${status})` }
}

function networkEnding(error: ConnectionError): Ending {
  const { end, message } = explainConnectError(error)
  return { end, message: `its playlist cannot be had: ${message}` }
}
