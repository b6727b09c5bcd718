import { SERVICE_CHECKS } from '../health/checks/service.ts'
import { SERVICE_METRICS } from '../metrics/catalogue/service.ts'
import { parseServiceUrl } from '../network/service/address.ts'
import type { StatusWords } from '../observation/kind.ts'
import type { ServiceMeasurements } from '../observation/service.ts'
import { SERVICE_FAILURES } from '../observation/service.ts'
import type { KindDescriptor } from './kind.ts'

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
  list: 'services',
  variable: 'SERVICES',
  field: 'url',
  checks: SERVICE_CHECKS,
  metrics: SERVICE_METRICS,
  histograms: [],
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
      return httpStatus ? `${httpStatus} in ${duration ?? '–'}` : duration
    },
    Certificate: ({ certificate }) => {
      const seconds = certificate?.secondsLeft
      if (typeof seconds !== 'number') return null
      const days = Math.floor(seconds / 86400)
      return seconds < 0 ? 'expired' : `${days} ${days === 1 ? 'day' : 'days'} left`
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
