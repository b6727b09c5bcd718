import type { Clock } from '../observation/clock.ts'
import {
  type CertificateFacts,
  noDurations,
  type ServiceFault,
  type ServiceFaultKind,
  type ServicePhase,
} from '../observation/service.ts'
import { type NetworkVerdict, networkFault } from './network-error.ts'

export type Durations = Record<ServicePhase, number | null>

/** Times the phases of one check. */
export class Phases {
  readonly #clock: Clock
  readonly #durations = noDurations()
  #current: { phase: ServicePhase; since: number } | null = null
  #newest: ServicePhase = 'dns'

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The phase before, if one goes on, has ended well. */
  begin(phase: ServicePhase): void {
    this.end()
    this.#newest = phase
    this.#current = { phase, since: this.#clock.monotonic() }
  }

  end(): void {
    if (this.#current === null) return
    this.#durations[this.#current.phase] = this.#clock.monotonic() - this.#current.since
    this.#current = null
  }

  /** The one that goes on, or went on last. */
  get newest(): ServicePhase {
    return this.#newest
  }

  /** Seconds of those that ended well. */
  get durations(): Durations {
    return { ...this.#durations }
  }
}

/** Carries what is wrong with a service out of the phase in which it showed. */
export class FaultError extends Error {
  readonly fault: ServiceFault
  /** What the server showed all the same; null where it did not get as far. */
  readonly certificate: CertificateFacts | null

  constructor(fault: ServiceFault, certificate: CertificateFacts | null = null) {
    super(fault.message)
    this.fault = fault
    this.certificate = certificate
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
