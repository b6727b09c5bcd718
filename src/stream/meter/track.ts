import { KeyframeMeter, OpenGop } from './gop.ts'
import { SampleRing } from './sample-ring.ts'
import { Timeline } from './timeline.ts'

/** Seconds. The longest window, for key frame intervals of 20 s; more would cost memory and tell nothing sooner. */
const LONGEST_WINDOW = 60
/** Seconds. */
const SHORTEST_WINDOW = 10
/** Key frame intervals (GOPs) that a window holds, so that where the key frames fall does not move its rates. */
const GOPS = 3

/** One track of one publisher: the first of its medium. */
export class Track {
  readonly index: number
  readonly timeline: Timeline
  readonly samples = new SampleRing()
  readonly keyframes: KeyframeMeter
  readonly openGop = new OpenGop()
  /** Monotonic seconds of the newest packet's arrival. */
  lastArrival: number

  constructor(index: number, dts: number, at: number) {
    this.index = index
    this.timeline = new Timeline(dts)
    this.keyframes = new KeyframeMeter(dts)
    this.lastArrival = at
  }

  /** Takes a packet that stands at the timeline's present time. */
  take(size: number, keyframe: boolean, at: number): void {
    const { time } = this.timeline
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

  isFlowing(at: number, stallAfter: number): boolean {
    return at - this.lastArrival <= stallAfter
  }
}
