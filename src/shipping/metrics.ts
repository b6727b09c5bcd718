import type { MetricText, OwnCounter } from '../observation/own-metric.ts'
import { WAYS, type Way } from './destination.ts'

const RESULTS = ['shipped', 'duplicate', 'failure-store', 'rejected', 'lost'] as const
export type LineResult = (typeof RESULTS)[number]

export const SHIPPED_LINES: OwnCounter<'way' | 'result'> = {
  name: 'hmonitor_log_shipping_lines_total',
  type: 'counter',
  help: 'Lines of the log by what became of them on their way to an index: shipped, duplicate where it had them, failure-store where it keeps what its mapping does not take, rejected and kept aside, lost because too many waited.',
  labels: ['way', 'result'],
  zeros: WAYS.flatMap((way) => RESULTS.map((result) => ({ way, result }))),
}

export const SHIPPING_FAILURES: OwnCounter<'way'> = {
  name: 'hmonitor_log_shipping_failures_total',
  type: 'counter',
  help: 'Requests with lines of the log that came to nothing and are made again.',
  labels: ['way'],
  zeros: WAYS.map((way) => ({ way })),
}

const SHIPPING_WAITING: MetricText = {
  name: 'hmonitor_log_shipping_waiting_lines',
  type: 'gauge',
  help: 'Lines of the log that wait to be shipped. Absent where no log node ships.',
  labels: ['way'],
}

const SHIPPING_QUEUE: MetricText = {
  name: 'hmonitor_log_shipping_queue_ratio',
  type: 'gauge',
  help: 'How much of the room for lines that wait to be shipped is taken, 0 to 1; of several log nodes, the fullest.',
  labels: ['way'],
}

const SHIPPING_FAILING: MetricText = {
  name: 'hmonitor_log_shipping_failing_since_timestamp_seconds',
  type: 'gauge',
  help: 'Since when no line of the log has been taken, while some wait. Absent while all is well.',
  labels: ['way'],
}

const SHIPPING_SUCCESS: MetricText = {
  name: 'hmonitor_log_shipping_last_success_timestamp_seconds',
  type: 'gauge',
  help: 'When lines of the log were taken last. Absent before the first time since the start.',
  labels: ['way'],
}

const SHIPPING_CERTIFICATE: MetricText = {
  name: 'hmonitor_log_shipping_certificate_expiry_timestamp_seconds',
  type: 'gauge',
  help: 'When the certificate ends that Elasticsearch or Logstash has shown last; of several log nodes, the first to end. Absent without TLS and before the first answer.',
  labels: ['way'],
}

/** What one `log` node says of its shipping. Times in milliseconds since the epoch. */
export interface ShippingState {
  readonly way: Way
  readonly waiting: number
  /** Bytes of them, and how many may wait. */
  readonly bytes: number
  readonly limit: number
  readonly lastSuccess: number | null
  /** When the certificate ends that the other side has shown last; null: none. */
  readonly certificateEnds: number | null
  /** Why nothing is taken, in words; null where all is well. */
  readonly error: string | null
  readonly failingSince: number | null
  /** Why what waits is not on disk, or null. */
  readonly problem: string | null
  /** Lines that would be gone if the process ended now. */
  readonly inMemory: number
  /** Whether lines are lost now, because no more may wait, and how many were since the start. */
  readonly isLosing: boolean
  readonly lost: number
  /** Lines that were refused for good since the start, why the last of them, and when. */
  readonly rejected: { readonly lines: number; readonly why: string; readonly at: number } | null
}

interface Sample {
  labels: { way: Way }
  value: number
}

/** What each gauge shows of the nodes of one way; null where nothing is to be shown. */
const FIGURES: ReadonlyMap<MetricText, (states: readonly ShippingState[]) => number | null> = new Map([
  [SHIPPING_WAITING, (states) => states.reduce((sum, { waiting }) => sum + waiting, 0)],
  [SHIPPING_QUEUE, (states) => Math.max(...states.map(({ bytes, limit }) => bytes / limit))],
  [SHIPPING_FAILING, (states) => seconds(states, ({ failingSince }) => failingSince, Math.min)],
  [SHIPPING_SUCCESS, (states) => seconds(states, ({ lastSuccess }) => lastSuccess, Math.max)],
  [SHIPPING_CERTIFICATE, (states) => seconds(states, ({ certificateEnds }) => certificateEnds, Math.min)],
])

export const SHIPPING_GAUGES: readonly MetricText[] = [...FIGURES.keys()]

export function shippingSeries(gauge: MetricText, states: readonly ShippingState[]): Sample[] {
  return WAYS.flatMap((way) => {
    const own = states.filter((state) => state.way === way)
    const value = own.length === 0 ? null : (FIGURES.get(gauge)?.(own) ?? null)
    return value === null ? [] : [{ labels: { way }, value }]
  })
}

function seconds(
  states: readonly ShippingState[],
  pick: (state: ShippingState) => number | null,
  choose: (...times: number[]) => number,
): number | null {
  const times = states.map(pick).filter((time) => time !== null)
  return times.length === 0 ? null : choose(...times) / 1000
}
