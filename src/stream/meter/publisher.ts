import type { TimestampFault } from '../../observation/stream.ts'
import type { Packet } from '../packet.ts'
import { Flow } from './flow.ts'
import { isRestart } from './publisher-restart.ts'

import { type Step, unwrapDifference } from './timeline.ts'
import { Track } from './track.ts'

/** Seconds within which both tracks show one fault of the publisher's clock. */
const TOGETHER = 2

/** Makes one fault of what shows on the video and on the audio track. */
class FaultMerge {
  #fault: TimestampFault | null = null
  #media: Packet['media'] = 'other'
  #at = 0

  /** True when this is the other track's side of a fault that was counted. */
  isEcho(fault: TimestampFault, media: Packet['media'], at: number): boolean {
    const echo = fault === this.#fault && media !== this.#media && at - this.#at <= TOGETHER
    this.#fault = echo ? null : fault
    this.#media = media
    this.#at = at
    return echo
  }
}

/** Packets of video: about 3 s. Odd, so that the median is one of them. */
const SAMPLES = 101
const ENOUGH = 11

/** The median of newest video DTS less newest audio DTS, taken at each video packet. */
export class SkewMeter {
  readonly #samples = new Float64Array(SAMPLES)
  #next = 0
  #count = 0

  add(videoDts: number, audioDts: number): void {
    this.#samples[this.#next] = unwrapDifference(videoDts - audioDts)
    this.#next = this.#next + 1 === SAMPLES ? 0 : this.#next + 1
    if (this.#count < SAMPLES) this.#count++
  }

  /** Seconds; null until there are enough samples to say. */
  median(): number | null {
    if (this.#count < ENOUGH) return null
    const sorted = this.#samples.slice(0, this.#count).sort()
    return sorted[this.#count >> 1] ?? null
  }
}

/** Seconds of arrivals after which a track that has not shown is not there. */
const TRACKS_SHOWN = 5
/** Seconds by which a leap may put media ahead of everything that came before, and still be explained by a pause. */
const AHEAD = 0.5
/** Seconds between codec parameters that are worth a look, from a publisher that repeats them. */
const HEADER_REST = 60
/** Seconds within which the headers of both tracks belong together. */
const SAME_HEADER = 1
/** Seconds. A shorter time without any packet is no pause. */
const PAUSE = 0.2

/** What a packet shows besides itself. */
export type Shown = 'restart' | 'header' | TimestampFault

/**
 * Everything that is known of one publisher, from its first packet on. When another takes over, a new object takes this
 * one's place, and so every baseline begins anew.
 */
export class Publisher {
  readonly #skew = new SkewMeter()
  readonly #stallAfter: number
  readonly #startedAt: number
  readonly #faults = new FaultMerge()
  #video: Track | null = null
  #audio: Track | null = null
  #flow: Flow | null = null
  #lastArrival: number
  /** The newest time without any packet. Seconds. */
  #pause = 0
  #pauseEnd = Number.NEGATIVE_INFINITY
  #headerAt = Number.NEGATIVE_INFINITY

  /** `at`: arrival of the first packet; `stallAfter`: as the meter has it. Seconds. */
  constructor(at: number, stallAfter: number) {
    this.#stallAfter = stallAfter
    this.#startedAt = at
    this.#lastArrival = at
  }

  get video(): Track | null {
    return this.#video
  }

  get audio(): Track | null {
    return this.#audio
  }

  /** The track whose media counts for `up` and for the flow: video, or audio where there is only audio. */
  get leading(): Track | null {
    return this.#video ?? this.#audio
  }

  get flow(): Flow | null {
    return this.#flow
  }

  /** Whether it has run long enough to say that a track which has not shown is not there. */
  get tracksKnown(): boolean {
    const enough = Math.max(TRACKS_SHOWN, this.#stallAfter)
    return (this.#video !== null && this.#audio !== null) || this.#lastArrival - this.#startedAt >= enough
  }

  /** Seconds, newest video DTS less newest audio DTS; null unless both tracks go on. */
  trackTimestampSkew(at: number): number | null {
    const both = [this.#video, this.#audio].every((track) => track?.isFlowing(at, this.#stallAfter))
    return both ? this.#skew.median() : null
  }

  /**
   * Takes the next packet of video or audio, which has the time stamp `dts`, and says what it shows besides itself.
   * `restart`: it is another publisher's, and was not taken.
   */
  add(packet: Packet, dts: number, at: number): Shown | null {
    const track = packet.media === 'video' ? this.#video : this.#audio
    if (track === null || packet.index < track.index) {
      this.#begin(packet, dts, at)
      return null
    }
    if (packet.index > track.index) return null
    const step = track.timeline.follow(dts, at - track.lastArrival)
    if (step !== 'onward' || packet.newExtradata) return this.#addBreak(track, packet, dts, at, step)
    track.timeline.advance(dts)
    this.#take(track, packet, at, 0)
    return null
  }

  /** Takes a packet without a usable time stamp: it counts as arrival and as bytes of the present moment. */
  addUntimed(packet: Packet, at: number): void {
    const track = packet.media === 'video' ? this.#video : this.#audio
    if (track?.index !== packet.index) return
    track.take(packet.size, packet.keyframe, at)
    this.#arrived(at)
  }

  #begin(packet: Packet, dts: number, at: number): void {
    const track = new Track(packet.index, dts, at)
    if (packet.media === 'video') this.#video = track
    else this.#audio = track
    if (this.leading === track) this.#flow = new Flow(at, dts, this.#stallAfter)
    this.#take(track, packet, at, 0)
  }

  #take(track: Track, packet: Packet, at: number, missing: number): void {
    track.configured = packet.configured ?? null
    track.take(packet.size, packet.keyframe, at, this.#silenceSince(track, at) >= (at - track.lastArrival) / 2)
    if (track === this.#video) {
      track.openGop.add(packet, track.timeline.dts)
      track.variableRate.add(track.timeline.time, packet.size, packet.keyframe)
    }
    if (track === this.leading) this.#flow?.add(at, track.timeline.time, missing)
    if (track === this.#video && this.#audio !== null) this.#skew.add(track.timeline.dts, this.#audio.timeline.dts)
    this.#arrived(at)
  }

  #arrived(at: number): void {
    if (at - this.#lastArrival >= PAUSE) {
      this.#pause = at - this.#lastArrival
      this.#pauseEnd = at
    }
    this.#lastArrival = at
  }

  /** Seconds for which nothing at all arrived since the newest packet of this track. */
  #silenceSince(track: Track, at: number): number {
    const now = at - this.#lastArrival
    return track.lastArrival < this.#pauseEnd ? Math.max(now, this.#pause) : now
  }

  #addBreak(track: Track, packet: Packet, dts: number, at: number, step: Step): Shown | null {
    const { timeline } = track
    const silence = this.#silenceSince(track, at)
    const restart = isRestart({
      step: timeline.step,
      dts,
      before: timeline.dts,
      discontinuous: step !== 'onward',
      regular: timeline.isRegular,
      newExtradata: packet.newExtradata,
      silence,
      stallAfter: this.#stallAfter,
      repeatsHeaders: this.#headerAt > Number.NEGATIVE_INFINITY && at - this.#headerAt > SAME_HEADER,
    })
    if (restart) return 'restart'
    if (step === 'onward') {
      timeline.advance(dts)
      this.#take(track, packet, at, 0)
      return this.#header(at)
    }
    const fault = step === 'back' ? 'regression' : this.#leap(track, at, silence)
    const before = timeline.time
    if (step === 'back') timeline.hold(dts)
    else if (fault === 'jump') timeline.rebase(dts)
    else timeline.advance(dts)
    if (fault === 'gap' && timeline.time - before > this.#stallAfter) track.restart()
    this.#take(track, packet, at, fault === 'gap' ? timeline.time - before : 0)
    // What a server sends from its cache when a session begins need not fit together: warm-up is not judged.
    if (fault === null || this.#flow?.warmingUp !== false) return null
    return this.#faults.isEcho(fault, packet.media, at) ? null : fault
  }

  /**
   * What a leap of a track's time stamps is. Where they stay within what has arrived in real time, the media in between
   * is missing: a gap when nothing at all arrived meanwhile, and no fault of the time stamps when the other track went
   * on (dropped frames, or a source of variable frame rate). Where they run ahead of time, the clock jumped.
   */
  #leap(track: Track, at: number, silence: number): 'jump' | 'gap' | null {
    const { step, time } = track.timeline
    const explained =
      this.#flow === null || this.#flow.warmingUp
        ? step <= at - track.lastArrival + AHEAD
        : this.#flow.ahead(at, time + step) <= AHEAD
    if (!explained) return 'jump'
    // Without audio, which never pauses, a frame of a variable frame rate may just be late.
    const pause = this.#audio === null ? Math.max(step / 2, this.#stallAfter) : step / 2
    return silence >= pause ? 'gap' : null
  }

  #header(at: number): 'header' | null {
    const rested = at - this.#headerAt >= HEADER_REST
    this.#headerAt = at
    return rested ? 'header' : null
  }
}
