import { AbortScope } from '../connection/abort-scope.ts'
import type { Clock } from '../observation/clock.ts'
import type { DeviceState, EncoderMeasurements } from '../observation/encoder.ts'
import { ENCODER_HANDOVER, NO_ENCODER } from '../observation/encoder.ts'
import type { Reading } from '../observation/reading.ts'
import { CacheTrend } from './cache-trend.ts'
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
