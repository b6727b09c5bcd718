import type { StreamParameters } from '../../observation/stream.ts'
import type { Packet } from '../packet.ts'

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
