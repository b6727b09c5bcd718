import { type NetworkVerdict, NOTHING_KNOWN, networkFault } from '../../connection/network-error.ts'
import type { ServiceFault, ServiceFaultKind, ServicePhase } from '../../observation/service.ts'

/** Carries what is wrong with a service out of the phase in which it showed. */
export class FaultError extends Error {
  readonly fault: ServiceFault

  constructor(fault: ServiceFault) {
    super(fault.message)
    this.fault = fault
  }
}

/** In a service's own words, while the connection is being made; null: the monitor's own fault. */
const KINDS: Readonly<Record<NetworkVerdict, ServiceFaultKind | null>> = {
  refused: 'refused',
  closed: 'refused',
  unreachable: 'unreachable',
  timeout: 'timeout',
  'name-not-found': 'name-not-found',
  'tls-invalid': 'tls-invalid',
  'not-http': 'wrong-answer',
  'dns-failed': null,
  exhausted: null,
}

export function codeOf(error: unknown): string {
  return networkFault(error).code
}

/** Whether an error says something about the monitor's process and nothing about the service. */
export function isOwnFault(error: unknown): boolean {
  return NOTHING_KNOWN.has(networkFault(error).verdict)
}

/** @throws the error itself where it is the monitor's own */
export function faultOf(error: unknown, phase: ServicePhase): ServiceFault {
  if (error instanceof FaultError) return error.fault
  const { verdict, code, message } = networkFault(error)
  const kind = KINDS[verdict]
  if (kind === null) throw error
  if (phase === 'connect') return { kind, phase, message: verdict === 'closed' ? CLOSED : message }
  if (verdict === 'timeout') return { kind: 'timeout', phase, message: 'the server does not answer any more' }
  return { kind: 'wrong-answer', phase, message: `the server breaks off (${code})`, measured: code }
}

const CLOSED = 'the server ends the connection as soon as it is made'
