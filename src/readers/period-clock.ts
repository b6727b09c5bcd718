import type { Packet } from '../stream/packet.ts'

/** Seconds from one packet to the next where that is not known. */
const STEP = 0.04
/** Seconds of a period's beginning that may overlap what was before. */
const OVERLAP = 1

/**
 * One clock for all periods of a stream. A server that announces a discontinuity (RFC 8216, 4.3.2.3) begins another clock
 * on purpose: what follows is put where the period before it ended, in all playlists of the stream alike, so that it is
 * neither a fault of the time stamps nor another publisher.
 */
export class PeriodClock {
  /** Seconds, by period; the newest few. */
  readonly #offsets = new Map<number, number>()
  /** By track: its newest time on the common clock, and how far that was from the one before. */
  readonly #tracks = new Map<number, { period: number; dts: number; step: number }>()

  adjusted(packet: Packet, period: number): Packet {
    const { index, dts } = packet
    if (dts === null) return packet
    const before = this.#tracks.get(index)
    const offset = this.#offset(period, dts, before)
    let time = dts + offset
    if (before !== undefined && before.period !== period && time <= before.dts && time > before.dts - OVERLAP) {
      time = before.dts + 0.001
    }
    const isNext = before !== undefined && before.period === period && time > before.dts
    // While the end of the period before still counts, each one that overlaps it comes a little after the last.
    const isOverlap = before !== undefined && time > dts + offset
    this.#tracks.set(index, {
      period: isOverlap && before !== undefined ? before.period : period,
      dts: time,
      step: isNext ? Math.min(time - before.dts, 1) : (before?.step ?? STEP),
    })
    const pts = packet.pts === null ? null : packet.pts + offset
    return { ...packet, dts: time, pts }
  }

  #offset(period: number, dts: number, before: { dts: number; step: number } | undefined): number {
    const known = this.#offsets.get(period)
    if (known !== undefined) return known
    // The first that there is, or the numbers of the server began anew: its clock shows as it is.
    const newest =
      before ??
      [...this.#tracks.values()].reduce<{ dts: number; step: number } | undefined>(
        (a, b) => (a === undefined || b.dts > a.dts ? b : a),
        undefined,
      )
    const isAnnounced =
      newest !== undefined && this.#offsets.size > 0 && sameEpoch(period, [...this.#offsets.keys()].at(-1) ?? 0)
    const offset = isAnnounced ? newest.dts + newest.step - dts : 0
    this.#offsets.set(period, offset)
    const [oldest] = this.#offsets.keys()
    if (this.#offsets.size > 8 && oldest !== undefined) this.#offsets.delete(oldest)
    return offset
  }
}

function sameEpoch(one: number, other: number): boolean {
  return Math.floor(one / 1e6) === Math.floor(other / 1e6)
}
