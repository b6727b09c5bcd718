import type { Reading } from '../../observation/reading.ts'
import {
  noDurations,
  SERVICE_FAULTS,
  type ServiceFault,
  type ServiceFaultKind,
  type ServiceMeasurements,
} from '../../observation/service.ts'
import type { ServiceAnswer, ServiceFailure } from './check.ts'

export const NOTHING_CHECKED: ServiceMeasurements = {
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
