import { SERVICE_CHECKS } from '../health/checks/service.ts'
import { type MetricDefinition, perLabel, single } from '../metrics/definition.ts'
import { everyKindMetrics } from '../metrics/every-kind.ts'
import { parseServiceUrl } from '../network/service/address.ts'
import type { StatusWords } from '../observation/kind.ts'
import { SERVICE_FAILURES, SERVICE_PHASES, type ServiceMeasurements } from '../observation/service.ts'
import type { KindDescriptor } from './kind.ts'

/** Metrics of every service. */
const SERVICE_METRICS: readonly MetricDefinition<ServiceMeasurements>[] = [
  ...everyKindMetrics<ServiceMeasurements>('service', {
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

/** Seconds from the look-up of the name to the answer, of a check that was answered as it should be. */
function connectDuration({ up, durations }: ServiceMeasurements): number | null {
  if (up !== true) return null
  const phases = Object.values(durations).filter((seconds) => seconds !== null)
  return phases.length === 0 ? null : phases.reduce((sum, seconds) => sum + seconds, 0)
}

/** What stands under a `service` node beside what stands under every probe node. */
const STATUS: StatusWords<'service', ServiceMeasurements> = {
  valueText({ measurements: { durations, httpStatus } }, say) {
    const seconds = Object.values(durations).reduce<number>((sum, duration) => sum + (duration ?? 0), 0)
    const milliseconds = Math.max(1, Math.round(seconds * 1000))
    return httpStatus === null
      ? say('status.duration', { milliseconds })
      : say('status.statusAndDuration', { status: httpStatus, milliseconds })
  },
}

/** Servers to which a connection is made, each phase timed. */
export const SERVICE: KindDescriptor<'service'> = {
  kind: 'service',
  noun: 'service',
  label: 'Service',
  title: 'Services',
  lane: 'network',
  list: 'services',
  watchedBy: 'each-that-needs-it',
  variable: 'SERVICES',
  field: 'url',
  checks: SERVICE_CHECKS,
  metrics: SERVICE_METRICS,
  histograms: [],
  measures: [{ name: 'connectDuration', unit: 's', title: 'Until it answers', value: connectDuration }],
  failures: SERVICE_FAILURES,
  status: STATUS,
  card: ({ durations }, format) => {
    const phases = Object.values(durations ?? {}).filter((duration) => typeof duration === 'number')
    return [phases.length > 0 ? format.milliseconds(phases.reduce((sum, duration) => sum + duration, 0)) : null]
  },
  columns: {
    DNS: ({ durations }, format) => format.milliseconds(durations?.dns),
    Connect: ({ durations }, format) => format.milliseconds(durations?.connect),
    TLS: ({ durations }, format) => format.milliseconds(durations?.tls),
    Handshake: ({ durations }, format) => format.milliseconds(durations?.handshake),
    Answer: ({ durations, httpStatus }, format) => {
      const duration = format.milliseconds(durations?.response)
      return httpStatus ? format.say('answerIn', { status: httpStatus, time: duration ?? '–' }) : duration
    },
    Certificate: ({ certificate }, format) => {
      const seconds = certificate?.secondsLeft
      if (typeof seconds !== 'number') return null
      const days = Math.floor(seconds / 86400)
      return seconds < 0 ? format.say('expired') : format.count(days, 'dayLeft', 'daysLeft')
    },
  },
  refuseAddress: parseServiceUrl,
  docs: {
    checks: 'Whether a server does what a client needs of it, phase by phase.',
    confirm: [
      'Connect by hand from another network: `curl -v ADDRESS` for HTTP, `openssl s_client -connect HOST:PORT` for TLS.',
      'Look at the status page of whoever runs the service.',
    ],
    dashboard: 'hmonitor-network',
  },
}
