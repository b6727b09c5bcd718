import type { Transfer, TransferFaultKind } from './transfer.ts'

interface Explanation {
  kind: TransferFaultKind
  message: string
}

const BY_CODE: Readonly<Record<string, Explanation>> = {
  ENOTFOUND: { kind: 'name-not-found', message: 'no address is known for the host name' },
  ECONNREFUSED: { kind: 'refused', message: 'the server refuses the connection: nothing listens on that port' },
  EHOSTUNREACH: { kind: 'unreachable', message: 'there is no route to the server' },
  ENETUNREACH: { kind: 'unreachable', message: 'there is no route to the network of the server' },
  ETIMEDOUT: { kind: 'timeout', message: 'the server does not answer' },
  ECONNRESET: { kind: 'wrong-answer', message: 'the server ended the connection during the test' },
  EPIPE: { kind: 'wrong-answer', message: 'the server ended the connection during the test' },
}

/** What Node calls certificates that cannot be verified, beside those that begin with `ERR_TLS` or `CERT_`. */
const OF_CERTIFICATES: ReadonlySet<string> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
])

/** Says what an error of an HTTP request means. Its own text is not used: it may hold the address. */
export function explainTransferError(error: unknown): Transfer {
  const { code, errors = [] } = error as { code?: string; errors?: { code?: string }[] }
  // Where a name has several addresses, each attempt's error is in `errors`.
  const codes = [code, ...errors.map((one) => one.code)].filter((one) => one !== undefined)
  if (codes.includes('EAI_AGAIN')) {
    return { outcome: 'failure', code: 'dns-failed', message: 'the host name could not be looked up (EAI_AGAIN)' }
  }
  for (const one of codes) {
    const known = BY_CODE[one]
    if (known) return { outcome: 'fault', ...known }
    if (OF_CERTIFICATES.has(one) || /^(?:CERT_|ERR_TLS|ERR_SSL|EPROTO)/.test(one)) {
      return { outcome: 'fault', kind: 'tls-invalid', message: `TLS fails (${one})` }
    }
    if (one.startsWith('HPE_')) {
      return { outcome: 'fault', kind: 'wrong-answer', message: `the answer is no HTTP (${one})` }
    }
  }
  return {
    outcome: 'fault',
    kind: 'unreachable',
    message: `the server cannot be reached (${codes[0] ?? 'unknown error'})`,
  }
}
