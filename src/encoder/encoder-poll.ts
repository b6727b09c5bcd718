import { AbortScope } from '../connection/abort-scope.ts'
import type { Clock } from '../observation/clock.ts'
import { type DeviceState, ENCODER_HANDOVER, type EncoderMeasurements, NO_ENCODER } from '../observation/encoder.ts'
import type { Reading } from '../observation/reading.ts'
import { type DeviceClient, DeviceFailure, type DeviceStatus } from './device-status.ts'

/** Seconds that a device has to answer. On its own network it takes milliseconds. */
export const ANSWER_WITHIN = 3

/**
 * Intervals between two answers over which an end is believed: within a longer silence the device may have lost its power,
 * and idle is what it is when it comes back. At least so many seconds, which no device takes to start again.
 */
const BELIEVED_INTERVALS = 1.5
const BELIEVED_SECONDS = 5

/**
 * From these a device comes to idle only when somebody stops it. One that is interrupted or connects may have given up by
 * itself, which is no end of an event.
 */
const STOPPED_FROM: ReadonlySet<DeviceState> = new Set(['streaming', 'flushing'])

export interface EncoderPollOptions {
  client: DeviceClient
  clock: Clock
  /** Seconds between two polls. */
  interval: number
  /** Seconds; for tests. */
  answerWithin?: number
  /** Told when somebody has stopped the device: it was streaming and is idle now. */
  stopped(): void
  /** Told when somebody has started it: it was idle and is not any more. */
  started(): void
}

/** What is asked of one device again and again. */
export class EncoderPoll {
  readonly #options: EncoderPollOptions
  readonly #trend = new CacheTrend()
  /** The last time that the device said what it does: monotonic seconds. */
  #last: { at: number; state: DeviceState } | null = null

  constructor(options: EncoderPollOptions) {
    this.#options = options
  }

  /** One poll. What the device or the network does wrong is a reading; only a fault of ours throws. */
  async poll(signal: AbortSignal, previous: EncoderMeasurements): Promise<Reading<EncoderMeasurements>> {
    const { client, answerWithin = ANSWER_WITHIN } = this.#options
    const scope = new AbortScope(signal, answerWithin)
    try {
      const status = await client.ask(scope.signal)
      return { outcome: 'present', measurements: this.#measurementsOf(status, previous) }
    } catch (error) {
      if (!(error instanceof DeviceFailure)) throw error
      this.#trend.add(0, null)
      return readingOf(error, previous)
    } finally {
      scope.end()
    }
  }

  close(): void {
    this.#options.client.close()
  }

  #measurementsOf(status: DeviceStatus, previous: EncoderMeasurements): EncoderMeasurements {
    const { clock, interval, started, stopped } = this.#options
    const at = clock.monotonic()
    const { state, cacheUsedRatio } = status
    const before = this.#last
    const began = before !== null && before.state === 'idle' && state !== 'idle'
    if (began) started()
    const ended = before !== null && STOPPED_FROM.has(before.state) && state === 'idle'
    if (ended && at - before.at <= Math.max(BELIEVED_SECONDS, BELIEVED_INTERVALS * interval)) stopped()
    // How the cache filled while the connection was away says nothing of the uplink that is there again.
    if (before !== null && (before.state === 'streaming') !== (state === 'streaming')) this.#trend.restart()
    this.#last = { at, state }
    this.#trend.add(at, state === 'idle' ? null : cacheUsedRatio)
    return {
      up: true,
      deviceState: state,
      bytesPerSecond: status.bitrate / 8,
      cacheUsedRatio,
      cacheRisePerMinute: this.#trend.risePerMinute,
      duration: status.duration,
      videoFormat: status.videoFormat,
      device: status.device,
      protocol: status.protocol,
      total: { broadcasts: previous.total.broadcasts + (began ? 1 : 0) },
    }
  }
}

function readingOf({ kind, message }: DeviceFailure, previous: EncoderMeasurements): Reading<EncoderMeasurements> {
  const measurements = ENCODER_HANDOVER.withoutValues(previous)
  if (kind.outcome === 'unknown') return { outcome: 'unknown', code: kind.code, message, measurements }
  return { outcome: 'absent', reason: kind.reason, message, measurements: { ...measurements, up: false } }
}

/** What is known before the first poll. @param totals carried over when only settings changed */
export function initialMeasurements(totals: EncoderMeasurements['total'] | null): EncoderMeasurements {
  return totals === null ? NO_ENCODER : { ...NO_ENCODER, total: totals }
}

/** Seconds over which the rise of the cache is taken: long enough for whole percents, short enough to be a warning. */
const WINDOW = 20
/** Seconds that there must be to tell a rise from: a cache is told in whole percents. */
const SHORTEST = 10
/** Seconds from which on a fall is believed: it raises nothing. */
const SHORTEST_FALL = 5
/** Points that are kept: one a second. */
const MOST_POINTS = 20

interface Point {
  /** Monotonic seconds. */
  at: number
  ratio: number
}

/** How fast the cache of an encoder fills. A straight line is laid through its last 20 s (least squares). */
export class CacheTrend {
  #points: Point[] = []

  /** @param at monotonic seconds @param ratio 0 to 1; null where the device does not say: then it begins anew */
  add(at: number, ratio: number | null): void {
    if (ratio === null) {
      this.restart()
      return
    }
    const last = this.#points.at(-1)
    if (last !== undefined && at - last.at < WINDOW / MOST_POINTS / 2) return
    this.#points = [...this.#points.filter((point) => at - point.at <= WINDOW), { at, ratio }].slice(-MOST_POINTS)
  }

  restart(): void {
    this.#points = []
  }

  /** Share of the cache per minute; null while there is too little to tell it from. */
  get risePerMinute(): number | null {
    const [first] = this.#points
    const last = this.#points.at(-1)
    if (first === undefined || last === undefined || last.at - first.at < SHORTEST_FALL) return null
    const meanAt = mean(this.#points.map(({ at }) => at))
    const meanRatio = mean(this.#points.map(({ ratio }) => ratio))
    let covariance = 0
    let variance = 0
    for (const { at, ratio } of this.#points) {
      covariance += (at - meanAt) * (ratio - meanRatio)
      variance += (at - meanAt) ** 2
    }
    const rise = (60 * covariance) / variance
    return rise >= 0 && last.at - first.at < SHORTEST ? null : rise
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
