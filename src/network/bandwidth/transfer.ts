import type { BandwidthDirection, BandwidthFailure, TransferFaultKind } from '../../observation/bandwidth.ts'
import type { ErrorCode } from '../../observation/errors.ts'

/** What one test may take. */
export interface TransferLimits {
  direction: BandwidthDirection
  /** Seconds for which data flows. */
  seconds: number
  /** Bytes after which it ends sooner. */
  bytes: number
}

/** How much had gone through at one moment of a test. */
export interface Sample {
  /** Seconds, monotonic, from any beginning. */
  at: number
  /** Since the beginning. */
  bytes: number
}

/** What one test came to. `fault`: the other side's; `failure`: the monitor's own, or nobody's, so that nothing is known. */
export type Transfer =
  | { outcome: 'measured'; samples: readonly Sample[] }
  | { outcome: 'fault'; kind: TransferFaultKind; message: string }
  | { outcome: 'failure'; code: BandwidthFailure | ErrorCode; message: string }

/**
 * The part of a test that is left out at its beginning. TCP begins with 10 segments (RFC 6928) and doubles them each
 * round trip (RFC 5681, section 3.1), so that a path of 100 Mbit/s and 100 ms is full after 0.7 s; what comes next is
 * the first overshoot and the recovery from it, and data that only fills buffers. A third of the usual 10 s has room for
 * all of that.
 */
export const SLOW_START_PART = 1 / 3

/** Seconds: a shorter stretch is measured by the grain of buffers and timers. */
const SHORTEST = 0.1

export interface Throughput {
  /** Without slow start. */
  bytesPerSecond: number
  /** Of the whole test. */
  bytes: number
}

/** The throughput of a test without its slow start; null where the rest is too short to say. Pure. */
export function throughputOf(samples: readonly Sample[]): Throughput | null {
  const [first] = samples
  const last = samples.at(-1)
  if (first === undefined || last === undefined) return null
  const begin = first.at + (last.at - first.at) * SLOW_START_PART
  const from = samples.find(({ at }) => at >= begin) ?? last
  const seconds = last.at - from.at
  if (seconds < SHORTEST) return null
  return { bytesPerSecond: (last.bytes - from.bytes) / seconds, bytes: last.bytes - first.bytes }
}
