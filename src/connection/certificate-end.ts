import type net from 'node:net'
import tls from 'node:tls'

/**
 * Until when the certificate counts that the other side of a connection has shown.
 *
 * @returns milliseconds since the epoch; null where it has shown none, or the connection is gone
 */
export function certificateEnd(socket: net.Socket | null | undefined): number | null {
  if (!(socket instanceof tls.TLSSocket)) return null
  const { valid_to } = socket.getPeerCertificate()
  const end = Date.parse(valid_to ?? '')
  return Number.isFinite(end) ? end : null
}
