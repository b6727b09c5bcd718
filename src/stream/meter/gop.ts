import type { StreamParameters } from '../../observation/stream.ts'
import type { Packet } from '../packet.ts'

/**
 * Seconds. Before the first interval has closed, the time since the first key frame is only a lower bound; it is told
 * once it is above every platform's limit (YouTube asks for at most 4 s).
 */
const TELLING = 5

/** Closed intervals that are remembered, so that one odd interval is forgotten after a few. */
const REMEMBERED = 8
/** Closed intervals below which nothing is said of how even they are. */
const ENOUGH = 4

/** The key frame interval (GOP length) of a video track, in media time. */
export class KeyframeMeter {
  #last: number
  #seen = false
  #closed: number | null = null
  /** The newest closed intervals, oldest first. */
  #newest: number[] = []

  /** `time`: media time of the track's first packet. */
  constructor(time: number) {
    this.#last = time
  }

  /** A key frame at media time `time`. */
  add(time: number): void {
    if (this.#seen && time > this.#last) this.#close(time - this.#last)
    this.#last = time
    this.#seen = true
  }

  /** What came before `time` says nothing of the intervals to come: media is missing in between. */
  restart(time: number): void {
    this.#seen = false
    this.#closed = null
    this.#newest = []
    this.#last = time
  }

  /** Seconds: max(last closed interval, media time since the last key frame); null until known. */
  interval(time: number): number | null {
    const since = Math.max(0, time - this.#last)
    if (this.#closed !== null) return Math.max(this.#closed, since)
    return since >= TELLING ? since : null
  }

  /** Seconds: the shortest and the longest of the newest closed intervals; null until there are enough. */
  range(): { shortest: number; longest: number } | null {
    if (this.#newest.length < ENOUGH) return null
    return { shortest: Math.min(...this.#newest), longest: Math.max(...this.#newest) }
  }

  #close(interval: number): void {
    this.#closed = interval
    this.#newest.push(interval)
    if (this.#newest.length > REMEMBERED) this.#newest.shift()
  }
}

/** Seconds. Less is rounding of the container. */
const ROUNDING = 0.0015

/**
 * Whether there are frames that come after a key frame and are shown before it (leading pictures). H.264 has none after
 * an IDR picture (ITU-T H.264, 7.4.1.2.4: all that follow it in decoding order follow it in output order), so such a key
 * frame is no IDR picture: the GOP is open, and a decoder that begins there cannot show them.
 */
export class OpenGop {
  #keyframe: { dts: number; pts: number } | null = null
  #open: boolean | null = null

  /** Null until one whole GOP has been seen. */
  get value(): boolean | null {
    return this.#open
  }

  /** Takes the next packet of the track, which has the time stamp `dts`. */
  add({ keyframe, pts }: Packet, dts: number): void {
    if (keyframe) {
      if (this.#keyframe !== null) this.#open ??= false
      this.#keyframe = pts === null ? null : { dts, pts }
    } else if (this.#keyframe !== null && pts !== null) {
      // A clock that went back would move both.
      if (dts > this.#keyframe.dts && pts < this.#keyframe.pts - ROUNDING) this.#open = true
    }
  }
}

/** What the stream says of itself with what its packets have shown. Only of H.264 do they show it. */
export function withOpenGop(parameters: StreamParameters | null, openGop: boolean | null): StreamParameters | null {
  const first = parameters?.video[0]
  if (parameters === null || first?.codec !== 'h264' || openGop === null) return parameters
  return { ...parameters, video: [{ ...first, openGop }, ...parameters.video.slice(1)] }
}
