import type { ServiceMeasurements } from '../../observation/service.ts'
import type { Check } from '../check.ts'

/** What a service's target says that its checks need to know. */
export interface ServiceOptions {
  /** Whether a certificate matters. */
  verifyTls: boolean
}

export type ServiceCheck = Check<ServiceMeasurements, ServiceOptions>
