import { isIP } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import type { StreamTarget } from '../targets/target.ts'
import { parseStreamUrl, type StreamAddress } from './address.ts'
import { inputArguments, LONGEST_ANALYSIS, READ_TIMEOUT, SESSION_ARGUMENTS } from './ffprobe-arguments.ts'
import type { FfprobeBinary } from './ffprobe-binary.ts'
import { type FfprobeSource, startFfprobe } from './ffprobe-source.ts'
import type { Packet } from './packet.ts'
import { PacketLineParser } from './packet-line.ts'
import { connectTcp } from './reachability.ts'
import { retryDelay } from './retry.ts'
import { classifyEnd, type Ending } from './session-end.ts'

/** Seconds to wait for a TCP connection. */
const CONNECT_TIMEOUT = 5
/** Seconds between looks whether the server of a stalled stream is still there. */
const STALLED_CHECK = 4
/** Seconds from the start of ffprobe to its first packet: the analysis, after the longest silence that it puts up with. */
const START_TIMEOUT = LONGEST_ANALYSIS + READ_TIMEOUT + 5

export interface SessionOptions {
  target: Pick<StreamTarget, 'url' | 'media' | 'verifyTls'>
  clock: Clock
  ffprobe(): Promise<FfprobeBinary>
  /** Fills in `${NAME}`. */
  expand(template: string): string
}

export interface SessionListener {
  /** A connection is being opened. */
  begun(): void
  packet(packet: Packet): void
  /** The session is over. `duration`: seconds. The message may hold secrets. */
  ended(ending: Ending, duration: number): void
  /** No session could even be tried. The message may hold secrets. */
  failed(code: string, message: string): void
}

/** Keeps one session with a stream's server: connects, reads, and begins again when it ends, until `stop`. */
export class StreamSession {
  readonly #options: SessionOptions
  readonly #listener: SessionListener
  readonly #stopping = new AbortController()
  #running: Promise<void> | null = null
  #source: FfprobeSource | null = null
  #given: Ending | null = null
  #connecting: AbortController | null = null
  #wait: AbortController | null = null
  #expected = true
  #began = 0
  #lastMedia: number
  #stalledCheck: NodeJS.Timeout | null = null
  /** The address and the ffprobe of the present session, for an inspection beside it. */
  #present: { address: StreamAddress; binary: FfprobeBinary; resolved: string | null } | null = null

  constructor(options: SessionOptions, listener: SessionListener) {
    this.#options = options
    this.#listener = listener
    this.#lastMedia = options.clock.monotonic()
  }

  get present(): { address: StreamAddress; binary: FfprobeBinary; resolved: string | null } | null {
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
  restart(ending: Ending): void {
    this.#end(ending)
    this.#wait?.abort()
  }

  /** While a stream is stalled its server is looked after, because a dead one may leave the connection open. */
  setStalled(stalled: boolean): void {
    if (stalled === (this.#stalledCheck !== null)) return
    if (this.#stalledCheck) clearInterval(this.#stalledCheck)
    this.#stalledCheck = stalled ? setInterval(() => this.#checkServer(), STALLED_CHECK * 1000) : null
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
    while (!this.#stopped) {
      this.#began = this.#options.clock.monotonic()
      await this.#once()
      if (this.#stopped) return
      const now = this.#options.clock.monotonic()
      const restarted = this.#given !== null && this.#given.end === 'killed'
      this.#given = null
      if (restarted) continue
      await this.#pause(
        retryDelay({
          sinceBegin: now - this.#began,
          missingFor: now - this.#lastMedia,
          expected: this.#expected,
          random: Math.random(),
        }),
      )
    }
  }

  async #pause(seconds: number): Promise<void> {
    const wait = new AbortController()
    this.#wait = wait
    await sleep(seconds * 1000, undefined, { signal: wait.signal }).catch(() => undefined)
    this.#wait = null
  }

  async #once(): Promise<void> {
    let address: StreamAddress
    let binary: FfprobeBinary
    try {
      address = parseStreamUrl(this.#options.expand(this.#options.target.url))
      binary = await this.#options.ffprobe()
      requireProtocol(binary, address)
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      if (!this.#stopped) this.#listener.failed(error instanceof MonitorError ? error.code : 'internal', message)
      return
    }
    if (this.#stopped) return
    this.#listener.begun()
    const ending = this.#given ?? (await this.#connect(address, binary))
    this.#present = null
    this.setStalled(false)
    if (!this.#stopped) this.#listener.ended(ending, this.#options.clock.monotonic() - this.#began)
  }

  async #connect(address: StreamAddress, binary: FfprobeBinary): Promise<Ending> {
    let resolved: string | null = null
    if (address.transport === 'tcp') {
      this.#connecting = new AbortController()
      const answer = await connectTcp(address.host, address.port, CONNECT_TIMEOUT, this.#connecting.signal)
      this.#connecting = null
      if (!answer.reachable) return this.#given ?? { end: answer.end, message: answer.message }
      if (!binary.resolvesNames && isIP(address.host) === 0) resolved = answer.address
    }
    this.#present = { address, binary, resolved }
    return this.#read(address, binary, resolved)
  }

  async #read(address: StreamAddress, binary: FfprobeBinary, resolved: string | null): Promise<Ending> {
    const { clock, target } = this.#options
    const started = clock.monotonic()
    let last: number | null = null
    const watchdog = setTimeout(() => {
      this.#end({ end: 'timeout', message: `no media could be read within ${START_TIMEOUT} s` })
    }, START_TIMEOUT * 1000)
    const parser = new PacketLineParser((packet) => {
      last = clock.monotonic()
      this.#lastMedia = last
      this.#listener.packet(packet)
    })
    const { args, url } = inputArguments(address, { ...target, resolved })
    const source = startFfprobe(binary.path, [...SESSION_ARGUMENTS, ...args, url], (chunk) => {
      parser.push(chunk)
      if (last !== null) clearTimeout(watchdog)
      if (parser.isBroken) this.#end({ end: 'bad-output', message: 'ffprobe prints something else than packets' })
    })
    this.#source = source
    const exit = await source.ended
    clearTimeout(watchdog)
    this.#source = null
    if (this.#given) return this.#given
    const silence = clock.monotonic() - (last ?? started)
    return classifyEnd({ exit, media: last !== null, silence, readTimeout: READ_TIMEOUT })
  }

  /** Ends what runs now. The first reason counts. */
  #end(ending: Ending): void {
    if (!this.#source && !this.#connecting) return
    this.#given ??= ending
    this.#connecting?.abort()
    void this.#source?.stop()
  }

  #checkServer(): void {
    const present = this.#present
    if (present?.address.transport !== 'tcp') return
    const { host, port } = present.address
    void connectTcp(host, port, CONNECT_TIMEOUT, this.#stopping.signal).then((answer) => {
      if (!answer.reachable && !this.#stopped && this.#present === present && this.#stalledCheck) {
        this.#end({ end: answer.end, message: answer.message })
      }
    })
  }
}

function requireProtocol({ path, version, protocols }: FfprobeBinary, { protocol }: StreamAddress): void {
  if (protocol === 'rtsp' || protocols.has(protocol)) return
  throw new MonitorError(
    'no-ffprobe',
    `${path} (${version}) cannot read ${protocol}://. Name an ffprobe that can, in the node or in FFPROBE_PATH.`,
  )
}
