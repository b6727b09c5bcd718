import { AbortScope } from '../../connection/abort-scope.ts'
import { BANDWIDTH_HANDOVER, type BandwidthDirection, type BandwidthMeasurements } from '../../observation/bandwidth.ts'
import { MonitorError } from '../../observation/errors.ts'
import { guarded } from '../../observation/internal-errors.ts'
import type { ProbeContext, Reading } from '../../observation/reading.ts'
import { PolledProbe } from '../../polling/polled-probe.ts'
import { parseBandwidthUrl } from './address.ts'
import { httpTransfer } from './http-transfer.ts'
import { iperf3Transfer } from './iperf3.ts'
import { BYTES_PER_MEGABIT, type DependentStream, needOf, reasonToPostpone, streamNeeds } from './need.ts'
import { type Transfer, throughputOf } from './transfer.ts'

/** Seconds that a test may wait for those of other targets. */
const QUEUE_ALLOWANCE = 600
/** Seconds that a test takes beside the time for which data flows: to look up, to connect, to end. */
const BESIDE = 30
/** Seconds after which a test that was put off is due again, at most. */
const POSTPONED_FOR = 30

/** Tests one connection: once an interval, or as soon after as the streams that need it allow. */
export function bandwidthProbe(
  settings: BandwidthSettings,
  context: BandwidthContext,
): PolledProbe<BandwidthMeasurements> {
  const { name, interval, seconds, direction } = settings
  const { clock, redact, before } = context
  const tests = new BandwidthTests(settings, context)
  const probe: PolledProbe<BandwidthMeasurements> = new PolledProbe<BandwidthMeasurements>({
    name,
    interval,
    limit: QUEUE_ALLOWANCE + BESIDE + seconds,
    clock,
    initial: {
      ...{ up: null, bytesPerSecond: null, testedAt: null, need: null, total: { tests: 0, bytes: 0 } },
      ...(before && { testedAt: before.testedAt, need: before.need, total: before.total }),
      direction,
      postponed: null,
    },
    handover: BANDWIDTH_HANDOVER,
    redact,
    poll: async (signal, { previous }): Promise<Reading<BandwidthMeasurements>> => {
      const reading = await tests.run(previous, signal)
      probe.setInterval(reading.measurements.postponed === null ? interval : Math.min(interval, POSTPONED_FOR))
      return reading
    },
  })
  return probe
}

/** What a probe must know of its target. */
export interface BandwidthSettings {
  name: string
  /** `http`, `https` or `iperf3`. May hold `${NAME}`. */
  url: string
  direction: BandwidthDirection
  /** Seconds between the beginnings of two tests. */
  interval: number
  /** Seconds for which data flows in one test. */
  seconds: number
  /** Megabytes (10^6 bytes) after which a test ends sooner. */
  megabytes: number
  /** Whether a test may run while a stream that depends on the connection is on the air. */
  whileLive: boolean
  verifyTls: boolean
  /** Megabits per second that are needed; null: what the streams that depend on it need. */
  required: number | null
}

export interface BandwidthContext extends ProbeContext<BandwidthMeasurements> {
  /** Lets one test at a time run in a monitor. */
  turns: { run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> }
  /** The streams that need the connection, as they are known now. */
  streams(): readonly DependentStream[]
}

type BandwidthReading = Reading<BandwidthMeasurements>

/** Seconds between two looks at the streams while a test runs. */
const LOOK_EVERY = 0.5

/** The tests of one target, one after another, and what they need to remember. */
export class BandwidthTests {
  readonly #settings: BandwidthSettings
  readonly #context: BandwidthContext
  #needs: ReadonlyMap<string, number> = new Map()
  /** What the newest test said, for as long as the next is put off. */
  #newest: BandwidthReading | null = null

  constructor(settings: BandwidthSettings, context: BandwidthContext) {
    this.#settings = settings
    this.#context = context
  }

  /** One test when it is its turn; put off where a stream needs the connection. Rejects only when `signal` aborts. */
  async run(previous: BandwidthMeasurements, signal: AbortSignal): Promise<BandwidthReading> {
    const early = this.#reasonToPostpone()
    if (early !== null) return this.#postponed(early, previous)
    return await this.#context.turns.run(async () => {
      const reason = this.#reasonToPostpone()
      return reason === null ? await this.#test(previous, signal) : this.#postponed(reason, previous)
    }, signal)
  }

  #reasonToPostpone(): string | null {
    const streams = this.#context.streams()
    this.#needs = streamNeeds(streams, this.#needs)
    return this.#settings.whileLive ? null : reasonToPostpone(streams)
  }

  async #test(previous: BandwidthMeasurements, signal: AbortSignal): Promise<BandwidthReading> {
    const scope = new AbortScope(signal)
    let interruption: string | null = null
    const looking = setInterval(
      guarded('bandwidth test', () => {
        interruption ??= this.#reasonToPostpone()
        if (interruption !== null) scope.abort()
      }),
      LOOK_EVERY * 1000,
    )
    try {
      const transfer = await this.#transfer(scope.signal)
      return this.#tested(transfer, previous)
    } catch (error) {
      if (signal.aborted || interruption === null) throw error
      return this.#postponed(interruption, previous)
    } finally {
      clearInterval(looking)
      scope.end()
    }
  }

  async #transfer(signal: AbortSignal): Promise<Transfer> {
    const { url, direction, seconds, megabytes, verifyTls } = this.#settings
    const limits = { direction, seconds, bytes: megabytes * 1e6 }
    try {
      const address = parseBandwidthUrl(this.#context.expand(url))
      return address.protocol === 'http'
        ? await httpTransfer({ ...limits, url: address.url, verifyTls }, signal)
        : await iperf3Transfer({ ...limits, host: address.host, port: address.port }, signal)
    } catch (error) {
      if (error instanceof MonitorError) return { outcome: 'failure', code: error.code, message: error.message }
      throw error
    }
  }

  #tested(transfer: Transfer, previous: BandwidthMeasurements): BandwidthReading {
    this.#newest = this.#readingOf(transfer, previous)
    return this.#newest
  }

  #readingOf(transfer: Transfer, previous: BandwidthMeasurements): BandwidthReading {
    const { tests, bytes } = previous.total
    const measurements: BandwidthMeasurements = {
      ...this.#withNeed(previous),
      up: null,
      bytesPerSecond: null,
      postponed: null,
      total: { tests: tests + 1, bytes },
    }
    const redacted = (message: string) => this.#context.redact(message)
    if (transfer.outcome !== 'measured') {
      // A test server that cannot be used says nothing of the connection.
      const { code } = transfer
      return { outcome: 'unknown', code, message: redacted(transfer.message), measurements }
    }
    const throughput = throughputOf(transfer.samples)
    if (throughput === null) throw new Error('A transfer counts as measured, but it is not')
    return {
      outcome: 'present',
      measurements: {
        ...measurements,
        up: true,
        bytesPerSecond: throughput.bytesPerSecond,
        testedAt: this.#context.clock.wall() / 1000,
        total: { tests: tests + 1, bytes: bytes + throughput.bytes },
      },
    }
  }

  /** The newest test goes on to count where it measured something; else nothing is known. */
  #postponed(reason: string, previous: BandwidthMeasurements): BandwidthReading {
    const newest = this.#newest
    if (newest?.outcome === 'present') {
      return { ...newest, measurements: { ...this.#withNeed(newest.measurements), postponed: reason } }
    }
    const measurements = { ...this.#withNeed(previous), up: null, bytesPerSecond: null, postponed: reason }
    return { outcome: 'unknown', code: 'postponed', message: `No test runs, because ${reason}`, measurements }
  }

  #withNeed(measurements: BandwidthMeasurements): BandwidthMeasurements {
    const { required } = this.#settings
    const stated = required === null ? null : { bytesPerSecond: required * BYTES_PER_MEGABIT, streams: [] }
    return { ...measurements, need: stated ?? needOf(this.#needs) ?? measurements.need }
  }
}
