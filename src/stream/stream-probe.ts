import type { FfprobeBinary } from '../ffmpeg/binaries.ts'
import { type FfmpegBinary, findFfmpeg } from '../ffmpeg/binaries.ts'
import { LONGEST_ANALYSIS } from '../ffmpeg/ffprobe-arguments.ts'
import { inspectStream } from '../ffmpeg/inspect.ts'
import { routeTo } from '../ffmpeg/route.ts'
import { type Ending, knownAfter } from '../ffmpeg/session-end.ts'
import type { Clock } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { Limiter } from '../observation/limiter.ts'
import type { AbsenceReason, FailureCode } from '../observation/measurements.ts'
import type { Probe, ProbeListener, Reading } from '../observation/reading.ts'
import type { StreamMeasurements, StreamReadOptions } from '../observation/stream.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import { type ContentChecks, createContentChecks } from './content/content-checks.ts'
import { type FlowTimes, FlowWatch, hlsTimes, LIVE, TARGET_DURATION } from './flow-watch.ts'
import { type Inspection, Inspector } from './inspector.ts'
import { loopWatch } from './loop-watch.ts'
import { PacketMeter } from './meter.ts'
import type { Packet } from './packet.ts'
import { StreamSession } from './session.ts'

export interface StreamProbeContext {
  clock: Clock
  ffprobe(): Promise<FfprobeBinary>
  /** For content checks. Default: FFMPEG_PATH, or the first on PATH. */
  ffmpeg?(): Promise<FfmpegBinary>
  /** `${NAME}` to its secret: the last step before a process starts. MonitorError `missing-variable`. */
  expand(template: string): string
  /** @returns the way to stop listening */
  onSecretChanged(listener: () => void): () => void
  redact(text: string): string
  /** Bounds how many inspections run at once: one per monitor. */
  inspections: Limiter
  /** Carried over when only settings changed. */
  totals?: StreamMeasurements['total']
}

/** Seconds after which a session that shows nothing tells that there is nothing. */
const WARM_UP = LONGEST_ANALYSIS + 3

type Knowledge =
  | { outcome: 'present' }
  | { outcome: 'absent'; reason: AbsenceReason; message?: string; beforeStream?: true }
  | { outcome: 'unknown'; code: FailureCode; message: string }

/** Without TCP it is not known whether a server is there at all. */
const NO_MEDIA = {
  tcp: 'the server accepts the connection, but sends no media: nobody publishes there',
  udp: 'no media comes: no server answers there, or nobody publishes',
} as const

const CONNECTING: Knowledge = {
  outcome: 'unknown',
  code: 'connecting',
  message: 'Connecting: nothing is known of the stream yet.',
}

/** Watches one stream: keeps a session, measures its packets, inspects it, and says what it knows. */
export class StreamProbe implements Probe<StreamMeasurements> {
  readonly #target: StreamReadOptions
  readonly #context: StreamProbeContext
  readonly #meter: PacketMeter
  readonly #content: ContentChecks
  readonly #session: StreamSession
  readonly #flow: FlowWatch
  readonly #inspector: Inspector
  readonly #release: (() => void)[] = []
  #listener: ProbeListener | null = null
  #knowledge: Knowledge = CONNECTING
  /** What of the address is in use, to see whether a changed secret matters. */
  #url: string | null = null
  #warmUp: NodeJS.Timeout | null = null
  /** Whether not even a session could be tried, for want of an ffprobe or a secret. */
  #untried = false
  readonly #shown = { video: false, audio: false }

  constructor(target: StreamReadOptions, context: StreamProbeContext) {
    this.#target = target
    this.#context = context
    const { clock, expand } = context
    const stallAfter = target.stallAfter ?? LIVE.stallAfter
    this.#meter = new PacketMeter({ stallAfter, ...(context.totals ? { totals: context.totals } : {}) })
    this.#content = createContentChecks(target.checks, {
      media: target.media,
      stillPicture: target.stillPicture,
      clock,
      stallAfter,
      ffprobe: context.ffprobe,
      ffmpeg: context.ffmpeg ?? (() => findFfmpeg()),
    })
    const loop = loopWatch(clock)
    this.#flow = new FlowWatch({
      clock,
      stallAfter,
      confirmAfter: LIVE.confirmAfter,
      lateness: () => loop.lateness(),
      changed: (flowing) => this.#flowChanged(flowing),
    })
    this.#session = new StreamSession(
      { target, clock, reader: this.#content.reader, expand },
      {
        begun: (address) => this.#begun(address),
        targetDuration: (seconds) => this.#setTimes(hlsTimes(seconds)),
        packet: (packet) => this.#packet(packet),
        ended: (ending, duration, isOurs) => this.#ended(ending, duration, isOurs),
        failed: (code, message) => {
          this.#untried = true
          this.#know({ outcome: 'unknown', code, message: context.redact(message) })
        },
      },
    )
    this.#inspector = new Inspector({
      limiter: context.inspections,
      inspect: (signal) => this.#inspect(signal),
      wanted: target.media === 'both' ? ['video', 'audio'] : [target.media],
      shows: (medium) => this.#shown[medium],
      found: (parameters) => this.#meter.setParameters(parameters),
      reopen: () => this.#session.restart('the session is opened again to see every track'),
    })
  }

  start(listener: ProbeListener): void {
    if (this.#listener) return
    this.#listener = listener
    this.#release.push(loopWatch(this.#context.clock).use())
    this.#release.push(this.#context.onSecretChanged(() => this.#secretChanged()))
    this.#session.start()
  }

  read(): Reading<StreamMeasurements> {
    const at = this.#context.clock.monotonic()
    const measured = this.#meter.measure(at)
    const knowledge = this.#knowledge
    if (knowledge.outcome === 'present') {
      const late = loopWatch(this.#context.clock).lateness()
      if (late > 0 && !this.#meter.isFlowing(at)) {
        const message = `The monitor itself was late by ${late.toFixed(1)} s, so it does not know whether media came.`
        return { outcome: 'unknown', code: 'loop-late', message, measurements: { ...measured, up: null } }
      }
    }
    const tracks = { video: this.#carries('video', measured.tracks), audio: this.#carries('audio', measured.tracks) }
    const up = { present: true, absent: false, unknown: null }[knowledge.outcome]
    const content = this.#content.measure(at)
    return { ...knowledge, measurements: { ...measured, up, tracks, content } }
  }

  setExpected(expected: boolean): void {
    this.#session.setExpected(expected)
  }

  async stop(): Promise<void> {
    this.#listener = null
    for (const release of this.#release.splice(0)) release()
    this.#forgetWarmUp()
    this.#flow.reset()
    this.#inspector.stop()
    await this.#session.stop()
  }

  /** A medium that the session has never shown may have been overlooked, until it was looked for a second time. */
  #carries(medium: 'video' | 'audio', measured: StreamMeasurements['tracks']): boolean | null {
    if (this.#shown[medium] || this.#inspector.lookedTwice) return measured[medium]
    return measured[medium] || null
  }

  #begun({ hls, transport }: StreamAddress): void {
    this.#setTimes(hls ? hlsTimes(TARGET_DURATION) : LIVE)
    this.#url = this.#expanded()
    this.#shown.video = false
    this.#shown.audio = false
    this.#meter.beginSession(this.#context.clock.monotonic())
    this.#forgetWarmUp()
    if (this.#untried) this.#know(CONNECTING)
    this.#untried = false
    this.#warmUp = setTimeout(
      guarded('stream warm-up', () => {
        if (this.#knowledge.outcome !== 'unknown') return
        this.#know({ outcome: 'absent', reason: 'timeout', message: NO_MEDIA[transport] })
      }),
      WARM_UP * 1000,
    )
  }

  #setTimes(times: FlowTimes): void {
    const stallAfter = this.#target.stallAfter ?? times.stallAfter
    this.#flow.setTimes({ ...times, stallAfter })
    this.#meter.setStallAfter(stallAfter)
    this.#content.setStallAfter(stallAfter)
  }

  #packet(packet: Packet): void {
    const at = this.#context.clock.monotonic()
    const notice = this.#meter.add(packet, at)
    if (packet.media !== 'other') this.#shown[packet.media] = true
    if (notice === 'restart') {
      this.#flow.publisherBegan()
      this.#content.interrupted()
      this.#content.suspect()
      this.#meter.setParameters(null)
      this.#inspector.begin('other')
      this.#listener?.happened({ event: 'restart' })
    } else if (notice === 'header') {
      this.#content.suspect()
      this.#inspector.inspect()
    }
    this.#flow.arrived(packet.media, at)
  }

  #flowChanged(flowing: boolean): void {
    if (!flowing && this.#session.restartStopped()) {
      this.#know(CONNECTING)
      return
    }
    this.#session.setStalled(!flowing)
    if (flowing) {
      this.#forgetWarmUp()
      if (this.#knowledge.outcome !== 'absent' || this.#knowledge.reason !== 'stalled') this.#inspector.begin('same')
      else this.#content.suspect()
      this.#know({ outcome: 'present' })
    } else {
      this.#content.interrupted()
      this.#know({ outcome: 'absent', reason: 'stalled' })
    }
  }

  #ended(ending: Ending, duration: number, isOurs: boolean): void {
    this.#forgetWarmUp()
    this.#flow.reset()
    this.#inspector.stop()
    this.#content.interrupted()
    this.#meter.endSession(ending.end, this.#context.clock.monotonic())
    this.#listener?.happened({ event: 'session', to: ending.end, duration })
    const message = this.#context.redact(ending.message)
    this.#know(isOurs ? CONNECTING : knownAfter({ ...ending, message }))
  }

  #know(knowledge: Knowledge): void {
    const before = this.#knowledge
    this.#knowledge = knowledge
    if (JSON.stringify(before) !== JSON.stringify(knowledge)) this.#listener?.changed()
  }

  async #inspect(signal: AbortSignal): Promise<Inspection> {
    const present = this.#session.present
    if (!present) return 'failed'
    const ffprobe = await this.#context.ffprobe()
    const route = ffprobe === present.program ? present.route : await routeTo(present.address, ffprobe)
    if (!('release' in route)) return 'failed'
    const { media, verifyTls } = this.#target
    const options = { media, verifyTls, resolved: route.resolved, proxied: route.proxied, env: route.env }
    try {
      return await inspectStream(present.address, ffprobe, signal, options)
    } catch (error) {
      const ending = error instanceof MonitorError ? (error.cause as Ending | undefined) : undefined
      return ending?.end === 'refused' ? 'turned-away' : 'failed'
    } finally {
      if (route !== present.route) route.release()
    }
  }

  #secretChanged(): void {
    if (this.#expanded() === this.#url) return
    this.#session.restart('a secret of the address changed')
  }

  #expanded(): string | null {
    try {
      return this.#context.expand(this.#target.url)
    } catch {
      return null
    }
  }

  #forgetWarmUp(): void {
    if (this.#warmUp) clearTimeout(this.#warmUp)
    this.#warmUp = null
  }
}
