import { once } from 'node:events'
import net from 'node:net'
import tls, { type DetailedPeerCertificate } from 'node:tls'
import { legible } from '../../connection/legible.ts'
import { networkFault } from '../../connection/network-error.ts'
import { FaultError } from '../../connection/phases.ts'
import type { CertificateFacts } from '../../observation/service.ts'

/** A connection over TLS, and what the server showed. */
export interface Secured {
  socket: tls.TLSSocket
  certificate: CertificateFacts | null
}

/**
 * Speaks TLS over a connection. A certificate that cannot be trusted is looked at before the connection is given up, so
 * that its facts are known.
 *
 * @param verify false: any certificate will do
 * @throws FaultError, the socket's error, and an `AbortError`
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
  throw new FaultError({ kind: 'tls-invalid', phase: 'tls', ...fault }, certificate)
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

/** Certificates of a chain that are looked at. */
const LONGEST_CHAIN = 10

/** A certificate that cannot be trusted. */
export interface CertificateFault {
  message: string
  measured: string
  expected: string
}

/**
 * What is wrong with a certificate; null where nothing is.
 *
 * @param chainFault OpenSSL's code, null where it trusts the chain
 * @param now milliseconds since the epoch
 */
function certificateFault(
  host: string,
  certificate: DetailedPeerCertificate,
  chainFault: string | null,
  now: number,
): CertificateFault | null {
  const expired = chainOf(certificate).find((one) => Date.parse(one.valid_to) < now)
  if (chainFault === 'CERT_HAS_EXPIRED' || (chainFault !== null && expired !== undefined)) {
    const until = expired === undefined ? 'expired' : `valid until ${dayOf(Date.parse(expired.valid_to))}`
    return { message: `the certificate has expired: it was ${until}`, measured: until, expected: 'not expired' }
  }
  const wrongName = tls.checkServerIdentity(host, certificate) !== undefined
  if (wrongName) {
    const names = namesOf(certificate)
    const message = `the certificate is for ${names === '' ? 'no name' : names} and not for ${host}`
    return { message, measured: names, expected: host }
  }
  if (chainFault === null) return null
  const { message } = networkFault({ code: chainFault })
  return { message, measured: chainFault, expected: 'a certificate that can be trusted' }
}

/** @param now milliseconds since the epoch */
function certificateFacts(
  certificate: DetailedPeerCertificate,
  protocol: string | null,
  now: number,
): CertificateFacts | null {
  const ends = chainOf(certificate)
    .map((one) => Date.parse(one.valid_to) / 1000)
    .filter(Number.isFinite)
  if (ends.length === 0) return null
  const { subject, issuer } = certificate
  const expires = Math.min(...ends)
  return {
    expires,
    secondsLeft: expires - now / 1000,
    subject: legible(nameIn(subject) || namesOf(certificate)),
    issuer: legible(nameIn(issuer)),
    protocol,
  }
}

/** The server's own certificate and those between it and the root, which clients have themselves. */
function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain = [leaf]
  let newest = leaf
  while (chain.length < LONGEST_CHAIN) {
    const issuer: DetailedPeerCertificate | undefined = newest.issuerCertificate
    if (issuer === undefined || issuer === newest || issuer.fingerprint256 === newest.fingerprint256) break
    // One that vouches for itself is a root.
    if (issuer.issuerCertificate?.fingerprint256 === issuer.fingerprint256) break
    chain.push(issuer)
    newest = issuer
  }
  return chain
}

function namesOf({ subjectaltname, subject }: DetailedPeerCertificate): string {
  const alternatives = subjectaltname?.replaceAll(/\b(?:DNS|IP Address):/g, '')
  return legible(alternatives || nameIn(subject))
}

function nameIn(who: Partial<Record<'CN' | 'O', string | string[]>> | undefined): string {
  const name = who?.CN ?? who?.O ?? ''
  return Array.isArray(name) ? name.join(', ') : name
}

function dayOf(time: number): string {
  return new Date(time).toISOString().slice(0, 10)
}
