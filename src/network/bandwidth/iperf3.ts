import { lookUp } from '../../connection/connect.ts'
import { fieldsOf, legible, objectIn } from '../../connection/legible.ts'
import { ConnectionError } from '../../connection/network-error.ts'
import type { TransferFaultKind } from '../../observation/bandwidth.ts'
import { guarded } from '../../observation/internal-errors.ts'
import { explainShortage, startChild } from '../../programs/child.ts'
import { explainTransferError, type Sample, type Transfer, type TransferLimits, throughputOf } from './transfer.ts'

interface Iperf3Options extends TransferLimits {
  host: string
  port: number
}

/** Seconds within which the connection must stand. */
const CONNECT_LIMIT = 5
/** What it writes at once. Its own 128 KB are a fifth of a second at 5 Mbit/s, too coarse to measure by. */
const PIECE = '16K'
/** Seconds that it has after it was told to end, before it is killed. */
const END_LIMIT = 3
/** Bytes: 60 s of reports each tenth of a second are a tenth of it. */
const LONGEST_REPORT = 8 * 1024 * 1024

/** Where Debian and others keep programs, for a monitor that is started with a bare environment. */
const USUAL_PATH = '/usr/local/bin:/usr/bin:/bin'

/**
 * Runs `iperf3` against a server of the user's, over one TCP connection. Bytes bound it by its own option, and the
 * seconds by SIGINT, at which it still reports what it has measured. Rejects only with what `signal` aborts with.
 */
export async function iperf3Transfer(options: Iperf3Options, signal: AbortSignal): Promise<Transfer> {
  const { host, port, direction, seconds, bytes } = options
  const found = await lookUp(host, 'any', signal)
  if (!found.found) return explainTransferError(new ConnectionError(found.code, found.message))
  const [{ address }] = found.addresses
  const args = ['--client', address, '--port', String(port), '--json', '--interval', '0.1', '--length', PIECE]
  const bounds = ['--bytes', String(Math.ceil(bytes)), '--connect-timeout', String(CONNECT_LIMIT * 1000)]
  const program = {
    file: 'iperf3',
    args: [...args, ...bounds, ...(direction === 'down' ? ['--reverse'] : [])],
    memory: 'small',
    // Its errors are told apart by their words.
    env: { PATH: process.env.PATH ?? USUAL_PATH, LC_ALL: 'C' },
  } as const
  const { process: child, memoryOver } = startChild(program, {
    reject: false,
    stdin: 'ignore',
    maxBuffer: LONGEST_REPORT,
    cancelSignal: signal,
    forceKillAfterDelay: END_LIMIT * 1000,
  })
  const limit = seconds + CONNECT_LIMIT + END_LIMIT
  let isLate = false
  const timers = [
    setTimeout(
      guarded('iperf3', () => child.kill('SIGINT')),
      seconds * 1000,
    ),
    setTimeout(
      guarded('iperf3', () => {
        isLate = child.kill('SIGKILL')
      }),
      limit * 1000,
    ),
  ]
  const result = await child.finally(() => timers.forEach(clearTimeout))
  signal.throwIfAborted()
  if (result.code === 'ENOENT') {
    const message = 'iperf3 is not installed where the monitor runs (on Debian: apt-get install iperf3)'
    return { outcome: 'failure', code: 'no-iperf3', message }
  }
  const shortage = explainShortage(result.code)
  if (shortage !== null) {
    return { outcome: 'failure', code: 'no-resources', message: `iperf3 could not be started: ${shortage}` }
  }
  const over = memoryOver()
  if (over !== null) {
    const message = `iperf3 held ${over.held} MB of memory, where it may hold ${over.limit} MB, and was ended`
    return { outcome: 'failure', code: 'out-of-memory', message }
  }
  if (isLate)
    return { outcome: 'failure', code: 'late', message: `iperf3 did not end within ${limit} s and was killed` }
  if (result.isMaxBuffer) return { outcome: 'failure', code: 'bad-output', message: 'iperf3 reports without an end' }
  return parseIperf3(result.stdout)
}

/** What iperf3 (3.1 to 3.18) says goes wrong, in the C locale. The first that fits counts. */
const ERRORS: readonly [RegExp, TransferFaultKind, string][] = [
  [/refused/i, 'refused', 'the server refuses the connection: no iperf3 server listens on that port'],
  [/timed out|timeout/i, 'timeout', 'the server does not answer'],
  [/no route|unreachable/i, 'unreachable', 'there is no route to the server'],
  [/reset|broken pipe|closed/i, 'wrong-answer', 'the server ended the connection during the test'],
]

/** Characters of an error of iperf3's own that are shown. */
const LONGEST_ERROR = 120

/** What `iperf3 --json` reports, of a test that was ended early as well. Pure. */
export function parseIperf3(text: string): Transfer {
  const report = objectIn(text)
  if (report === null) return { outcome: 'failure', code: 'bad-output', message: 'iperf3 reports no JSON' }
  const samples = samplesIn(report.intervals)
  if (samples === null) return { outcome: 'failure', code: 'bad-output', message: 'iperf3 reports no intervals' }
  const throughput = throughputOf(samples)
  if (throughput !== null && throughput.bytesPerSecond > 0) return { outcome: 'measured', samples }
  if (typeof report.error === 'string' && !/client has terminated/.test(report.error)) return faultOf(report.error)
  if (throughput === null && samples.length > 1) {
    const message = 'the data went through too quickly to be measured; allow more megabytes'
    return { outcome: 'failure', code: 'too-short', message }
  }
  return { outcome: 'failure', code: 'timeout', message: 'no data goes through' }
}

function faultOf(error: string): Transfer {
  if (/busy/i.test(error)) {
    return { outcome: 'failure', code: 'busy', message: 'the iperf3 server is busy with the test of somebody else' }
  }
  const known = ERRORS.find(([pattern]) => pattern.test(error))
  if (known) return { outcome: 'failure', code: known[1], message: known[2] }
  return { outcome: 'failure', code: 'wrong-answer', message: `iperf3 says: ${legible(error, LONGEST_ERROR)}` }
}

/** Cumulative, from the beginning of the first interval on. */
function samplesIn(intervals: unknown): Sample[] | null {
  if (!Array.isArray(intervals)) return null
  const samples: Sample[] = []
  let total = 0
  for (const interval of intervals) {
    const { start, end, bytes } = fieldsOf(fieldsOf(interval).sum)
    if (typeof start !== 'number' || typeof end !== 'number' || typeof bytes !== 'number') return null
    if (samples.length === 0) samples.push({ at: start, bytes: 0 })
    total += bytes
    samples.push({ at: end, bytes: total })
  }
  return samples
}
