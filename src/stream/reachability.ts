import net from 'node:net'
import { guarded } from '../observation/internal-errors.ts'
import type { SessionEnd } from '../observation/stream.ts'

export type Reachability =
  /** `address`: the IP address that answered. */
  { reachable: true; address: string } | { reachable: false; end: SessionEnd; message: string }

/** What a failure to connect says, by Node's error code, where it is another than `unreachable`. */
const FAILURES: Readonly<Record<string, { end: SessionEnd; message: string }>> = {
  ECONNREFUSED: { end: 'refused', message: 'the server refuses the connection: nothing listens on that port' },
  ENOTFOUND: { end: 'unreachable', message: 'no address is known for the host name' },
  EAI_AGAIN: { end: 'unreachable', message: 'the host name could not be looked up (DNS does not answer)' },
  EHOSTUNREACH: { end: 'unreachable', message: 'there is no route to the host' },
  ENETUNREACH: { end: 'unreachable', message: 'there is no route to the network of the host' },
  ETIMEDOUT: { end: 'unreachable', message: 'the host does not answer' },
}

/**
 * Tries whether a server accepts a TCP connection, without sending anything: far cheaper than a process that fails.
 * Never rejects; ends at once when `signal` is aborted.
 */
export function connectTcp(host: string, port: number, timeout: number, signal: AbortSignal): Promise<Reachability> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, autoSelectFamily: true })
    const settle = (answer: Reachability) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      socket.destroy()
      resolve(answer)
    }
    const late = () =>
      settle({ reachable: false, end: 'unreachable', message: `the host does not answer within ${timeout} s` })
    const abort = guarded('reachability', () => settle({ reachable: false, end: 'killed', message: 'given up' }))
    const timer = setTimeout(guarded('reachability', late), timeout * 1000)
    socket.once(
      'connect',
      guarded('reachability', () => settle({ reachable: true, address: socket.remoteAddress ?? host })),
    )
    socket.on(
      'error',
      guarded('reachability', (error) => settle({ reachable: false, ...explainConnectError(error) })),
    )
    if (signal.aborted) abort()
    else signal.addEventListener('abort', abort, { once: true })
  })
}

/** Says what an error of a lookup or a connection means. */
export function explainConnectError(error: unknown): { end: SessionEnd; message: string } {
  // Where a name has several addresses, each attempt's error is in `errors`.
  const { code, errors = [] } = error as { code?: string; errors?: { code?: string }[] }
  const codes = [code, ...errors.map((one) => one.code)].filter((one) => one !== undefined)
  const known = codes.map((one) => FAILURES[one]).find((failure) => failure !== undefined)
  return known ?? { end: 'unreachable', message: `the host cannot be reached (${codes[0] ?? 'unknown error'})` }
}
