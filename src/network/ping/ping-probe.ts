import { type AddressFamily, lookUp, type NetworkAddress } from '../../connection/connect.ts'
import { MonitorError } from '../../observation/errors.ts'
import { PING_HANDOVER, type PingMeasurements } from '../../observation/ping.ts'
import type { ProbeContext, Reading } from '../../observation/reading.ts'
import { PolledProbe } from '../../polling/polled-probe.ts'
import {
  ECHO_SPACING,
  explainPing,
  explainStart,
  NO_PING,
  type PingFailure,
  pingCommand,
  readPingOutput,
} from './command.ts'
import { type PingRun, type PingRunResult, runHere } from './ping-run.ts'
import { NOTHING_PINGED, PingRecord } from './record.ts'
import { PingHelper } from './run-helper.ts'

export type PingSeries =
  /** Round trips in seconds, at most one for each echo that was sent. `said`: what a router answered instead. */
  { sent: number; roundTrips: number[]; said: string | null } | { failure: PingFailure }

/** Seconds that a busy machine may need to start a process. */
const START_ALLOWANCE = 3
/** Pings that this process itself runs at once. Those beyond are left to the helper. */
const MOST_HERE = 4

const helper = new PingHelper()
let here = 0

/** Seconds that a series may take. */
function seriesLimit(count: number, wait: number): number {
  // Windows does not let the spacing be set.
  const spacing = process.platform === 'win32' ? 1 + wait : ECHO_SPACING
  return (count - 1) * spacing + wait + START_ALLOWANCE
}

/**
 * Sends a series of echoes with the system's ping. Ends the process when `signal` aborts, and when it takes too long.
 *
 * @param count echoes, 1 to 20
 * @param wait whole seconds for the answer to the last echo
 * @throws what `signal` aborts with
 */
export async function sendSeries(
  host: NetworkAddress,
  count: number,
  wait: number,
  signal: AbortSignal,
): Promise<PingSeries> {
  signal.throwIfAborted()
  const command = pingCommand(host, count, wait)
  if (command === null) return { failure: NO_PING }
  const limit = seriesLimit(count, wait)
  const { file, args, env } = command
  const { stdout, stderr, code, timedOut, exitCode } = await run({ file, args, env, limit }, signal)
  signal.throwIfAborted()
  if (timedOut) return { failure: { code: 'killed', message: `ping did not end within ${limit} s and was ended.` } }
  if (exitCode === undefined && code !== undefined) return { failure: explainStart(code) }
  const output = readPingOutput(stdout, host.address, command.config)
  if (output.read && output.roundTrips.length > 0) {
    return { sent: count, roundTrips: output.roundTrips.slice(0, count), said: null }
  }
  const failure = explainPing(`${stderr}\n${stdout.match(/^PING: .*$/m)?.[0] ?? ''}`)
  if (failure) return { failure }
  return output.read ? { sent: count, roundTrips: [], said: output.said } : { failure: badOutput(exitCode, stderr) }
}

async function run(run: PingRun, signal: AbortSignal): Promise<PingRunResult> {
  if (here >= MOST_HERE) return await helper.run(run, signal)
  here++
  try {
    return await runHere(run, signal)
  } finally {
    here--
  }
}

function badOutput(exitCode: number | undefined, stderr: string): PingFailure {
  if (exitCode === undefined) return { code: 'killed', message: 'ping was ended from outside.' }
  const said = stderr.trim().split('\n')[0]?.slice(0, 200)
  const quoted = said ? `: ${said}` : ''
  return { code: 'bad-output', message: `ping ended with code ${exitCode} and no result${quoted}` }
}

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
