import { guarded } from '../observation/internal-errors.ts'
import type { Limiter } from '../observation/limiter.ts'
import type { KeyFrameAnswer } from '../observation/picture.ts'
import type { Probe, ProbeContext, ProbeListener, Reading } from '../observation/reading.ts'
import type { StreamMeasurements, StreamReadOptions } from '../observation/stream.ts'
import type { StreamAddress } from '../secrets/stream-address.ts'
import { ContentMeter } from './content/meter.ts'
import { Suspicion } from './content/suspicion.ts'
import { type FlowTimes, FlowWatch, hlsTimes, LIVE, TARGET_DURATION } from './flow-watch.ts'
import { Inspector } from './inspector.ts'
import { type Absence, loopWatch } from './loop-watch.ts'
import { PacketMeter } from './meter.ts'
import type { Packet } from './packet.ts'
import {
  type Ending,
  isOfAbsence,
  type Knowledge,
  knownAfter,
  lostByAbsence,
  NO_MEDIA_YET,
  type PacketSource,
  type PacketSources,
} from './packet-source.ts'
import { StreamSession } from './session.ts'

export interface StreamProbeContext extends ProbeContext<StreamMeasurements> {
  /** What reads streams. */
  sources: PacketSources
  /** @returns the way to stop listening */
  onSecretChanged(listener: () => void): () => void
  /** Bounds how many inspections run at once: one per monitor. */
  inspections: Limiter
  /** For whoever sleeps: something is to be looked at then. Monotonic seconds. */
  wakeBy?(at: number): void
}

/** What is known before anything is. */
export const CONNECTING = {
  outcome: 'unknown',
  code: 'connecting',
  message: 'Connecting: nothing is known of the stream yet.',
} as const satisfies Knowledge

const STOOD_STILL = 'the monitor itself stood still, and nothing has come since'
const OTHERS_GO_ON = 'its tracks have ended while others go on: it is opened again to see which there are'

/** Watches one stream: keeps a session, measures its packets, inspects it, and says what it knows. */
export class StreamProbe implements Probe<StreamMeasurements> {
  readonly #target: StreamReadOptions
  readonly #context: StreamProbeContext
  readonly #meter: PacketMeter
  readonly #content: ContentMeter | null
  /** Of the content, by the packets, where it is not looked at all the time. */
  readonly #suspicion: Suspicion | null
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
  /** When the newest packet arrived; monotonic seconds. */
  #lastPacket = Number.NEGATIVE_INFINITY
  readonly #wanted: readonly ('video' | 'audio')[]
  /** Whether the next session looks for tracks for longer: one has overlooked what another then showed. */
  #thorough = false

  constructor(target: StreamReadOptions, context: StreamProbeContext) {
    this.#target = target
    this.#context = context
    const { clock, expand, sources } = context
    const stallAfter = target.stallAfter ?? LIVE.stallAfter
    this.#meter = new PacketMeter({ stallAfter, ...(context.before && { totals: context.before.total }) })
    const { media, verifyTls, checks, stillPicture, reader, variant = null } = target
    this.#wanted = media === 'both' ? ['video', 'audio'] : [media]
    const pictures = checks === 'full' ? 'all' : 'keyframes'
    const content = checks === 'packets' ? null : new ContentMeter({ pictures, stallAfter })
    this.#content = content
    this.#suspicion = checks === 'auto' ? new Suspicion() : null
    const loop = loopWatch(clock)
    this.#flow = new FlowWatch({
      ...{ clock, stallAfter, confirmAfter: LIVE.confirmAfter },
      lateness: () => loop.lateness(),
      patience: (at) => this.#meter.patience(at),
      wakeBy: (at) => context.wakeBy?.(at),
      resumed: () => loop.absence()?.until ?? Number.NEGATIVE_INFINITY,
      changed: (flowing) => this.#flowChanged(flowing),
    })
    this.#session = new StreamSession(
      {
        ...{ url: target.url, clock, expand },
        choose: (address) =>
          sources.choose(address, {
            ...{ media, verifyTls, checks, stillPicture, reader, variant, content, clock },
            thorough: this.#thorough,
          }),
      },
      {
        begun: (address, source) => this.#begun(address, source),
        playRequest: (at) => this.#flow.playRequest(at),
        targetDuration: (seconds) => this.#setTimes(hlsTimes(seconds)),
        packet: (packet, at) => this.#packet(packet, at),
        ended: (ending, duration, isOurs) => this.#ended(ending, duration, isOurs),
        failed: (code, message) => {
          this.#untried = true
          this.#know({ outcome: 'unknown', code, message: context.redact(message) })
        },
      },
    )
    this.#inspector = new Inspector({
      limiter: context.inspections,
      inspect: async (signal) => (await this.#session.source?.inspect(signal)) ?? 'failed',
      wanted: this.#wanted,
      shows: (medium) => this.#shown[medium],
      found: (parameters) => this.#meter.setParameters(parameters),
      reopen: () => {
        this.#thorough = true
        this.#session.restart('the session is opened again to see every track')
      },
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
      const late = Math.max(loopWatch(this.#context.clock).lateness(), this.#aftermath()?.seconds ?? 0)
      if (late > 0 && !this.#meter.isFlowing(at)) {
        const message = `The monitor itself was late by ${late.toFixed(1)} s, so it does not know whether media came.`
        return { outcome: 'unknown', code: 'loop-late', message, measurements: { ...measured, up: null } }
      }
    }
    const tracks = { video: this.#carries('video', measured.tracks), audio: this.#carries('audio', measured.tracks) }
    const up = { present: true, absent: false, unknown: null }[knowledge.outcome]
    const content = this.#content?.measure(at) ?? null
    return { ...knowledge, measurements: { ...measured, up, tracks, content } }
  }

  setExpected(expected: boolean): void {
    this.#session.setExpected(expected)
  }

  keyFrame(signal: AbortSignal): Promise<KeyFrameAnswer> {
    return this.#session.keyFrame(signal)
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
    const isCertain = (this.#shown[medium] || this.#inspector.lookedTwice) && this.#aftermath() === null
    return isCertain ? measured[medium] : measured[medium] || null
  }

  #begun({ hls, transport }: StreamAddress, { showsWithin }: PacketSource): void {
    this.#setTimes(hls ? hlsTimes(TARGET_DURATION) : LIVE)
    this.#url = this.#expanded()
    Object.assign(this.#shown, { video: false, audio: false })
    this.#suspicion?.reset()
    this.#meter.beginSession(this.#context.clock.monotonic())
    this.#forgetWarmUp()
    if (this.#untried) this.#know(CONNECTING)
    this.#untried = false
    this.#warmUpFor(showsWithin, transport)
  }

  /** A stream that has shown nothing for so many seconds has no media, unless it was we who were away. */
  #warmUpFor(seconds: number, transport: StreamAddress['transport']): void {
    const { clock } = this.#context
    const began = clock.monotonic()
    this.#warmUp = setTimeout(
      guarded('stream warm-up', () => {
        if ((loopWatch(clock).absence()?.until ?? began) > began) return this.#warmUpFor(seconds, transport)
        const message = this.#session.source?.silence?.() ?? NO_MEDIA_YET[transport]
        if (this.#knowledge.outcome === 'unknown') this.#know({ outcome: 'absent', reason: 'timeout', message })
        this.#session.waitsLong()
      }),
      seconds * 1000,
    )
  }

  #setTimes(times: FlowTimes): void {
    const stallAfter = this.#target.stallAfter ?? times.stallAfter
    this.#flow.setTimes({ ...times, stallAfter })
    this.#meter.setStallAfter(stallAfter)
    this.#content?.setStallAfter(stallAfter)
  }

  #packet(packet: Packet, at: number): void {
    if (this.#suspicion?.add(packet)) this.#session.source?.suspect()
    this.#lastPacket = at
    const notice = this.#meter.add(packet, at)
    if (packet.media !== 'other' && !this.#shown[packet.media]) this.#inspector.showsNow(packet.media)
    if (packet.media !== 'other') this.#shown[packet.media] = true
    if (notice === 'restart') {
      this.#flow.publisherBegan()
      this.#interrupted()
      this.#session.source?.suspect()
      this.#meter.setParameters(null)
      this.#inspector.begin('other')
      this.#listener?.happened({ event: 'restart' })
    } else if (notice === 'header') {
      this.#session.source?.suspect()
      this.#inspector.inspect()
    }
    if (this.#meter.measures(packet)) this.#flow.arrived(packet.media, at)
  }

  #flowChanged(flowing: boolean): void {
    const gone = this.#meter.othersGoOn(this.#context.clock.monotonic()) ? OTHERS_GO_ON : null
    if (!flowing && this.#session.restartFaulty(this.#aftermath() === null ? gone : STOOD_STILL)) {
      this.#know(CONNECTING)
      return
    }
    this.#session.setStalled(!flowing)
    if (flowing) {
      this.#forgetWarmUp()
      if (this.#knowledge.outcome !== 'absent' || this.#knowledge.reason !== 'stalled') this.#inspector.begin('same')
      else this.#session.source?.suspect()
      this.#know({ outcome: 'present' })
    } else {
      this.#interrupted()
      this.#know({ outcome: 'absent', reason: 'stalled' })
    }
  }

  #ended(ending: Ending, duration: number, isOurs: boolean): void {
    this.#forgetWarmUp()
    this.#flow.reset()
    this.#inspector.stop()
    this.#interrupted()
    const absence = this.#aftermath()
    const isTold = absence === null || !isOfAbsence(ending.end)
    this.#meter.endSession(isTold ? ending.end : 'killed', this.#context.clock.monotonic(), ending.publisherEnded)
    this.#listener?.happened({ event: 'session', to: ending.end, duration })
    const lacks = this.#wanted.filter((medium) => !this.#shown[medium])
    // It was of no use, or what lacked never comes.
    if (!isOurs && lacks.length > 0 && lacks.length < this.#wanted.length) this.#thorough = false
    const message = this.#context.redact(ending.message)
    if (!isTold) this.#know({ ...CONNECTING, message: lostByAbsence(absence.seconds) })
    else this.#know(isOurs ? CONNECTING : knownAfter({ ...ending, message }))
  }

  /** The absence of this process by which the connection may have ended that ends now. */
  #aftermath(): Absence | null {
    return loopWatch(this.#context.clock).aftermath(this.#lastPacket)
  }

  #know(knowledge: Knowledge): void {
    const before = this.#knowledge
    this.#knowledge = knowledge
    if (JSON.stringify(before) !== JSON.stringify(knowledge)) this.#listener?.changed()
  }

  /** Nothing is known of the content any more: media stalled, another publisher began, or the session is over. */
  #interrupted(): void {
    this.#content?.cut()
    this.#suspicion?.reset()
  }

  #secretChanged(): void {
    if (this.#expanded() !== this.#url) this.#session.restart('a secret of the address changed')
  }

  #expanded(): string | null {
    try {
      return this.#context.expand(this.#target.url)
    } catch {
      return null
    }
  }

  #forgetWarmUp(): void {
    clearTimeout(this.#warmUp ?? undefined)
    this.#warmUp = null
  }
}
