/**
 * Certificates for the parts of the stack that talk to each other: an authority of its own, and what it vouches for. It is
 * X.509 written down by hand (RFC 5280), because the image has no openssl and Node makes keys and signatures only.
 */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto'

/** PEM. */
export interface KeyedCertificate {
  key: string
  certificate: string
}

const DAY = 24 * 3600 * 1000
const AUTHORITY_DAYS = 10 * 365
/** Elastic's own tool gives three years, too. */
const CERTIFICATE_DAYS = 3 * 365
/** What ends so soon is made anew at a start. */
const RENEWED_BEFORE_DAYS = 90

/** @param now milliseconds of the clock */
export function makeAuthority(name: string, now: number): KeyedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const extensions = [
    extension('2.5.29.19', sequence(BOOLEAN_TRUE), true),
    // keyCertSign and cRLSign
    extension('2.5.29.15', Buffer.from([0x03, 0x02, 0x01, 0x06]), true),
    extension('2.5.29.14', tagged(0x04, keyId(publicKey))),
  ]
  return signed(
    { subject: name, issuer: name, publicKey, extensions, days: AUTHORITY_DAYS, now },
    privateKey,
    privateKey,
  )
}

/** For servers of these names, and for clients that show who they are. */
export function issue(authority: KeyedCertificate, names: readonly string[], now: number): KeyedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const issuer = new X509Certificate(authority.certificate)
  const extensions = [
    extension('2.5.29.19', sequence(), true),
    // digitalSignature
    extension('2.5.29.15', Buffer.from([0x03, 0x02, 0x07, 0x80]), true),
    // serverAuth and clientAuth
    extension('2.5.29.37', sequence(identifier('1.3.6.1.5.5.7.3.1'), identifier('1.3.6.1.5.5.7.3.2'))),
    extension('2.5.29.17', sequence(...names.map((name) => tagged(0x82, Buffer.from(name))), LOOPBACK)),
    extension('2.5.29.35', sequence(tagged(0x80, keyId(issuer.publicKey)))),
  ]
  const subject = names[0] ?? 'hmonitor'
  const about = {
    subject,
    issuer: issuer.subject.replace(/^CN=/, ''),
    publicKey,
    extensions,
    days: CERTIFICATE_DAYS,
    now,
  }
  return signed(about, createPrivateKey(authority.key), privateKey)
}

/** Whether a certificate can go on being used: of this authority, for these names, and not near its end. */
export function isGood(
  { certificate, key }: KeyedCertificate,
  authority: string,
  names: readonly string[],
  now: number,
): boolean {
  try {
    const read = new X509Certificate(certificate)
    return (
      read.checkPrivateKey(createPrivateKey(key)) &&
      read.verify(new X509Certificate(authority).publicKey) &&
      names.every((name) => read.checkHost(name) !== undefined) &&
      Date.parse(read.validTo) - now > RENEWED_BEFORE_DAYS * DAY
    )
  } catch {
    return false
  }
}

interface About {
  subject: string
  issuer: string
  publicKey: KeyObject
  extensions: Buffer[]
  days: number
  now: number
}

function signed(about: About, signer: KeyObject, own: KeyObject): KeyedCertificate {
  const { subject, issuer, publicKey, extensions, days, now } = about
  const body = sequence(
    // Version 3, and a serial number that is positive and no other's.
    tagged(0xa0, tagged(0x02, Buffer.from([2]))),
    tagged(0x02, Buffer.concat([Buffer.from([0x01]), randomBytes(15)])),
    ECDSA_WITH_SHA256,
    commonName(issuer),
    // Clocks of two computers may differ.
    sequence(time(now - DAY), time(now + days * DAY)),
    commonName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tagged(0xa3, sequence(...extensions)),
  )
  const signature = sign('sha256', body, signer)
  const whole = sequence(body, ECDSA_WITH_SHA256, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])))
  return { key: String(own.export({ type: 'pkcs8', format: 'pem' })), certificate: pem(whole) }
}

/** The bytes of a value with its tag and length (DER). */
function tagged(tag: number, value: Buffer): Buffer {
  const { length } = value
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...size]), value])
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts))
}

function identifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number)
  const bytes = rest.flatMap((part) => {
    const groups = [part & 0x7f]
    for (let left = part >> 7; left > 0; left >>= 7) groups.unshift((left & 0x7f) | 0x80)
    return groups
  })
  return tagged(0x06, Buffer.from([first * 40 + second, ...bytes]))
}

const BOOLEAN_TRUE = Buffer.from([0x01, 0x01, 0xff])
const ECDSA_WITH_SHA256 = sequence(identifier('1.2.840.10045.4.3.2'))
const LOOPBACK = tagged(0x87, Buffer.from([127, 0, 0, 1]))

function extension(name: string, value: Buffer, critical = false): Buffer {
  return sequence(identifier(name), ...(critical ? [BOOLEAN_TRUE] : []), tagged(0x04, value))
}

function commonName(name: string): Buffer {
  return sequence(tagged(0x31, sequence(identifier('2.5.4.3'), tagged(0x0c, Buffer.from(name)))))
}

/** Until 2049 with two digits of the year (RFC 5280, 4.1.2.5). */
function time(at: number): Buffer {
  const digits = `${new Date(at).toISOString().replace(/[-:T]/g, '').slice(0, 14)}Z`
  return at < Date.UTC(2050, 0) ? tagged(0x17, Buffer.from(digits.slice(2))) : tagged(0x18, Buffer.from(digits))
}

function keyId(key: KeyObject): Buffer {
  const { x = '', y = '' } = createPublicKey(key.export({ type: 'spki', format: 'pem' })).export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
  return createHash('sha1').update(point).digest()
}

function pem(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`
}
