import tls, { type DetailedPeerCertificate } from 'node:tls'
import { legible } from '../../connection/legible.ts'
import type { CertificateFacts } from '../../observation/service.ts'

/** Certificates of a chain that are looked at. */
const LONGEST_CHAIN = 10

/** What OpenSSL says of a chain that it does not trust, as a person reads it. */
const CHAIN_FAULTS: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'the certificate has expired',
  CERT_NOT_YET_VALID: 'the certificate is not valid yet, or the clock of this computer is wrong',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'the certificate is self-signed: nobody vouches for it',
  SELF_SIGNED_CERT_IN_CHAIN: 'the certificate comes from an authority that this computer does not know',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'the server does not send the certificate of the authority between it and a known one',
  UNABLE_TO_GET_ISSUER_CERT: 'the certificate comes from an authority that this computer does not know',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the certificate comes from an authority that this computer does not know',
  CERT_REVOKED: 'the certificate has been revoked',
  INVALID_PURPOSE: 'the certificate is not meant for servers',
}

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
  const message = CHAIN_FAULTS[chainFault] ?? `the certificate cannot be trusted (${legible(chainFault, 60)})`
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
