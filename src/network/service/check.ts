import { isIP, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { AbortScope, isTimeUp } from '../../connection/abort-scope.ts'
import { type AddressFamily, connectTo, lookUp } from '../../connection/connect.ts'
import { ConnectionError, networkFault } from '../../connection/network-error.ts'
import { FaultError, faultOf, Phases } from '../../connection/phases.ts'
import { authority } from '../../connection/request-hop.ts'
import type { Clock } from '../../observation/clock.ts'
import type { FailureCode } from '../../observation/observation.ts'
import type { ServiceFault, ServiceMeasurements, ServicePhase } from '../../observation/service.ts'
import { openApplication } from '../../rtmp/dialogue.ts'
import type { ServiceAddress } from './address.ts'
import { askHttp } from './http.ts'
import { secure } from './secure.ts'

export interface ServiceExpectations {
  /** Seconds for all phases together. */
  timeout: number
  verifyTls: boolean
  family: AddressFamily
  /** HTTP status that is accepted; empty: 200 to 299. */
  status: readonly number[]
  /** Text that the body of an HTTP answer must hold; empty: whatever it holds. */
  bodyContains: string
}

/** What one check found. */
export type ServiceAnswer = Pick<
  ServiceMeasurements,
  'durations' | 'address' | 'httpStatus' | 'certificate' | 'rtmpCode' | 'fault'
>

/** Why nothing is known of the service: the monitor's own fault. */
export interface ServiceFailure {
  code: FailureCode
  message: string
}

/** Seconds by which the end of the timeout may come late before this computer, and not the service, is too slow. */
const LATEST = 1

/**
 * Checks a service once, phase by phase, as far as its protocol goes, and ends the connection.
 *
 * @throws what `signal` aborts with
 */
export async function checkService(
  address: ServiceAddress,
  expectations: ServiceExpectations,
  clock: Clock,
  signal: AbortSignal,
): Promise<ServiceAnswer | { failure: ServiceFailure }> {
  const scope = new AbortScope(signal, expectations.timeout)
  const phases = new Phases(clock)
  const answer: ServiceAnswer = {
    durations: phases.durations,
    address: null,
    httpStatus: null,
    certificate: null,
    rtmpCode: null,
    fault: null,
  }
  const begun = clock.monotonic()
  try {
    await goThrough(address, expectations, phases, answer, scope.signal)
  } catch (error) {
    signal.throwIfAborted()
    const { verdict, code, message } = networkFault(error)
    if (phases.newest === 'connect' && NO_ROUTE.has(code) && !hasNetwork()) return { failure: NO_NETWORK }
    const isLate = isTimeUp(scope.signal) && !(error instanceof FaultError)
    const late = clock.monotonic() - begun - expectations.timeout
    if (isLate && late > LATEST) return { failure: overloaded(late) }
    if (verdict === 'dns-failed') return { failure: { code: verdict, message: NO_NAME_SERVICE } }
    if (verdict === 'exhausted') return { failure: { code: 'no-resources', message: `Nothing is known: ${message}` } }
    answer.fault = isLate ? timedOut(phases.newest, expectations.timeout) : faultOf(error, phases.newest)
    if (error instanceof FaultError) answer.certificate = error.certificate ?? answer.certificate
  } finally {
    scope.end()
  }
  return { ...answer, durations: phases.durations }
}

/** What the system says where it does not know where to send, and what no server can say. */
const NO_ROUTE: ReadonlySet<string> = new Set(['ENETUNREACH', 'ENETDOWN', 'EADDRNOTAVAIL'])

const NO_NETWORK: ServiceFailure = {
  code: 'no-network',
  message:
    'The computer on which this runs has no network, so nothing is known of the service. Check its cable, its Wi-Fi and its addresses.',
}

async function goThrough(
  address: ServiceAddress,
  expectations: ServiceExpectations,
  phases: Phases,
  answer: ServiceAnswer,
  signal: AbortSignal,
): Promise<void> {
  const { host, port, protocol, tls } = address
  const sockets: Socket[] = []
  try {
    // An IP address need not be looked up.
    if (isIP(host) === 0) phases.begin('dns')
    const lookup = await lookUp(host, expectations.family, signal)
    if (!lookup.found) throw notFound(lookup.code, lookup.message)
    phases.begin('connect')
    const plain = await connectTo({ host, port, addresses: lookup.addresses }, signal)
    sockets.push(plain)
    answer.address = plain.remoteAddress ?? null
    let socket = plain
    if (tls) {
      phases.begin('tls')
      const offered = protocol === 'https' ? ['http/1.1'] : []
      const secured = await secure(plain, host, expectations.verifyTls, offered, signal)
      answer.certificate = secured.certificate
      sockets.unshift(secured.socket)
      socket = secured.socket
    }
    phases.end()
    if (protocol === 'http' || protocol === 'https') {
      const { status, bodyContains } = expectations
      const seen = (code: number) => {
        answer.httpStatus = code
      }
      await askHttp(socket, { ...address, status, bodyContains }, phases, seen, signal)
    }
    if (protocol === 'rtmp' || protocol === 'rtmps') {
      answer.rtmpCode = await openApplication(socket, rtmpRequest(address), phases, signal)
    }
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

function rtmpRequest({ protocol, host, port, application }: ServiceAddress) {
  return { application, url: `${protocol}://${authority(host, port)}/${application}` }
}

function notFound(code: 'name-not-found' | 'dns-failed', message: string): Error {
  if (code === 'dns-failed') return new ConnectionError(code, message)
  return new FaultError({ kind: code, phase: 'dns', message, expected: 'an address' })
}

function timedOut(phase: ServicePhase, timeout: number): ServiceFault {
  const doing = {
    dns: 'the name is not found',
    connect: 'the host does not answer: it is off, or a firewall swallows the connection',
    tls: 'the server accepts the connection and does not go on with TLS',
    handshake: 'the server accepts the connection and does not go on with the RTMP handshake',
    response: 'the server accepts the connection and does not answer',
  }[phase]
  const message = `${doing} (${timeout} s)`
  return {
    kind: 'timeout',
    phase,
    message,
    measured: `no answer in ${timeout} s`,
    expected: `an answer within ${timeout} s`,
  }
}

const NO_NAME_SERVICE =
  'The name service does not answer, so the host name could not be looked up: check whether this computer has a network'

function overloaded(late: number): ServiceFailure {
  const message = `This computer was too slow to measure: it came ${late.toFixed(1)} s late to its own timers`
  return { code: 'late', message }
}

/**
 * Whether this computer has an address on a network that is up, beside its own loopback. Without one, nothing that it
 * cannot reach is to blame.
 */
function hasNetwork(): boolean {
  return Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ internal }) => !internal))
}
