import { MonitorError } from '../../observation/errors.ts'
import type { ProbeContext, Reading } from '../../observation/reading.ts'
import {
  noDurations,
  SERVICE_FAULTS,
  SERVICE_HANDOVER,
  type ServiceFault,
  type ServiceFaultKind,
  type ServiceMeasurements,
} from '../../observation/service.ts'
import { PolledProbe } from '../../polling/polled-probe.ts'
import { parseServiceUrl, type ServiceAddress } from './address.ts'
import { checkService, type ServiceAnswer, type ServiceExpectations, type ServiceFailure } from './check.ts'

/** What a probe must know of its target. */
export interface ServiceSettings extends ServiceExpectations {
  name: string
  /** May hold `${NAME}`. */
  url: string
  /** Seconds between the beginnings of two checks. */
  interval: number
}

export type ServiceContext = ProbeContext<ServiceMeasurements>

/** Seconds beyond the timeout, after which the monitor itself is at fault. */
const ALLOWANCE = 5

/** Checks one service once an interval. */
export function serviceProbe(settings: ServiceSettings, context: ServiceContext): PolledProbe<ServiceMeasurements> {
  const { name, interval, timeout } = settings
  const { clock, redact, before } = context
  const record = new ServiceRecord(before)
  return new PolledProbe<ServiceMeasurements>({
    name,
    interval,
    limit: timeout + ALLOWANCE,
    clock,
    initial: before ? SERVICE_HANDOVER.withoutValues(before) : NOTHING_CHECKED,
    handover: SERVICE_HANDOVER,
    redact,
    poll: (signal) => checkOnce(settings, context, record, signal),
  })
}

async function checkOnce(
  settings: ServiceSettings,
  { clock, expand, redact }: ServiceContext,
  record: ServiceRecord,
  signal: AbortSignal,
): Promise<Reading<ServiceMeasurements>> {
  let address: ServiceAddress
  try {
    address = parseServiceUrl(expand(settings.url))
  } catch (error) {
    if (error instanceof MonitorError) return record.failed(error)
    throw error
  }
  const answer = await checkService(address, settings, clock, signal)
  return 'failure' in answer ? record.failed(answer.failure) : record.answered(withoutSecrets(answer, redact))
}

/** A server may tell again what it was asked with, and an address may itself be a secret. */
function withoutSecrets(answer: ServiceAnswer, redact: (text: string) => string): ServiceAnswer {
  const shown = (value: string | null) => (value === null ? null : redact(value))
  const { fault, certificate } = answer
  return {
    ...answer,
    address: shown(answer.address),
    rtmpCode: shown(answer.rtmpCode),
    certificate: certificate && {
      ...certificate,
      subject: redact(certificate.subject),
      issuer: redact(certificate.issuer),
    },
    fault: fault && {
      ...fault,
      message: redact(fault.message),
      ...(typeof fault.measured === 'string' && { measured: redact(fault.measured) }),
      ...(typeof fault.expected === 'string' && { expected: redact(fault.expected) }),
    },
  }
}

const NOTHING_CHECKED: ServiceMeasurements = {
  up: null,
  total: {
    checks: 0,
    faults: Object.fromEntries(SERVICE_FAULTS.map((kind) => [kind, 0])) as Record<ServiceFaultKind, number>,
  },
  durations: noDurations(),
  address: null,
  httpStatus: null,
  certificate: null,
  rtmpCode: null,
  fault: null,
}

/** What has been measured of one service. No timers, no sockets. */
export class ServiceRecord {
  #total: ServiceMeasurements['total']

  /** @param before of the same target under other settings: its totals go on */
  constructor(before: ServiceMeasurements = NOTHING_CHECKED) {
    this.#total = before.total
  }

  answered(answer: ServiceAnswer): Reading<ServiceMeasurements> {
    const { fault } = answer
    const faults = { ...this.#total.faults }
    if (fault !== null) faults[fault.kind] += 1
    this.#total = { checks: this.#total.checks + 1, faults }
    const measurements: ServiceMeasurements = { up: fault === null, total: this.#total, ...answer }
    if (fault === null) return { outcome: 'present', measurements }
    return { outcome: 'absent', reason: reasonOf(fault), message: fault.message, measurements }
  }

  failed({ code, message }: ServiceFailure): Reading<ServiceMeasurements> {
    return { outcome: 'unknown', code, message, measurements: { ...NOTHING_CHECKED, total: this.#total } }
  }
}

/**
 * A host that does not even accept the connection looks the same whether it is off or the way to it is cut: that is
 * `unreachable`, about which a control host may know better, though the issue is called by its name.
 */
function reasonOf({ kind, phase }: ServiceFault): ServiceFault['kind'] {
  return kind === 'timeout' && phase === 'connect' ? 'unreachable' : kind
}
