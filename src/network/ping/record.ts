import type { EchoCounts, PingMeasurements, RoundTrips } from '../../observation/ping.ts'
import type { Reading } from '../../observation/reading.ts'
import type { PingFailure } from './command.ts'

/** Series without an answer after which a host that has answered before is down. */
const SILENT_SERIES = 3

/** Seconds and echoes over which loss is counted: whichever is reached last. */
const RECENT = { seconds: 60, echoes: 20 }

export interface Series {
  /** The IP address that was asked. */
  address: string
  sent: number
  /** Seconds. */
  roundTrips: readonly number[]
  /** What a router answered instead of the host. */
  said: string | null
}

export const NOTHING_PINGED: PingMeasurements = {
  up: null,
  answered: null,
  total: { sent: 0, received: 0 },
  address: null,
  series: null,
  loss: null,
  roundTrips: null,
  jitter: null,
  recent: null,
  silentSeries: 0,
  lastAnswerAge: null,
  newRoundTrips: [],
}

/** What has been measured of one host. No timers, no processes. */
export class PingRecord {
  readonly #before: PingMeasurements
  #total: EchoCounts
  #address: string | null = null
  #answeredAt: number | null = null
  #lastRoundTrip: number | null = null
  #silent = 0
  #recent: (EchoCounts & { at: number })[] = []

  /** @param before of the same target under other settings: its totals go on, and that it has answered before */
  constructor(before: PingMeasurements = NOTHING_PINGED) {
    this.#before = before
    this.#total = before.total
  }

  /**
   * A series has ended.
   *
   * @param at monotonic seconds
   */
  measured({ address, sent, roundTrips, said }: Series, at: number): Reading<PingMeasurements> {
    if (this.#address === null && address === this.#before.address && this.#before.lastAnswerAge !== null) {
      this.#answeredAt = at - this.#before.lastAnswerAge
    }
    this.#address = address
    const series = { sent, received: roundTrips.length }
    this.#total = sum([this.#total, series])
    if (roundTrips.length > 0) {
      if (this.#silent >= SILENT_SERIES) this.#recent = []
      this.#silent = 0
      this.#answeredAt = at
    } else {
      this.#silent += 1
    }
    this.#remember({ ...series, at })
    const jitter = meanDifference(this.#lastRoundTrip, roundTrips)
    this.#lastRoundTrip = roundTrips.at(-1) ?? this.#lastRoundTrip
    if (this.#answeredAt === null) return this.#neverAnswered(series, said)

    const measurements: PingMeasurements = {
      ...this.#lasting(at),
      up: this.#silent < SILENT_SERIES,
      answered: roundTrips.length > 0,
      series,
      loss: 1 - series.received / sent,
      roundTrips: summarise(roundTrips),
      jitter,
      recent: sum(this.#recent),
      newRoundTrips: [...roundTrips],
    }
    if (measurements.up) return { outcome: 'present', measurements }
    const message = `none of the last ${this.#silent} series was answered${said ? `; a router says: ${said}` : ''}`
    return { outcome: 'absent', reason: 'unreachable', message, measurements }
  }

  /** The series could not be sent. @param at monotonic seconds */
  failed({ code, message }: PingFailure, at: number): Reading<PingMeasurements> {
    const answered = code === 'no-network' ? false : null
    return { outcome: 'unknown', code, message, measurements: { ...this.#lasting(at), answered } }
  }

  #neverAnswered(series: EchoCounts, said: string | null): Reading<PingMeasurements> {
    const why = said ? `: a router says: ${said}` : '; it may be down, or pings may be forbidden on the way'
    const message = `It has never answered a ping${why}`
    return { outcome: 'unknown', code: 'no-reply', message, measurements: { ...this.#lasting(0), series } }
  }

  /** What stands even when nothing can be measured. */
  #lasting(at: number): PingMeasurements {
    return {
      ...NOTHING_PINGED,
      total: this.#total,
      address: this.#address,
      silentSeries: this.#silent,
      lastAnswerAge: this.#answeredAt === null ? null : at - this.#answeredAt,
    }
  }

  #remember(series: EchoCounts & { at: number }): void {
    this.#recent.push(series)
    const { sent } = sum(this.#recent)
    let dropped = 0
    const first = this.#recent.findIndex((one) => {
      if (one.at > series.at - RECENT.seconds || sent - dropped - one.sent < RECENT.echoes) return true
      dropped += one.sent
      return false
    })
    this.#recent.splice(0, Math.max(0, first))
  }
}

function sum(counts: readonly EchoCounts[]): EchoCounts {
  return counts.reduce((all, { sent, received }) => ({ sent: all.sent + sent, received: all.received + received }), {
    sent: 0,
    received: 0,
  })
}

function summarise(roundTrips: readonly number[]): RoundTrips | null {
  const last = roundTrips.at(-1)
  if (last === undefined) return null
  const mean = roundTrips.reduce((total, time) => total + time, 0) / roundTrips.length
  return { last, minimum: Math.min(...roundTrips), mean, maximum: Math.max(...roundTrips) }
}

/** Of each round trip and the one before it. */
function meanDifference(before: number | null, roundTrips: readonly number[]): number | null {
  const all = before === null ? roundTrips : [before, ...roundTrips]
  const differences = all.slice(1).map((time, index) => Math.abs(time - (all[index] ?? time)))
  if (roundTrips.length === 0 || differences.length === 0) return null
  return differences.reduce((total, difference) => total + difference, 0) / differences.length
}
