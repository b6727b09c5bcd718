import { KeyframeMeter, OpenGop } from './gop.ts'
import { SampleRing } from './sample-ring.ts'
import { Timeline } from './timeline.ts'
import { VariableRate } from './variable-rate.ts'

/** Seconds. The longest window, for key frame intervals of 20 s; more would cost memory and tell nothing sooner. */
const LONGEST_WINDOW = 60
/** Seconds. */
const SHORTEST_WINDOW = 10
/** Key frame intervals (GOPs) that a window holds, so that where the key frames fall does not move its rates. */
const GOPS = 3

/** Steps from packet to packet whose median is the usual one. */
const STEPS = 8
/** Usual steps after which a track has paused. */
const MISSED = 3
/** Seconds. A track that is slower is not waited for longer. */
const LONGEST_PATIENCE = 30
/** Seconds for which a first packet is waited on: the pace of the track is not known yet. */
const FIRST_PATIENCE = 10
/** Seconds for which a longer step under media of the other track shows how slow this one may be. */
const REMEMBERED = 120

/** Packets on end of one time, from which on the clock of the stream stands. */
const STANDING = 5

/** How slowly a track may go on, by its own rhythm: a slide show has a picture in some seconds. */
class Rhythm {
  #steps: number[] = []
  #slowest = { step: 0, at: Number.NEGATIVE_INFINITY }

  /** `step`: seconds of media since the packet before; `isAlone`: nothing else arrived meanwhile, so it may be a stall. */
  add(step: number, at: number, isAlone: boolean): void {
    this.#steps.push(step)
    if (this.#steps.length > STEPS) this.#steps.shift()
    if (!isAlone && (step >= this.#slowest.step || at - this.#slowest.at > REMEMBERED)) this.#slowest = { step, at }
  }

  /** Seconds without a packet that are no pause yet. */
  patience(at: number): number {
    if (this.#steps.length === 0) return FIRST_PATIENCE
    const usual = [...this.#steps].sort((a, b) => a - b)[this.#steps.length >> 1] ?? 0
    const slowest = at - this.#slowest.at <= REMEMBERED ? this.#slowest.step : 0
    return Math.min(LONGEST_PATIENCE, MISSED * Math.max(usual, slowest))
  }
}

/** One track of one publisher: the first of its medium. */
export class Track {
  readonly index: number
  readonly timeline: Timeline
  readonly samples = new SampleRing()
  readonly keyframes: KeyframeMeter
  readonly openGop = new OpenGop()
  /** Of video. */
  readonly variableRate = new VariableRate()
  /** Monotonic seconds of the newest packet's arrival. */
  lastArrival: number
  /** Whether the codec's configuration has come; null where that is not known. */
  configured: boolean | null = null
  readonly #rhythm = new Rhythm()
  #time: number | null = null
  /** When the newest packet arrived that came later in the stream than the one before, and how many have come since. */
  #movedAt: number
  #still = 0

  constructor(index: number, dts: number, at: number) {
    this.index = index
    this.timeline = new Timeline(dts)
    this.keyframes = new KeyframeMeter(dts)
    this.lastArrival = at
    this.#movedAt = at
  }

  /** Takes a packet that stands at the timeline's present time. */
  take(size: number, keyframe: boolean, at: number, isAlone = false): void {
    const { time } = this.timeline
    this.#still = this.#time === null || time > this.#time ? 0 : this.#still + 1
    if (this.#still === 0) this.#movedAt = at
    if (this.#time !== null) this.#rhythm.add(time - this.#time, at, isAlone)
    this.#time = time
    this.samples.push(time, size, this.window)
    if (keyframe) this.keyframes.add(time)
    this.lastArrival = at
  }

  /** Forgets the windows: media is missing between what came before and what comes now. */
  restart(): void {
    this.samples.clear()
    this.keyframes.restart(this.timeline.time)
  }

  /** Seconds: max(last closed key frame interval, media time since the last key frame); null until known. */
  get keyframeInterval(): number | null {
    return this.keyframes.interval(this.timeline.time)
  }

  /** Seconds: what the checks judge over, max(10 s, 3 GOPs). */
  get window(): number {
    return Math.min(LONGEST_WINDOW, Math.max(SHORTEST_WINDOW, GOPS * (this.keyframeInterval ?? 0)))
  }

  /** Seconds for which packets have come while the time stamps stand still. */
  get standsFor(): number {
    return this.#still < STANDING ? 0 : this.lastArrival - this.#movedAt
  }

  /** Whether it goes on: within `stallAfter`, or as its own rhythm is slower. Seconds. */
  isFlowing(at: number, stallAfter: number): boolean {
    return at - this.lastArrival <= Math.max(stallAfter, this.patience(at))
  }

  /** Seconds without a packet that are no pause yet, by its own rhythm. */
  patience(at: number): number {
    return this.#rhythm.patience(at)
  }
}
