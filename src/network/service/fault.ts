import { type NetworkVerdict, networkFault } from '../../connection/network-error.ts'
import type { ServiceFault, ServiceFaultKind, ServicePhase } from '../../observation/service.ts'

/** Carries what is wrong with a service out of the phase in which it showed. */
export class FaultError extends Error {
  readonly fault: ServiceFault

  constructor(fault: ServiceFault) {
    super(fault.message)
    this.fault = fault
  }
}

/** In a service's own words, while the connection is being made. Where nothing is known of it, nothing is its fault. */
const KINDS: Readonly<Record<Exclude<NetworkVerdict, 'dns-failed' | 'exhausted'>, ServiceFaultKind>> = {
  refused: 'refused',
  closed: 'refused',
  unreachable: 'unreachable',
  timeout: 'timeout',
  'name-not-found': 'name-not-found',
  'tls-invalid': 'tls-invalid',
  'not-tls': 'wrong-answer',
  'not-http': 'wrong-answer',
}

/** @throws the error itself where it says nothing of the service */
export function faultOf(error: unknown, phase: ServicePhase): ServiceFault {
  if (error instanceof FaultError) return error.fault
  const { verdict, code, message } = networkFault(error)
  if (verdict === 'dns-failed' || verdict === 'exhausted') throw error
  const kind = KINDS[verdict]
  if (phase === 'connect') return { kind, phase, message: verdict === 'closed' ? CLOSED : message }
  if (verdict === 'timeout') return { kind: 'timeout', phase, message: 'the server does not answer any more' }
  return { kind: 'wrong-answer', phase, message: `the server breaks off (${code})`, measured: code }
}

const CLOSED = 'the server ends the connection as soon as it is made'
