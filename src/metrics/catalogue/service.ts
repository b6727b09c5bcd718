import { SERVICE_PHASES, type ServiceMeasurements } from '../../observation/service.ts'
import { commonMetrics } from './common.ts'
import { type MetricDefinition, perLabel, single } from './definition.ts'

/** Metrics of every service. */
export const SERVICE_METRICS: readonly MetricDefinition<ServiceMeasurements>[] = [
  ...commonMetrics<ServiceMeasurements>('service', {
    up: (m) => m.up,
    upHelp: 'Whether the service answers as it should. Absent while unknown.',
    info: {
      names: ['address', 'tls_version', 'certificate_subject', 'certificate_issuer'],
      values: ({ address, certificate }) => ({
        address,
        tls_version: certificate?.protocol ?? null,
        certificate_subject: certificate?.subject ?? null,
        certificate_issuer: certificate?.issuer ?? null,
      }),
    },
  }),
  perLabel(
    'gauge',
    'hmonitor_service_duration_seconds',
    'Time that a phase of the newest check took. Absent where the protocol lacks the phase, or it was not completed.',
    'phase',
    SERVICE_PHASES,
    (o, phase) => o.measurements.durations[phase],
  ),
  single(
    'gauge',
    'hmonitor_service_http_status',
    'Status of the newest HTTP answer. Absent where there was none.',
    (o) => o.measurements.httpStatus,
  ),
  single(
    'gauge',
    'hmonitor_service_tls_expiry_timestamp_seconds',
    'Unix time at which the first certificate of the chain expires, the root left out.',
    (o) => o.measurements.certificate?.expires ?? null,
  ),
]
