import { type AddressFamily, lookUp } from '../../connection/connect.ts'
import { MonitorError } from '../../observation/errors.ts'
import type { PingMeasurements } from '../../observation/ping.ts'
import { PING_HANDOVER } from '../../observation/ping.ts'
import type { ProbeContext, Reading } from '../../observation/reading.ts'
import { PolledProbe } from '../../polling/polled-probe.ts'
import { NOTHING_PINGED, PingRecord } from './record.ts'
import { sendSeries, seriesLimit } from './series.ts'

/** What a probe must know of its target. */
export interface PingSettings {
  name: string
  /** May hold `${NAME}`. */
  address: string
  family: AddressFamily
  /** Echoes per series, 1 to 20. */
  count: number
  /** Seconds between the beginnings of two series. */
  interval: number
}

export interface PingContext extends ProbeContext<PingMeasurements> {
  /** Bounds how many processes run at once, one per monitor. */
  turns: { run<T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> }
}

/** Seconds that a series may wait for its turn and for the name, beside its own time. */
const QUEUE_ALLOWANCE = 10

/** Seconds for an answer: 2, but a host that is asked every second must not wait for longer than that. */
function answerWait(interval: number): number {
  return interval < 3 ? 1 : 2
}

/** Pings one host: a series of echoes an interval. */
export function pingProbe(settings: PingSettings, context: PingContext): PolledProbe<PingMeasurements> {
  const { name, interval, count } = settings
  const { clock, redact, before } = context
  const wait = answerWait(interval)
  const record = new PingRecord(before)
  const initial = before ? PING_HANDOVER.withoutNews(PING_HANDOVER.withoutValues(before)) : NOTHING_PINGED
  const limit = seriesLimit(count, wait) + QUEUE_ALLOWANCE
  const poll = (signal: AbortSignal) => pingOnce(settings, wait, context, record, signal)
  return new PolledProbe<PingMeasurements>({
    name,
    interval,
    limit,
    clock,
    initial,
    handover: PING_HANDOVER,
    redact,
    poll,
  })
}

async function pingOnce(
  { address, family, count }: PingSettings,
  wait: number,
  { clock, expand, turns, redact }: PingContext,
  record: PingRecord,
  signal: AbortSignal,
): Promise<Reading<PingMeasurements>> {
  const host = expandOrFail(address, expand)
  if (host instanceof MonitorError) return record.failed(host, clock.monotonic())
  const lookup = await lookUp(host, family, signal)
  if (!lookup.found) {
    const message = `${lookup.message.replace(/^./, (first) => first.toUpperCase())}, so it was not pinged.`
    return record.failed({ code: lookup.code, message }, clock.monotonic())
  }
  const [first] = lookup.addresses
  const series = await turns.run(() => sendSeries(first, count, wait, signal), signal)
  const at = clock.monotonic()
  return 'failure' in series
    ? record.failed(series.failure, at)
    : record.measured({ address: redact(first.address), ...series }, at)
}

function expandOrFail(template: string, expand: (template: string) => string): string | MonitorError {
  try {
    return expand(template)
  } catch (error) {
    if (error instanceof MonitorError) return error
    throw error
  }
}
