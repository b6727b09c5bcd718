import { type ConnectionError, isForbidden } from '../connection/network-error.ts'
import type { Ending } from '../stream/packet-source.ts'
import { CONNECTION_ENDS, explainConnectError } from '../stream/reachability.ts'

/** What was asked for: `its playlist`, `the stream`. */
type Asked = 'the stream' | 'this playlist'

const BUSY: ReadonlySet<number> = new Set([429, 453, 503])

/** What a status that is no success says. */
export function statusEnding(status: number, asked: Asked): Ending {
  if (status === 404 || status === 410) {
    return { end: 'not-found', message: `the server does not know ${asked} (${status})` }
  }
  if (status === 401 || status === 403) {
    const message = `the server does not let us in: the user, the password or the token is not accepted (${status})`
    return { end: 'refused', message }
  }
  if (BUSY.has(status)) return { end: 'refused', message: `the server takes no more readers at present (${status})` }
  return { end: 'refused', message: `the server answers with an error instead of ${asked} (${status})` }
}

/** What it says that there is no answer. */
export function networkEnding(error: ConnectionError, asked: Asked): Ending {
  const { code, message } = error
  if (isForbidden(error)) return { end: 'refused', message }
  // What is read is our limit: players take it.
  if (code === 'encoded') {
    const advice = 'it is sent so though it was asked for as it is, and the monitor reads nothing compressed'
    return { end: 'crashed', code: 'unsupported', message: `${asked} is not read: ${message}; ${advice}` }
  }
  if (code === 'timeout') return { end: 'timeout', message: 'the server accepts the connection and then stays silent' }
  const before = Object.hasOwn(CONNECTION_ENDS, code) ? ({ beforeStream: true } as const) : {}
  const hint =
    code === 'tls-invalid' ? '; where that is as it should be, switch the check off for this stream (verifyTls)' : ''
  const { end } = explainConnectError(error)
  return { end, message: `${asked} cannot be had: ${message}${hint}`, ...before }
}

/**
 * Whether FFmpeg's programs may know a way that our requests do not go: Digest (RFC 7616), for which they have the user and
 * the password of the address, or a proxy of the user's.
 */
export function mayBeReadByPrograms(
  url: string,
  answer: { headers: Readonly<Record<string, string | undefined>> } | null,
): boolean {
  if ((process.env.http_proxy ?? '') !== '') return true
  const asksForDigest = /\bdigest\b/i.test(answer?.headers['www-authenticate'] ?? '')
  return asksForDigest && new URL(url).username !== ''
}
