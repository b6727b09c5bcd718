import net from 'node:net'
import { type NetworkVerdict, networkFault } from '../connection/network-error.ts'
import { guarded } from '../observation/internal-errors.ts'
import type { SessionEnd } from '../observation/stream.ts'

export type Reachability =
  /** `address`: the IP address that answered. */
  { reachable: true; address: string } | { reachable: false; end: SessionEnd; message: string }

/** In a session's own words. A name service that does not answer, or a computer without descriptors, says nothing of it. */
const ENDS: Readonly<Record<NetworkVerdict, SessionEnd>> = {
  refused: 'refused',
  closed: 'refused',
  unreachable: 'unreachable',
  timeout: 'unreachable',
  'name-not-found': 'unreachable',
  'tls-invalid': 'refused',
  'not-http': 'refused',
  'dns-failed': 'dns-failed',
  exhausted: 'no-resources',
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
  const { verdict, message } = networkFault(error)
  return { end: ENDS[verdict], message }
}
