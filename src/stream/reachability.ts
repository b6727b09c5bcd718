import { AbortScope, isTimeUp } from '../connection/abort-scope.ts'
import { connectTo } from '../connection/connect.ts'
import { type NetworkVerdict, networkFault } from '../connection/network-error.ts'
import type { SessionEnd } from '../observation/stream.ts'

/** Seconds to wait for a TCP connection. */
export const CONNECT_TIMEOUT = 5

export type Reachability =
  /** `address`: the IP address that answered. */
  { reachable: true; address: string } | { reachable: false; end: SessionEnd; message: string }

/** In a session's own words. A name service that does not answer, or a computer without descriptors, says nothing of it. */
export const CONNECTION_ENDS: Readonly<Record<NetworkVerdict, SessionEnd>> = {
  refused: 'refused',
  closed: 'refused',
  unreachable: 'unreachable',
  timeout: 'unreachable',
  'name-not-found': 'unreachable',
  'tls-invalid': 'refused',
  'not-tls': 'refused',
  'not-http': 'refused',
  'dns-failed': 'dns-failed',
  exhausted: 'no-resources',
}

/**
 * Tries whether a server accepts a TCP connection, without sending anything: far cheaper than a process that fails.
 * Never rejects; ends at once when `signal` is aborted.
 *
 * @param timeout seconds for the lookup of its name and for the connection
 */
export async function connectTcp(
  host: string,
  port: number,
  timeout: number,
  signal: AbortSignal,
): Promise<Reachability> {
  const scope = new AbortScope(signal, timeout)
  try {
    const socket = await connectTo({ host, port }, scope.signal)
    const address = socket.remoteAddress ?? host
    socket.destroy()
    return { reachable: true, address }
  } catch (error) {
    if (signal.aborted && !isTimeUp(scope.signal)) return { reachable: false, end: 'killed', message: 'given up' }
    const { end, message } = explainConnectError(error)
    return { reachable: false, end, message: message + (error === scope.signal.reason ? ` within ${timeout} s` : '') }
  } finally {
    scope.end()
  }
}

/** Says what an error of a lookup or a connection means. */
export function explainConnectError(error: unknown): { end: SessionEnd; message: string } {
  const { verdict, message } = networkFault(error)
  return { end: CONNECTION_ENDS[verdict], message }
}
