import type { BandwidthDirection, BandwidthMeasurements } from '../../observation/bandwidth.ts'
import type { Clock } from '../../observation/clock.ts'
import type { Reading } from '../../observation/reading.ts'
import { PolledProbe } from '../../polling/polled-probe.ts'
import { BandwidthTests } from './bandwidth-tests.ts'
import { BANDWIDTH_HANDOVER } from './handover.ts'
import type { DependentStream } from './need.ts'

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

export interface BandwidthContext {
  clock: Clock
  /** `${NAME}` -> value: the last step before a connection is made. */
  expand(template: string): string
  redact(text: string): string
  /** Lets one test at a time run in a monitor. */
  turns: { run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> }
  /** The streams that need the connection, as they are known now. */
  streams(): readonly DependentStream[]
  /** Of the watch of the same target under other settings. */
  before?: BandwidthMeasurements
}

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
