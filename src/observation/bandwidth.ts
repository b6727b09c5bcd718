import { handover } from './handover.ts'

/** From the monitor's view: `up` is what it sends, `down` what it receives. */
export const BANDWIDTH_DIRECTIONS = ['up', 'down'] as const
export type BandwidthDirection = (typeof BANDWIDTH_DIRECTIONS)[number]

/** What the streams that depend on a connection send or receive over it. */
export interface BandwidthNeed {
  /** Bytes per second, without head-room. */
  bytesPerSecond: number
  /** Names of the streams; none where the target itself says how much is needed. */
  streams: string[]
}

/** What may be wrong with the other side of a test. */
const TRANSFER_FAULTS = ['name-not-found', 'unreachable', 'refused', 'timeout', 'tls-invalid', 'wrong-answer'] as const
export type TransferFaultKind = (typeof TRANSFER_FAULTS)[number]

/** Why nothing may be known of one: a test server that cannot be used says nothing of the connection. */
export const BANDWIDTH_FAILURES = [
  'no-iperf3',
  'busy',
  'postponed',
  'dns-failed',
  'no-resources',
  'out-of-memory',
  'bad-output',
  'too-short',
  'late',
  ...TRANSFER_FAULTS,
] as const
export type BandwidthFailure = (typeof BANDWIDTH_FAILURES)[number]

/** What is measured of one target of kind `bandwidth`. */
export interface BandwidthMeasurements {
  /** Whether data went through in the newest test; null while unknown. */
  up: boolean | null
  direction: BandwidthDirection
  /** Bytes per second of the newest test, slow start left out. Stays until the next test; null until known. */
  bytesPerSecond: number | null
  /** Unix time in seconds at which the newest test that measured something ended; null when none ever did. */
  testedAt: number | null
  /** Cumulative since the watch began. Bytes: of the tests that measured something, with those of slow start. */
  total: { tests: number; bytes: number }
  /** What is needed, as far as it has been seen; null while no stream that depends on it has been on the air. */
  need: BandwidthNeed | null
  /** Why the test that was due was put off, as one clause; null where it was not. */
  postponed: string | null
}

/** What the newest test found stands until the next; only what it says of now does not. */
export const BANDWIDTH_HANDOVER = handover<BandwidthMeasurements>({
  up: 'moment',
  direction: 'stays',
  bytesPerSecond: 'moment',
  testedAt: 'stays',
  total: 'stays',
  need: 'stays',
  postponed: 'stays',
})
