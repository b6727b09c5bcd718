import type { SessionEnd, StreamMeasurements, StreamParameters } from '../observation/stream.ts'
import { withOpenGop } from './meter/gop.ts'
import { ANOTHER_BROADCAST, ParameterHistory } from './meter/parameter-changes.ts'
import { Publisher } from './meter/publisher.ts'
import { allRates, equalRates, isUntimed, STALLED, UNKNOWN, untimed, withoutFields } from './meter/rates.ts'
import type { Track } from './meter/track.ts'
import type { Packet } from './packet.ts'

/** How a session ends when the stream is not there. The other ends are the probe's own, and say nothing of the stream. */
const ABSENCES: ReadonlySet<SessionEnd> = new Set(['refused', 'unreachable', 'not-found', 'timeout', 'ended'])
/** Connect times that are kept until the next `measure`. */
const MOST_CONNECTS = 100
/**
 * Seconds without a packet after which a track is gone, while the other goes on. AAC has one each 21 ms also in silence;
 * video of one frame in some seconds, as of slides, must not count.
 */
const TRACK_GONE = 10
/** Seconds since the newest packet of a further track. */
const OTHERS_GO_ON = 1
/** Seconds. No clock of a container goes further. */
const LATEST = 1e10

/** What a packet shows besides itself. */
export type Notice =
  /** Another publisher has taken over: baselines are reset, and its parameters are not known. */
  | 'restart'
  /** The codec's parameters came again without an interruption, and may have changed: at most once a minute. */
  | 'header'

interface Session {
  startedAt: number
  /** Seconds from its start to its first packet. */
  connectSeconds: number | null
}

/**
 * Measures one stream from its packets, across sessions. Encoder measurements (bitrate, frame rate, key frame interval)
 * are taken in DTS time, flow measurements (stall, real-time ratio, drift) in the monotonic time of arrival.
 *
 * Where a stream has several tracks of a medium, the first is measured, and all of them count in the totals.
 * Every `at` is in monotonic seconds. No packet makes it throw, and its memory is bounded (below 100 kB).
 */
export class PacketMeter {
  #stallAfter: number
  readonly #total: StreamMeasurements['total']
  readonly #parameters = new ParameterHistory()
  #session: Session | null = null
  #publisher: Publisher | null = null
  /** What the last session's end says of the stream: false when it was not there, null when nothing is known. */
  #left: false | null = null
  /** When media of a former publisher last arrived. */
  #lastMedia: number | null = null
  /** Whether the former publisher is known to have ended, and not only our session with it. */
  #hasEnded = false
  /** Whether the last publisher that could be told had only audio: then audio is enough at once. */
  #audioOnly = false
  #newest = 0
  /** When a packet arrived of a further track of the medium that leads. */
  #otherAt = Number.NEGATIVE_INFINITY
  #newConnects: number[] = []

  /**
   * @param options.stallAfter seconds without media after which the stream is stalled
   * @param options.totals where the counters go on from
   */
  constructor(options: { stallAfter: number; totals?: StreamMeasurements['total'] }) {
    this.#stallAfter = options.stallAfter
    this.#total = copyTotals(options.totals)
  }

  /** Another stall time, from the next publisher on. Seconds. */
  setStallAfter(seconds: number): void {
    this.#stallAfter = seconds
  }

  /** A connection is being opened. */
  beginSession(at: number): void {
    this.#leavePublisher()
    this.#session = { startedAt: this.#clock(at), connectSeconds: null }
  }

  /** Takes a packet of the present session; without one it is passed over. */
  add(packet: Packet, at: number): Notice | null {
    const { media } = packet
    if (this.#session === null || media === 'other') return null
    const now = this.#clock(at)
    this.#connected(this.#session, now)
    const counts = this.#total[media]
    counts.packets++
    if (packet.size > 0 && packet.size < LATEST) counts.bytes += packet.size
    const notice = this.#show(packet, media, now)
    if (!this.measures(packet)) this.#otherAt = media === this.#leads ? now : this.#otherAt
    else if (media === 'video' && packet.keyframe) this.#total.keyframes++
    return notice
  }

  /** Whether a packet that was taken is of a track that is measured: the first of its medium. */
  measures({ media, index }: Packet): boolean {
    return media !== 'other' && this.#publisher?.[media]?.index === index
  }

  /** Whether another track goes on where the one that leads has stalled, as of another programme. */
  othersGoOn(at: number): boolean {
    return !this.isFlowing(at) && at - this.#otherAt <= OTHERS_GO_ON
  }

  /**
   * The session is over; without one the call is passed over.
   *
   * @param publisherEnded whether its publisher is known to have ended: the next one within a minute restarted
   */
  endSession(end: SessionEnd, at: number, publisherEnded = false): void {
    if (this.#session === null) return
    this.#hasEnded ||= publisherEnded && this.#publisher !== null
    this.#clock(at)
    this.#leavePublisher()
    this.#session = null
    this.#total.sessions[end]++
    this.#left = ABSENCES.has(end) ? false : null
  }

  /** What an inspection read; null when it is not known any more. */
  setParameters(parameters: StreamParameters | null): void {
    this.#parameters.set(parameters)
  }

  /** Whether media arrived within `stallAfter`: video, or audio where there is only audio. */
  isFlowing(at: number): boolean {
    return this.#publisher?.leading?.isFlowing(at, this.#stallAfter) === true
  }

  /** Seconds for which what leads the present publisher may be silent: the stall time, or longer by its own rhythm. */
  patience(at: number): number {
    const leading = this.#publisher?.leading ?? null
    return leading === this.#publisher?.video
      ? Math.max(this.#stallAfter, leading?.patience(at) ?? 0)
      : this.#stallAfter
  }

  /** What is known at this moment. A pure read, but for `newConnectSeconds`, which it hands over once. */
  measure(time: number): StreamMeasurements {
    const at = Math.max(time, this.#newest)
    const publisher = this.#publisher
    const up = this.#up(at)
    const flowing = this.isFlowing(at) ? publisher : null
    const newConnectSeconds = this.#newConnects
    this.#newConnects = []
    const made = isUntimed(this.#parameters.current)
    const rates = publisher === null ? null : allRates(publisher, at, this.#stallAfter)
    return {
      up,
      total: copyTotals(this.#total),
      ...(rates === null
        ? equalRates(up === false ? STALLED : UNKNOWN)
        : made
          ? untimed(rates)
          : withoutFields(rates, this.#parameters.current)),
      keyframeInterval: made ? null : (flowing?.video?.keyframeInterval ?? null),
      keyframeIntervalRange: made ? null : (flowing?.video?.keyframes.range() ?? null),
      drift: made ? null : (flowing?.flow?.drift(at) ?? null),
      driftDeviation: made ? null : (flowing?.flow?.driftDeviation(at) ?? null),
      trackTimestampSkew: publisher?.trackTimestampSkew(at) ?? null,
      variableFrameRate: made ? null : (flowing?.video?.variableRate.isVariable ?? null),
      clockStandsFor: made ? null : (flowing?.leading?.standsFor ?? null),
      lastPacketAge: this.#lastPacketAge(at),
      tracks: { video: this.#carries('video', at), audio: this.#carries('audio', at) },
      configured: { video: this.#isConfigured('video', at), audio: this.#isConfigured('audio', at) },
      connectSeconds: this.#session?.connectSeconds ?? null,
      newConnectSeconds,
      warmingUp: publisher?.flow?.warmingUp !== false,
      parameters: withOpenGop(this.#parameters.current, publisher?.video?.openGop.value ?? null),
      parameterChanges: this.#parameters.changes(),
      content: null,
    }
  }

  get #leads(): 'video' | 'audio' {
    return this.#publisher?.video == null ? 'audio' : 'video'
  }

  #up(at: number): boolean | null {
    const publisher = this.#publisher
    if (publisher === null) return this.#left
    if (publisher.leading === null) return null
    if (!this.isFlowing(at)) return false
    return publisher.video !== null || publisher.tracksKnown || this.#audioOnly ? true : null
  }

  /** Whether the publisher carries a medium; null while it has not run long enough to say. */
  #carries(media: 'video' | 'audio', at: number): boolean | null {
    const publisher = this.#publisher
    const track = publisher?.[media]
    if (publisher == null) return null
    if (track == null) return publisher.tracksKnown ? false : null
    return track.isFlowing(at, Math.max(TRACK_GONE, this.#stallAfter)) || !this.isFlowing(at)
  }

  #isConfigured(media: 'video' | 'audio', at: number): boolean | null {
    const track = this.#publisher?.[media]
    return track?.isFlowing(at, this.#stallAfter) ? track.configured : null
  }

  #lastPacketAge(at: number): number | null {
    const last = this.#publisher?.leading?.lastArrival ?? this.#lastMedia
    return last === null ? null : at - last
  }

  #connected(session: Session, at: number): void {
    if (session.connectSeconds !== null) return
    session.connectSeconds = at - session.startedAt
    if (this.#newConnects.length < MOST_CONNECTS) this.#newConnects.push(session.connectSeconds)
  }

  #show(packet: Packet, media: 'video' | 'audio', at: number): Notice | null {
    const isNext = this.#publisher === null && this.#hasEnded && at - (this.#lastMedia ?? 0) <= ANOTHER_BROADCAST
    if (isNext) this.#total.publisherRestarts++
    const publisher = this.#publisher ?? this.#enterPublisher(at)
    const dts = timeStamp(packet, publisher[media])
    if (dts === null) {
      publisher.addUntimed(packet, at)
      return isNext ? 'restart' : null
    }
    const shown = publisher.add(packet, dts, at)
    if (isNext) return 'restart'
    if (shown === null || shown === 'header') return shown
    if (shown !== 'restart') {
      this.#total.timestampFaults[shown]++
      return null
    }
    this.#leavePublisher()
    this.#total.publisherRestarts++
    this.#enterPublisher(at).add(packet, dts, at)
    return 'restart'
  }

  #enterPublisher(at: number): Publisher {
    if (this.#lastMedia !== null) this.#parameters.returned(at - this.#lastMedia)
    this.#hasEnded = false
    this.#publisher = new Publisher(at, this.#stallAfter)
    return this.#publisher
  }

  #leavePublisher(): void {
    const publisher = this.#publisher
    if (publisher === null) return
    if (publisher.tracksKnown) this.#audioOnly = publisher.video === null
    this.#lastMedia = publisher.leading?.lastArrival ?? this.#lastMedia
    this.#publisher = null
  }

  /** Time as it may be used: it never goes back. */
  #clock(at: number): number {
    if (at > this.#newest) this.#newest = at
    return this.#newest
  }
}

/** Where a container has no DTS, its PTS is one as long as it grows; a B-frame's is not. */
function timeStamp({ dts, pts }: Packet, track: Track | null): number | null {
  if (dts !== null) return Math.abs(dts) < LATEST ? dts : null
  if (pts === null || !(Math.abs(pts) < LATEST)) return null
  return track === null || pts > track.timeline.dts ? pts : null
}

type Totals = StreamMeasurements['total']

const NOTHING: Totals = {
  video: { packets: 0, bytes: 0 },
  audio: { packets: 0, bytes: 0 },
  keyframes: 0,
  publisherRestarts: 0,
  sessions: {
    refused: 0,
    unreachable: 0,
    'not-found': 0,
    timeout: 0,
    ended: 0,
    killed: 0,
    crashed: 0,
    'bad-output': 0,
    'out-of-memory': 0,
    'no-resources': 0,
    'dns-failed': 0,
  },
  timestampFaults: { regression: 0, jump: 0, gap: 0 },
}

export function copyTotals(totals: Totals = NOTHING): Totals {
  return {
    ...totals,
    video: { ...totals.video },
    audio: { ...totals.audio },
    sessions: { ...totals.sessions },
    timestampFaults: { ...totals.timestampFaults },
  }
}
