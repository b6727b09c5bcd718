import type { ServiceFault, ServiceFaultKind, ServicePhase } from '../../observation/service.ts'

/** Carries what is wrong with a service out of the phase in which it showed. */
export class FaultError extends Error {
  readonly fault: ServiceFault

  constructor(fault: ServiceFault) {
    super(fault.message)
    this.fault = fault
  }
}

/** What an error of a socket means, by Node's code, while the connection is being made. */
const CONNECTING: Readonly<Record<string, { kind: ServiceFaultKind; message: string }>> = {
  ECONNREFUSED: { kind: 'refused', message: 'the server refuses the connection: nothing listens on that port' },
  ECONNRESET: { kind: 'refused', message: 'the server ends the connection as soon as it is made' },
  EHOSTUNREACH: { kind: 'unreachable', message: 'there is no route to the host, or it is not on its network' },
  EHOSTDOWN: { kind: 'unreachable', message: 'the host is not on its network' },
  ENETUNREACH: { kind: 'unreachable', message: 'there is no route to the network of the host' },
  ENETDOWN: { kind: 'unreachable', message: 'the network is down' },
  EADDRNOTAVAIL: { kind: 'unreachable', message: 'this computer has no address from which it could be reached' },
  EACCES: { kind: 'unreachable', message: 'a firewall forbids the connection' },
  EPERM: { kind: 'unreachable', message: 'a firewall of this computer forbids the connection' },
  ETIMEDOUT: { kind: 'timeout', message: 'the host does not answer' },
}

/** Codes that say something about the monitor's process and nothing about the service. */
export const OWN_FAULTS: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM'])

export function codeOf(error: unknown): string {
  // Where a name has several addresses, each attempt's error is in `errors`.
  const { code, errors = [] } = error as { code?: string; errors?: { code?: string }[] }
  const codes = [code, ...errors.map((one) => one.code)].filter((one) => one !== undefined)
  return codes.find((one) => one in CONNECTING || OWN_FAULTS.has(one)) ?? codes[0] ?? 'unknown error'
}

/** @throws the error itself where it is the monitor's own */
export function faultOf(error: unknown, phase: ServicePhase): ServiceFault {
  if (error instanceof FaultError) return error.fault
  const code = codeOf(error)
  if (OWN_FAULTS.has(code)) throw error
  if (phase === 'connect') {
    return { phase, ...(CONNECTING[code] ?? { kind: 'unreachable', message: `the host cannot be reached (${code})` }) }
  }
  if (code === 'ETIMEDOUT') return { kind: 'timeout', phase, message: 'the server does not answer any more' }
  return { kind: 'wrong-answer', phase, message: `the server breaks off (${code})`, measured: code }
}

/** Shows what a server sent to a person: on one line, short. */
export function legible(text: string, most = 100): string {
  const plain = text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
  return plain.length <= most ? plain : `${plain.slice(0, most - 1)}…`
}
