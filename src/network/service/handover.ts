import type { Handover } from '../../observation/handover.ts'
import type { ServiceMeasurements } from '../../observation/service.ts'
import { NOTHING_CHECKED } from './record.ts'

export const SERVICE_HANDOVER: Handover<ServiceMeasurements> = {
  withoutValues: ({ total }) => ({ ...NOTHING_CHECKED, total }),
  withoutNews: (measurements) => measurements,
  withNewsOf: (_older, newer) => newer,
}
