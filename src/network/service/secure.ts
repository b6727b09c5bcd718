import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import { networkFault } from '../../connection/network-error.ts'
import type { CertificateFacts } from '../../observation/service.ts'
import { certificateFacts, certificateFault } from './certificate.ts'
import { FaultError } from './fault.ts'

/** A connection over TLS, and what the server showed. */
export interface Secured {
  socket: tls.TLSSocket
  certificate: CertificateFacts | null
}

/** A TLS server that cannot be used, with what it showed all the same. */
export class UntrustedError extends FaultError {
  readonly certificate: CertificateFacts | null

  constructor(fault: FaultError['fault'], certificate: CertificateFacts | null) {
    super(fault)
    this.certificate = certificate
  }
}

/**
 * Speaks TLS over a connection. A certificate that cannot be trusted is looked at before the connection is given up, so
 * that its facts are known.
 *
 * @param verify false: any certificate will do
 * @throws UntrustedError, FaultError, the socket's error, and an `AbortError`
 */
export async function secure(
  plain: net.Socket,
  host: string,
  verify: boolean,
  protocols: readonly string[],
  signal: AbortSignal,
): Promise<Secured> {
  const socket = tls.connect({
    socket: plain,
    host,
    // Not to be sent for an IP address (RFC 6066, section 3).
    ...(net.isIP(host) === 0 && { servername: host }),
    ...(protocols.length > 0 && { ALPNProtocols: [...protocols] }),
    // It is judged below: nothing is sent before.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  })
  socket.on('error', () => {})
  try {
    await once(socket, 'secureConnect', { signal })
  } catch (error) {
    socket.destroy()
    throw explain(error)
  }
  const shown = socket.getPeerCertificate(true)
  const now = Date.now()
  const certificate = certificateFacts(shown, socket.getProtocol(), now)
  const chainFault = socket.authorizationError
  const code =
    chainFault == null ? null : chainFault instanceof Error ? networkFault(chainFault).code : String(chainFault)
  const fault = verify ? certificateFault(host, shown, code, now) : null
  if (fault === null) return { socket, certificate }
  socket.destroy()
  throw new UntrustedError({ kind: 'tls-invalid', phase: 'tls', ...fault }, certificate)
}

/** What a failed handshake says. */
function explain(error: unknown): unknown {
  const { verdict, code, message } = networkFault(error)
  const fault = { phase: 'tls', measured: code, expected: 'TLS' } as const
  if (verdict === 'not-tls') return new FaultError({ ...fault, kind: 'wrong-answer', message })
  if (verdict === 'tls-invalid') {
    const shown = `${message} (${code})`
    return new FaultError({ ...fault, kind: 'tls-invalid', message: shown, expected: 'TLS 1.2 or newer' })
  }
  if (verdict !== 'closed') return error
  const brokenOff = 'the server ends the connection where TLS should begin'
  return new FaultError({ ...fault, kind: 'wrong-answer', message: brokenOff, measured: 'closed' })
}
