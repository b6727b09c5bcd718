import type { TimestampFault } from '../../observation/stream.ts'
import type { Packet } from '../packet.ts'

/** Seconds within which both tracks show one fault of the publisher's clock. */
const TOGETHER = 2

/** Makes one fault of what shows on the video and on the audio track. */
export class FaultMerge {
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
