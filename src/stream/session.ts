import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import { guarded, internalError } from '../observation/internal-errors.ts'
import type { FailureCode } from '../observation/observation.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { SessionEnd } from '../observation/stream.ts'
import { parseStreamUrl, type StreamAddress } from '../secrets/stream-address.ts'
import { FailuresAlike, retryDelay } from './pace.ts'
import type { Ending, PacketSource, SourceListener } from './packet-source.ts'
import { CONNECT_TIMEOUT, connectTcp } from './reachability.ts'
import { SessionStart } from './session-start.ts'

/** Seconds between looks whether the server of a stalled stream can still be reached. */
const STALLED_CHECK = 4
/** Seconds between them where media has yet to come, as it may never. */
const WAITING_CHECK = 20
/** Seconds without media after which a session that has had some, and stands open, is given up. */
const LONGEST_SILENCE = 20

export interface SessionOptions {
  /** May hold `${NAME}`. */
  url: string
  clock: Clock
  /** Fills in `${NAME}`. MonitorError `missing-variable`. */
  expand(template: string): string
  /** What reads an address. MonitorError: nothing can. */
  choose(address: StreamAddress): Promise<PacketSource>
}

export interface SessionListener extends SourceListener {
  /** A connection is being opened. */
  begun(address: StreamAddress, source: PacketSource): void
  /**
   * The session is over. `duration`: seconds. `isOurs`: it was ended by `restart`, or by its source. The message may hold secrets.
   */
  ended(ending: Ending, duration: number, isOurs: boolean): void
  /** No session could even be tried. The message may hold secrets. */
  failed(code: FailureCode, message: string): void
}

/** The session that is on. */
interface Current {
  readonly address: StreamAddress
  readonly source: PacketSource
  /** Aborted when it is to end; `given` says why. */
  readonly stopping: AbortController
  given: Ending | null
  hadMedia: boolean
}

const NOT_ON_AIR = 'The stream is not on the air, so there is no picture of it. Start it on the encoder, and ask again.'
const NO_PICTURES =
  'What reads this stream gives no picture of it. With "reader": "auto" in the target there is one of RTMP, of HLS, and of FLV and MPEG-TS over HTTP.'

const UNTRIED = { end: null, isRecording: false, restarted: false } as const

/** Keeps one session with a stream's server: connects, reads, and begins again when it ends, until `stop`. */
export class StreamSession {
  readonly #options: SessionOptions
  readonly #listener: SessionListener
  readonly #start: SessionStart
  readonly #stopping = new AbortController()
  #running: Promise<void> | null = null
  readonly #failures = new FailuresAlike()
  #current: Current | null = null
  #wait: AbortController | null = null
  #expected = true
  #began = 0
  #lastMedia: number
  #serverCheck: NodeJS.Timeout | null = null

  constructor(options: SessionOptions, listener: SessionListener) {
    this.#options = options
    this.#listener = listener
    this.#start = new SessionStart(options.clock)
    this.#lastMedia = options.clock.monotonic()
  }

  /** What reads now. */
  get source(): PacketSource | null {
    return this.#current?.source ?? null
  }

  /** Never rejects for what is wrong with the stream: that is the answer. */
  async keyFrame(signal: AbortSignal): Promise<KeyFrameAnswer> {
    const source = this.source
    if (source === null || !this.#current?.hadMedia) return { code: 'no-picture', message: NOT_ON_AIR }
    return (await source.keyFrame?.(signal)) ?? { code: 'unsupported', message: NO_PICTURES }
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

  /**
   * Begins again where nothing comes through a fault of the source, or for another reason that says nothing of the stream.
   * True if so.
   */
  restartFaulty(other: string | null = null): boolean {
    const fault = this.source?.ownFault() ?? other
    if (fault === null) return false
    this.restart(fault)
    return true
  }

  /** While a stream is stalled its server is looked after: one that is cut off leaves the connection open. */
  setStalled(stalled: boolean): void {
    this.#lookAfterServer(stalled ? STALLED_CHECK : null)
  }

  /** Media is long in coming. The session waits on, and its server is looked after from now on. */
  waitsLong(): void {
    this.#lookAfterServer(WAITING_CHECK)
    guarded('stream server check', () => this.#checkServer())()
  }

  /** @param every seconds */
  #lookAfterServer(every: number | null): void {
    if (this.#serverCheck) clearInterval(this.#serverCheck)
    const check = guarded('stream server check', () => this.#checkServer())
    this.#serverCheck = every === null ? null : setInterval(check, every * 1000)
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
      const { end, isRecording, restarted } = await this.#once().catch((error: unknown) => this.#failed(error))
      if (this.#stopped) return
      if (restarted) continue
      const now = clock.monotonic()
      const sinceBegin = now - this.#began
      const missingFor = now - this.#lastMedia
      const expected = this.#expected
      const least = this.#failures.period
      await this.#pause(
        retryDelay({ sinceBegin, missingFor, expected, end, isRecording, least, random: Math.random() }),
      )
    }
  }

  async #pause(seconds: number): Promise<void> {
    const wait = new AbortController()
    this.#wait = wait
    await sleep(seconds * 1000, undefined, { signal: wait.signal }).catch(() => undefined)
    this.#wait = null
  }

  /** None could be tried. A fault of our own ends a session, never the watch: it is tried again. */
  #failed(error: unknown): typeof UNTRIED {
    const isOurs = !(error instanceof MonitorError)
    if (isOurs) internalError('stream session', error)
    this.#current = null
    this.setStalled(false)
    const message = error instanceof Error ? error.message : String(error)
    const code = isOurs ? 'internal' : error.code
    if (!this.#stopped) guarded('stream session', () => this.#listener.failed(code, message))()
    return UNTRIED
  }

  /** One session, from its beginning to its end, if one can be tried. `restarted`: by us, to begin again. */
  async #once(): Promise<{ end: SessionEnd | null; isRecording: boolean; restarted: boolean }> {
    const { url, expand, choose, clock } = this.#options
    const address = parseStreamUrl(expand(url))
    const source = await choose(address)
    if (this.#stopped) return UNTRIED
    const current: Current = { address, source, stopping: new AbortController(), given: null, hadMedia: false }
    this.#current = current
    this.#listener.begun(address, source)
    const ending = await this.#read(current)
    this.#current = null
    this.setStalled(false)
    const restarted = ending.again === true || (ending === current.given && ending.end === 'killed')
    const duration = clock.monotonic() - this.#began
    this.#failures.ended(ending.end, duration)
    const message = ending.message + this.#failures.words
    if (!this.#stopped) this.#listener.ended({ ...ending, message }, duration, restarted)
    return { end: ending.end, isRecording: ending.isRecording === true, restarted }
  }

  async #read(current: Current): Promise<Ending> {
    const { address, source, stopping } = current
    const vain = await this.#start.turn(address, source, stopping.signal)
    const before = current.given ?? vain
    if (before !== null) return before
    const listener: SourceListener = {
      playRequest: (at) => this.#listener.playRequest?.(at),
      targetDuration: (seconds) => this.#listener.targetDuration(seconds),
      packet: (packet, at) => {
        current.hadMedia = true
        this.#lastMedia = at
        this.#listener.packet(packet, at)
      },
    }
    const own = await source.open(address, listener, stopping.signal)
    const ending = current.given ?? own
    this.#start.ended(ending, current.hadMedia)
    return ending
  }

  /** Ends the session that is on, if there is one. The first reason counts. */
  #end(ending: Ending): void {
    if (!this.#current || this.#current.given) return
    this.#current.given = ending
    this.#current.stopping.abort()
  }

  /**
   * Ends a session that has been stalled for long (a reader may wait for longer), or whose server is cut off. That the
   * server refuses another connection says nothing: it may serve one reader only, and where its process died the
   * connection would have been closed.
   */
  async #checkServer(): Promise<void> {
    const current = this.#current
    if (current?.hadMedia && this.#options.clock.monotonic() - this.#lastMedia >= LONGEST_SILENCE) {
      this.#end({ end: 'timeout', message: 'the connection stays open, but nothing comes' })
    }
    if (current?.address.transport !== 'tcp') return
    const { host, port } = current.address
    const answer = await connectTcp(host, port, CONNECT_TIMEOUT, this.#stopping.signal)
    if (answer.reachable || answer.end !== 'unreachable') return
    if (this.#current === current && this.#serverCheck) this.#end({ end: answer.end, message: answer.message })
  }
}
