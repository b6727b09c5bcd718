import { INGEST_STATES, LIVE_STATES, type PlatformMeasurements } from '../../observation/platform.ts'
import { commonMetrics } from './common.ts'
import { type MetricDefinition, perLabel, single } from './definition.ts'

/** Metrics of every watched live event. */
export const PLATFORM_METRICS: readonly MetricDefinition<PlatformMeasurements>[] = [
  ...commonMetrics<PlatformMeasurements>('platform', {
    up: (m) => m.up,
    upHelp: 'Whether the platform answers and knows the event. Absent while unknown. It does not say that it is live.',
    info: {
      names: ['event', 'event_type', 'title', 'encoder_type'],
      values: ({ event, session }) => ({
        event: event?.id ?? null,
        event_type: event?.type ?? null,
        title: event?.title ?? null,
        encoder_type: session?.encoderType ?? null,
      }),
    },
  }),
  perLabel(
    'gauge',
    'hmonitor_platform_live_state',
    "State of the live event by the platform's own names: 1 for the one it is in, 0 for the others. Absent while unknown.",
    'state',
    LIVE_STATES,
    ({ measurements: { liveState } }, state) => (liveState === null ? null : liveState === state),
  ),
  perLabel(
    'gauge',
    'hmonitor_platform_ingest_state',
    'State of the ingest: 1 for the one it is in, 0 for the others. Absent where the account is not told.',
    'state',
    INGEST_STATES,
    ({ measurements: { ingestState } }, state) => (ingestState === null ? null : ingestState === state),
  ),
  single(
    'gauge',
    'hmonitor_platform_viewers',
    'Viewers now. Absent while not live, and where the account is not told.',
    (o) => o.measurements.viewers,
  ),
  single(
    'gauge',
    'hmonitor_platform_rate_limit_remaining',
    "Requests that are left of the account's allowance, as the newest answer says.",
    (o) => o.measurements.rateLimit?.remaining ?? null,
  ),
]
