import { lookUp } from '../../connection/connect.ts'
import { ConnectionError } from '../../connection/network-error.ts'
import { guarded } from '../../observation/internal-errors.ts'
import { startChild } from '../../programs/child.ts'
import { explainShortage } from '../../programs/start-failure.ts'
import { explainTransferError } from './failure.ts'
import { parseIperf3 } from './iperf3-report.ts'
import type { Transfer, TransferLimits } from './transfer.ts'

export interface Iperf3Options extends TransferLimits {
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
