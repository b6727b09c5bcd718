import tls, { type DetailedPeerCertificate } from 'node:tls'
import { legible } from '../../connection/legible.ts'
import { networkFault } from '../../connection/network-error.ts'
import type { CertificateFacts } from '../../observation/service.ts'

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
export function certificateFault(
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
export function certificateFacts(
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
