import type { NetworkAddress } from '../../connection/connect.ts'
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
export function seriesLimit(count: number, wait: number): number {
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
