import { isTimeoutError } from './abort-scope.ts'
import { TOO_MANY_INTERIM } from './interim-answers.ts'

/**
 * What an error of a lookup, of a connection or of TLS comes to: one verdict for each, whichever kind of target it befalls.
 * What a kind calls it is that kind's own word.
 *
 * - `refused`, `closed`, `unreachable`, `timeout`, `name-not-found`, `tls-invalid`, `not-tls`, `not-http`: the other side,
 *   or the way to it. `closed`: the connection stood, or was about to, and the other side ended it.
 * - `dns-failed`: the name service does not answer, which says nothing of the host.
 * - `exhausted`: this computer has no descriptor or no memory left for a connection.
 */
export type NetworkVerdict =
  | 'refused'
  | 'closed'
  | 'unreachable'
  | 'timeout'
  | 'name-not-found'
  | 'tls-invalid'
  | 'not-tls'
  | 'not-http'
  | 'dns-failed'
  | 'exhausted'

/**
 * Why a connection or a request came to nothing.
 *
 * - `too-long`: more bytes than asked for. - `encoded`: a compressed answer, which nobody asked for. - `cut`: it ends in its
 *   middle. - `redirect`: it is sent on too often, or from HTTPS to HTTP. - `forbidden-protocol`: it is sent on to what is
 *   not HTTP. - `private-address`: every address of the host is forbidden (`Destinations`). - `aborted`: whoever asked gave it up.
 * - The others are those of the network; `timeout` also where no whole answer comes in time.
 */
export type ConnectionFault =
  | NetworkVerdict
  | 'too-long'
  | 'encoded'
  | 'cut'
  | 'redirect'
  | 'forbidden-protocol'
  | 'private-address'
  | 'aborted'

/** No connection, or no answer. Its message is for a person, in the middle of a sentence, and holds nothing of the address. */
export class ConnectionError extends Error {
  readonly code: ConnectionFault
  /** Of the answer, where one had begun. */
  readonly status: number | null

  constructor(code: ConnectionFault, message: string, status: number | null = null) {
    super(message)
    this.name = 'ConnectionError'
    this.code = code
    this.status = status
  }
}

/** Whether a server leads to where nothing is read. */
export function isForbidden({ code }: ConnectionError): boolean {
  return code === 'forbidden-protocol' || code === 'private-address'
}

export interface NetworkFault {
  verdict: NetworkVerdict
  /** Node's code, or `unknown error`. */
  code: string
  /** For a person, in the middle of a sentence. It holds nothing of the address. */
  message: string
}

type Meaning = readonly [NetworkVerdict, string]

const CLOSED: Meaning = ['closed', 'the server ends the connection']
const NO_ANSWER: Meaning = ['timeout', 'the host does not answer']
const NO_HOST: Meaning = ['unreachable', 'there is no route to the host, or it is not on its network']
const NO_NAME: Meaning = ['name-not-found', 'no address is known for the host name']
const NO_NAME_SERVICE: Meaning = [
  'dns-failed',
  'the host name could not be looked up: the name service does not answer',
]
const EXHAUSTED: Meaning = [
  'exhausted',
  'this computer could not open a connection: too many files or too little memory',
]
const NO_TLS: Meaning = ['not-tls', 'the server does not speak TLS on that port']
const UNTRUSTED: Meaning = ['tls-invalid', 'the certificate of the server is not trusted, or is for another host']
const UNKNOWN_AUTHORITY: Meaning = [
  'tls-invalid',
  'the certificate comes from an authority that this computer does not know',
]

/** By Node's code: those of the system (`errno`), of getaddrinfo, of c-ares and of OpenSSL. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['ECONNREFUSED', ['refused', 'the server refuses the connection: nothing listens on that port']],
  ['ECONNRESET', CLOSED],
  ['ECONNABORTED', CLOSED],
  ['EPIPE', CLOSED],
  ['EHOSTUNREACH', NO_HOST],
  ['EHOSTDOWN', NO_HOST],
  ['ENETUNREACH', ['unreachable', 'there is no route to the network of the host']],
  ['ENETDOWN', ['unreachable', 'the network is down']],
  ['EADDRNOTAVAIL', ['unreachable', 'this computer has no address from which it could be reached']],
  ['EACCES', ['unreachable', 'a firewall forbids the connection']],
  ['EPERM', ['unreachable', 'a firewall of this computer forbids the connection']],
  ['ETIMEDOUT', NO_ANSWER],
  ['ENOTFOUND', NO_NAME],
  ['ENODATA', NO_NAME],
  ['EAI_NODATA', NO_NAME],
  ['EAI_NONAME', NO_NAME],
  ['EAI_ADDRFAMILY', NO_NAME],
  ['EAI_AGAIN', NO_NAME_SERVICE],
  ['EAI_FAIL', NO_NAME_SERVICE],
  ['EAI_SYSTEM', NO_NAME_SERVICE],
  ['ESERVFAIL', NO_NAME_SERVICE],
  ['ETIMEOUT', NO_NAME_SERVICE],
  ['EMFILE', EXHAUSTED],
  ['ENFILE', EXHAUSTED],
  ['ENOBUFS', EXHAUSTED],
  ['ENOMEM', EXHAUSTED],
  ['EAI_MEMORY', EXHAUSTED],
  ['ERR_SSL_WRONG_VERSION_NUMBER', NO_TLS],
  ['ERR_SSL_PACKET_LENGTH_TOO_LONG', NO_TLS],
  [TOO_MANY_INTERIM, ['not-http', 'the server announces an answer again and again (status 100 to 199) and gives none']],
  ['CERT_HAS_EXPIRED', ['tls-invalid', 'the certificate has expired']],
  ['CERT_NOT_YET_VALID', ['tls-invalid', 'the certificate is not valid yet, or the clock of this computer is wrong']],
  ['CERT_REVOKED', ['tls-invalid', 'the certificate has been revoked']],
  ['INVALID_PURPOSE', ['tls-invalid', 'the certificate is not meant for servers']],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', ['tls-invalid', 'the certificate is self-signed: nobody vouches for it']],
  ['SELF_SIGNED_CERT_IN_CHAIN', UNKNOWN_AUTHORITY],
  ['UNABLE_TO_GET_ISSUER_CERT', UNKNOWN_AUTHORITY],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', UNKNOWN_AUTHORITY],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    ['tls-invalid', 'the server does not send the certificate of the authority between it and a known one'],
  ],
])

/** Families of codes. The first that matches counts. */
const FAMILIES: readonly { pattern: RegExp; meaning: Meaning }[] = [
  { pattern: /^(?:CERT_|ERR_TLS)/, meaning: UNTRUSTED },
  { pattern: /^(?:ERR_SSL|EPROTO)/, meaning: ['tls-invalid', 'the server and this monitor do not agree on TLS'] },
  { pattern: /^HPE_/, meaning: ['not-http', 'what listens there does not answer in HTTP'] },
]

/** What an error says. One that nobody knows counts as `unreachable`. */
export function networkFault(error: unknown): NetworkFault {
  if (isTimeoutError(error)) return { verdict: 'timeout', code: 'TimeoutError', message: NO_ANSWER[1] }
  if (error instanceof ConnectionError && isVerdict(error.code)) {
    return { verdict: error.code, code: error.code, message: error.message }
  }
  const codes = codesOf(error)
  const known = codes.find((code) => meaningOf(code) !== null)
  const [verdict, message] = (known === undefined ? null : meaningOf(known)) ?? [
    'unreachable' as const,
    `the host cannot be reached (${codes[0] ?? 'unknown error'})`,
  ]
  return { verdict, code: known ?? codes[0] ?? 'unknown error', message }
}

const VERDICTS: ReadonlySet<string> = new Set(
  [...MEANINGS.values(), ...FAMILIES.map(({ meaning }) => meaning)].map(([verdict]) => verdict),
)

function isVerdict(code: ConnectionFault): code is NetworkVerdict {
  return VERDICTS.has(code)
}

function meaningOf(code: string): Meaning | null {
  return MEANINGS.get(code) ?? FAMILIES.find(({ pattern }) => pattern.test(code))?.meaning ?? null
}

function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return []
  // Where a name has several addresses, each attempt's error is in `errors`.
  const { code, errors } = error as { code?: unknown; errors?: unknown }
  const each: unknown[] = Array.isArray(errors) ? errors.map((one) => (one as { code?: unknown } | null)?.code) : []
  return [code, ...each].filter((one) => typeof one === 'string')
}
