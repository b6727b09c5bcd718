import { handover } from './handover.ts'

/** What a connection goes through, in this order. Which of them there are depends on the protocol. */
export const SERVICE_PHASES = ['dns', 'connect', 'tls', 'handshake', 'response'] as const
export type ServicePhase = (typeof SERVICE_PHASES)[number]

/** What can be wrong with a service: a closed list, also the reasons of an absent reading. */
export const SERVICE_FAULTS = [
  'name-not-found',
  'unreachable',
  'refused',
  'timeout',
  'tls-invalid',
  'wrong-answer',
] as const
export type ServiceFaultKind = (typeof SERVICE_FAULTS)[number]

export interface ServiceFault {
  kind: ServiceFaultKind
  phase: ServicePhase
  /** One clause without secrets: `the server refuses the connection: nothing listens on that port`. */
  message: string
  /** What was found and what should have been, where that can be named. */
  measured?: string | number
  expected?: string | number
}

/** What the server's certificate says. Texts are the server's own, shortened. */
export interface CertificateFacts {
  /** Unix time in seconds at which the first certificate of the chain expires, the root left out. */
  expires: number
  /** Until then, when it was looked at; negative where it is over. */
  secondsLeft: number
  subject: string
  issuer: string
  /** `TLSv1.3` */
  protocol: string | null
}

/** Why nothing may be known of one. */
export const SERVICE_FAILURES = ['dns-failed', 'no-network', 'no-resources'] as const
export type ServiceFailure = (typeof SERVICE_FAILURES)[number]

export interface ServiceMeasurements {
  /** The service answered as it should. Null while unknown. */
  up: boolean | null
  /** Cumulative since the watch began. */
  total: { checks: number; faults: Record<ServiceFaultKind, number> }
  /** Seconds of each phase of the newest check. Null: the protocol lacks the phase, or it was not completed. */
  durations: Record<ServicePhase, number | null>
  /** The IP address that answered; null where none did. */
  address: string | null
  httpStatus: number | null
  /** Null where there was no TLS, or it did not get as far. */
  certificate: CertificateFacts | null
  /** The `code` of the answer to an RTMP `connect`: `NetConnection.Connect.Success`. */
  rtmpCode: string | null
  /** What was wrong in the newest check; null where nothing was, or nothing is known. */
  fault: ServiceFault | null
}

/** Each phase that there is, without a duration. */
export function noDurations(): Record<ServicePhase, number | null> {
  return { dns: null, connect: null, tls: null, handshake: null, response: null }
}

export const SERVICE_HANDOVER = handover<ServiceMeasurements>({
  up: 'moment',
  total: 'stays',
  durations: { nothing: noDurations() },
  address: 'moment',
  httpStatus: 'moment',
  certificate: 'moment',
  rtmpCode: 'moment',
  fault: 'moment',
})
