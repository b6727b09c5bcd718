import type { Packet } from '../packet.ts'

/**
 * When a stream's packets make its content suspect. Measured with x264 and FFmpeg's AAC: a picture that turns black or
 * still falls to a tenth of its bitrate and less, unless a constant bitrate is filled up; sound that falls silent falls
 * to a twentieth, at a constant bitrate too.
 */
const SUSPICION = {
  /** Part of its level below which a medium's bitrate has fallen. */
  fallen: 0.5,
  /** Seconds of media, at least, over which the bitrate is taken: from one key frame to another. */
  window: 6,
  /** Seconds without a key frame after which it is taken all the same. */
  longest: 30,
  /** Windows before it whose mean is the level. */
  level: 5,
} as const

/** Tells from the packets of a stream when the bitrate of its video or its audio falls. One fall is told once. */
export class Suspicion {
  readonly #media = { video: new Fall(), audio: new Fall() }

  /** Takes a packet; true where with it a bitrate has fallen. */
  add({ media, dts, size, keyframe }: Packet): boolean {
    return media !== 'other' && dts !== null && this.#media[media].add(dts, size, keyframe)
  }

  /** Another publisher, or another session: what was usual says nothing any more. */
  reset(): void {
    this.#media.video = new Fall()
    this.#media.audio = new Fall()
  }
}

class Fall {
  #began: number | null = null
  #newest = 0
  #bytes = 0
  #levels: number[] = []

  add(dts: number, size: number, keyframe: boolean): boolean {
    // A clock that goes back or leaps begins a window anew.
    if (this.#began === null || Math.abs(dts - this.#newest) > SUSPICION.window) {
      this.#began = dts
      this.#bytes = 0
    }
    this.#newest = dts
    const passed = dts - this.#began
    if (passed < SUSPICION.window || (!keyframe && passed < SUSPICION.longest)) {
      this.#bytes += size
      return false
    }
    const rate = this.#bytes / passed
    this.#began = dts
    this.#bytes = size
    return this.#judge(rate)
  }

  #judge(rate: number): boolean {
    const levels = this.#levels
    const level = levels.reduce((sum, value) => sum + value, 0) / levels.length
    const hasFallen = levels.length > 0 && rate < SUSPICION.fallen * level
    // The window in which it fell is half of each: the next one is the new level.
    this.#levels = hasFallen ? [] : [...levels, rate].slice(-SUSPICION.level)
    return hasFallen
  }
}
