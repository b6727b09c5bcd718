import { type NetworkVerdict, networkFault } from '../../connection/network-error.ts'
import type { BandwidthFailure, TransferFaultKind } from '../../observation/bandwidth.ts'
import type { Transfer } from './transfer.ts'

/** In a transfer's own words; `failure`: nothing is known of the server. */
const KINDS: Readonly<Record<NetworkVerdict, TransferFaultKind | { failure: BandwidthFailure }>> = {
  refused: 'refused',
  closed: 'wrong-answer',
  unreachable: 'unreachable',
  timeout: 'timeout',
  'name-not-found': 'name-not-found',
  'tls-invalid': 'tls-invalid',
  'not-tls': 'tls-invalid',
  'not-http': 'wrong-answer',
  'dns-failed': { failure: 'dns-failed' },
  exhausted: { failure: 'no-resources' },
}

/** Says what an error of an HTTP request means. Its own text is not used: it may hold the address. */
export function explainTransferError(error: unknown): Transfer {
  const { verdict, code, message } = networkFault(error)
  const kind = KINDS[verdict]
  if (typeof kind === 'object')
    return { outcome: 'failure', code: kind.failure, message: code === verdict ? message : `${message} (${code})` }
  if (verdict === 'closed')
    return { outcome: 'fault', kind, message: 'the server ended the connection during the test' }
  const detail = kind === 'tls-invalid' || verdict === 'not-http' ? ` (${code})` : ''
  return { outcome: 'fault', kind, message: message + detail }
}
