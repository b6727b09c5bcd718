import { setTimeout as sleep } from 'node:timers/promises'
import { READ_TIMEOUT } from '../ffmpeg/ffprobe-arguments.ts'
import type { PacketReader } from '../ffmpeg/packet-reader.ts'
import type { Program } from '../ffmpeg/program.ts'
import { isStopped } from '../ffmpeg/program-source.ts'
import { type PresentSession, readProcess } from '../ffmpeg/read-process.ts'
import { routeTo } from '../ffmpeg/route.ts'
import type { Ending } from '../ffmpeg/session-end.ts'
import { type PlaylistWatch, watchPlaylist } from '../hls/hls-watch.ts'
import { type Clock, systemClock } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import { guarded, internalError } from '../observation/internal-errors.ts'
import type { FailureCode } from '../observation/measurements.ts'
import type { SessionEnd, StreamReadOptions } from '../observation/stream.ts'
import { parseStreamUrl, type StreamAddress } from '../secrets/stream-address.ts'
import { retryDelay, StartBudget, StartPace } from './pace.ts'
import type { Packet } from './packet.ts'
import { connectTcp } from './reachability.ts'

/** Seconds to wait for a TCP connection. */
const CONNECT_TIMEOUT = 5
/** Seconds between looks whether the server of a stalled stream can still be reached. */
const STALLED_CHECK = 4

export interface SessionOptions {
  target: Pick<StreamReadOptions, 'url' | 'media' | 'verifyTls'>
  clock: Clock
  reader: PacketReader
  /** Fills in `${NAME}`. */
  expand(template: string): string
}

export interface SessionListener {
  /** A connection is being opened. */
  begun(address: StreamAddress): void
  /** A playlist says how long its segments are, or that they have another length now. Seconds. */
  targetDuration(seconds: number): void
  packet(packet: Packet): void
  /**
   * The session is over. `duration`: seconds. `isOurs`: it was ended by `restart`. The message may hold secrets.
   */
  ended(ending: Ending, duration: number, isOurs: boolean): void
  /** No session could even be tried. The message may hold secrets. */
  failed(code: FailureCode, message: string): void
}

const UNTRIED = { end: null, restarted: false } as const

/** Each one for all streams of a process. */
const startBudget = new StartBudget()
const startPace = new StartPace(systemClock)

/** Keeps one session with a stream's server: connects, reads, and begins again when it ends, until `stop`. */
export class StreamSession {
  readonly #options: SessionOptions
  readonly #listener: SessionListener
  readonly #stopping = new AbortController()
  #running: Promise<void> | null = null
  /** Aborted when the session that is on is to end; `#given` says why. */
  #ending: AbortController | null = null
  #given: Ending | null = null
  #wait: AbortController | null = null
  #expected = true
  #began = 0
  #lastMedia: number
  #stalledCheck: NodeJS.Timeout | null = null
  #present: PresentSession | null = null
  /** The process that reads now. */
  #pid: () => number | undefined = () => undefined
  /** Whether the last session showed that nothing can be read there, so that it is tried by a mere connection first. */
  #failing = false
  /** Whether a mere connection was accepted, and the reader after it was not. */
  #takesOneReader = false

  constructor(options: SessionOptions, listener: SessionListener) {
    this.#options = options
    this.#listener = listener
    this.#lastMedia = options.clock.monotonic()
  }

  get present(): PresentSession | null {
    return this.#present
  }

  start(): void {
    this.#lastMedia = this.#options.clock.monotonic()
    this.#running ??= this.#run()
  }

  setExpected(expected: boolean): void {
    if (expected === this.#expected) return
    this.#expected = expected
    if (expected) this.#wait?.abort()
  }

  /** Ends the present session for a reason of ours; the next one begins at once. */
  restart(message: string): void {
    this.#end({ end: 'killed', message })
    this.#wait?.abort()
  }

  /** Begins again where the program that reads was stopped, so that it says nothing of the stream. True where it was. */
  restartStopped(): boolean {
    const pid = this.#pid()
    if (pid === undefined || !isStopped(pid)) return false
    this.restart(`somebody stopped ${this.#options.reader.name} (SIGSTOP), and it is started again`)
    return true
  }

  /** While a stream is stalled its server is looked after: one that is cut off leaves the connection open. */
  setStalled(stalled: boolean): void {
    if (stalled === (this.#stalledCheck !== null)) return
    if (this.#stalledCheck) clearInterval(this.#stalledCheck)
    this.#stalledCheck = stalled
      ? setInterval(
          guarded('stream server check', () => this.#checkServer()),
          STALLED_CHECK * 1000,
        )
      : null
  }

  /** Resolves when no process, socket or timer of it is left. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#wait?.abort()
    this.setStalled(false)
    this.#end({ end: 'killed', message: 'the watch ended' })
    await this.#running
  }

  get #stopped(): boolean {
    return this.#stopping.signal.aborted
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    while (!this.#stopped) {
      this.#began = clock.monotonic()
      const { end, restarted } = await this.#once().catch((error: unknown) => this.#failedWithin(error))
      if (this.#stopped) return
      if (restarted) continue
      const now = clock.monotonic()
      await this.#pause(
        retryDelay({
          sinceBegin: now - this.#began,
          missingFor: now - this.#lastMedia,
          expected: this.#expected,
          end,
          random: Math.random(),
        }),
      )
    }
  }

  /** A fault of our own ends a session, never the watch: it is tried again. */
  #failedWithin(error: unknown): typeof UNTRIED {
    internalError('stream session', error)
    this.#ending = null
    this.setStalled(false)
    const message = error instanceof Error ? error.message : String(error)
    if (!this.#stopped) guarded('stream session', () => this.#listener.failed('internal', message))()
    return UNTRIED
  }

  async #pause(seconds: number): Promise<void> {
    const wait = new AbortController()
    this.#wait = wait
    await sleep(seconds * 1000, undefined, { signal: wait.signal }).catch(() => undefined)
    this.#wait = null
  }

  /** One session, from its beginning to its end, if one can be tried. `restarted`: it was ended by `restart`. */
  async #once(): Promise<{ end: SessionEnd | null; restarted: boolean }> {
    const { target, expand, reader, clock } = this.#options
    let address: StreamAddress
    let program: Program
    try {
      address = parseStreamUrl(expand(target.url))
      program = await reader.program()
      requireProtocol(reader, program, address)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      if (!(error instanceof MonitorError)) internalError('stream session', error)
      if (!this.#stopped) this.#listener.failed(error instanceof MonitorError ? error.code : 'internal', message)
      return UNTRIED
    }
    if (this.#stopped) return UNTRIED
    this.#given = null
    this.#ending = new AbortController()
    this.#listener.begun(address)
    const ending = await this.#session(address, program, this.#ending.signal)
    this.#ending = null
    this.setStalled(false)
    const restarted = this.#isGiven(ending) && ending.end === 'killed'
    if (!this.#stopped) this.#listener.ended(ending, clock.monotonic() - this.#began, restarted)
    return { end: ending.end, restarted }
  }

  async #session(address: StreamAddress, program: Program, signal: AbortSignal): Promise<Ending> {
    const wasTried = this.#shouldTryFirst(address)
    if (wasTried) {
      const answer = await connectTcp(address.host, address.port, CONNECT_TIMEOUT, signal)
      if (!answer.reachable) return this.#given ?? { end: answer.end, message: answer.message, beforeStream: true }
    }
    await startPace.turn(signal)
    if (this.#given) return this.#given
    const route = await routeTo(address, program)
    if (!('release' in route)) return this.#given ?? route
    this.#present = { address, program, route }
    let playlist: PlaylistWatch | null = null
    try {
      if (address.hls) playlist = await this.#watchPlaylist(address, signal)
      if (this.#given) return this.#given
      const { ending, media } = await this.#read(this.#present, signal)
      this.#failing = !media && (ending.end === 'refused' || ending.end === 'unreachable')
      this.#takesOneReader = !media && (this.#takesOneReader || (wasTried && ending.end === 'refused'))
      return ending
    } finally {
      this.#present = null
      route.release()
      await playlist?.stop()
    }
  }

  #watchPlaylist({ url }: StreamAddress, signal: AbortSignal): Promise<PlaylistWatch> {
    const listener = {
      targetDuration: (seconds: number) => this.#listener.targetDuration(seconds),
      fault: (message: string) => this.#end({ end: 'refused', message }),
    }
    return watchPlaylist(url, listener, { signal, verifyTls: this.#options.target.verifyTls })
  }

  #shouldTryFirst({ transport }: StreamAddress): boolean {
    if (transport !== 'tcp' || !this.#failing || this.#takesOneReader) return false
    return !startBudget.take(this.#options.clock.monotonic())
  }

  async #read(present: PresentSession, signal: AbortSignal): Promise<{ ending: Ending; media: boolean }> {
    const { clock, target, reader } = this.#options
    const reading = await readProcess(present, {
      ...{ reader, target, clock, signal },
      started: (pid) => {
        this.#pid = pid
      },
      packet: (packet, at) => {
        this.#lastMedia = at
        this.#listener.packet(packet)
      },
      fault: (ending) => this.#end(ending),
    }).finally(() => {
      this.#pid = () => undefined
    })
    return { ending: this.#given ?? reading.ending, media: reading.media }
  }

  #isGiven(ending: Ending): boolean {
    return ending === this.#given
  }

  /** Ends the session that is on, if there is one. The first reason counts. */
  #end(ending: Ending): void {
    if (!this.#ending || this.#given) return
    this.#given = ending
    this.#ending.abort()
  }

  /**
   * Ends a session that has been stalled for long (ffprobe itself waits twice its time-out then), or whose server is cut
   * off. That the server refuses another connection says nothing: it may serve one reader only, and where its process
   * died the connection would have been closed.
   */
  async #checkServer(): Promise<void> {
    if (this.#options.clock.monotonic() - this.#lastMedia >= READ_TIMEOUT) {
      this.#end({ end: 'timeout', message: 'the connection stays open, but nothing comes' })
    }
    const present = this.#present
    if (present?.address.transport !== 'tcp') return
    const { host, port } = present.address
    const answer = await connectTcp(host, port, CONNECT_TIMEOUT, this.#stopping.signal)
    if (answer.reachable || answer.end !== 'unreachable') return
    if (this.#present === present && this.#stalledCheck) this.#end({ end: answer.end, message: answer.message })
  }
}

function requireProtocol({ name }: PacketReader, { path, version, protocols }: Program, address: StreamAddress): void {
  const { protocol } = address
  if (protocol === 'rtsp' || protocols.has(protocol)) return
  const [code, where] =
    name === 'ffprobe'
      ? (['no-ffprobe', 'in the node or in FFPROBE_PATH'] as const)
      : (['no-ffmpeg', 'in FFMPEG_PATH'] as const)
  throw new MonitorError(code, `${path} (${version}) cannot read ${protocol}://. Name an ${name} that can, ${where}.`)
}
