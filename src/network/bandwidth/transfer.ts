import { type NetworkVerdict, networkFault } from '../../connection/network-error.ts'
import type { BandwidthDirection, BandwidthFailure } from '../../observation/bandwidth.ts'
import type { ErrorCode } from '../../observation/errors.ts'
import { guarded } from '../../observation/internal-errors.ts'

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

/** What one test came to. `failure`: nothing is known of the connection, whether the test server or the monitor is at fault. */
export type Transfer =
  | { outcome: 'measured'; samples: readonly Sample[] }
  | { outcome: 'failure'; code: BandwidthFailure | ErrorCode; message: string }

/**
 * The part of a test that is left out at its beginning. TCP begins with 10 segments (RFC 6928) and doubles them each
 * round trip (RFC 5681, section 3.1), so that a path of 100 Mbit/s and 100 ms is full after 0.7 s; what comes next is
 * the first overshoot and the recovery from it, and data that only fills buffers. A third of the usual 10 s has room for
 * all of that.
 */
const SLOW_START_PART = 1 / 3

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

/** In a transfer's own words. */
const CODES: Readonly<Record<NetworkVerdict, BandwidthFailure>> = {
  refused: 'refused',
  closed: 'wrong-answer',
  unreachable: 'unreachable',
  timeout: 'timeout',
  'name-not-found': 'name-not-found',
  'tls-invalid': 'tls-invalid',
  'not-tls': 'tls-invalid',
  'not-http': 'wrong-answer',
  'dns-failed': 'dns-failed',
  exhausted: 'no-resources',
}

/** Of these the words alone say all. */
const PLAIN: ReadonlySet<NetworkVerdict> = new Set(['refused', 'unreachable', 'timeout', 'name-not-found'])

/** Says what an error of an HTTP request means. Its own text is not used: it may hold the address. */
export function explainTransferError(error: unknown): Transfer {
  const { verdict, code, message } = networkFault(error)
  const failure = { outcome: 'failure', code: CODES[verdict] } as const
  if (verdict === 'closed') return { ...failure, message: 'the server ended the connection during the test' }
  return { ...failure, message: code === verdict || PLAIN.has(verdict) ? message : `${message} (${code})` }
}

/** Seconds between two samples. */
const GRAIN = 0.05

/** Counts what goes through from `start` until the limits are reached. It owns the timers. */
export class Meter {
  readonly #limits: TransferLimits
  readonly #samples: Sample[] = []
  #bytes = 0
  #sampling: NodeJS.Timeout | undefined
  #onEnd = () => {}
  #ended = false

  constructor(limits: TransferLimits) {
    this.#limits = limits
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Called once, when a limit is reached. The newest listener counts. */
  onEnd(listener: () => void): void {
    this.#onEnd = listener
  }

  /** Data begins to flow. Called again it does nothing. */
  start(): void {
    if (this.#samples.length > 0) return
    this.#sample()
    this.#sampling = setInterval(
      guarded('bandwidth meter', () => this.#sample()),
      GRAIN * 1000,
    )
  }

  add(bytes: number): void {
    this.#bytes += bytes
    if (this.#bytes >= this.#limits.bytes) this.#end()
  }

  stop(): void {
    clearInterval(this.#sampling)
    this.#ended = true
  }

  result(): Transfer {
    const throughput = throughputOf(this.#samples)
    if (throughput === null) {
      const message = 'the data went through too quickly to be measured; allow more megabytes'
      return { outcome: 'failure', code: 'too-short', message }
    }
    if (throughput.bytesPerSecond > 0) return { outcome: 'measured', samples: this.#samples }
    return { outcome: 'failure', code: 'timeout', message: 'the connection stands, but no data goes through' }
  }

  #sample(): void {
    this.#samples.push({ at: performance.now() / 1000, bytes: this.#bytes })
    const [first] = this.#samples
    const last = this.#samples.at(-1)
    if (!first || !last || last.at - first.at < this.#limits.seconds) return
    // A process that had no turn for a while has no sample after the slow start: it goes on until there is one.
    if (throughputOf(this.#samples) !== null) this.#end()
  }

  #end(): void {
    if (this.#ended) return
    this.stop()
    this.#samples.push({ at: performance.now() / 1000, bytes: this.#bytes })
    this.#onEnd()
  }
}
