import { PLATFORM_CHECKS } from '../health/checks/platform.ts'
import { type MetricDefinition, perLabel, single } from '../metrics/definition.ts'
import { everyKindMetrics } from '../metrics/every-kind.ts'
import type { Say, StatusWords } from '../observation/kind.ts'
import { INGEST_STATES, LIVE_STATES, PLATFORM_FAILURES, type PlatformMeasurements } from '../observation/platform.ts'
import type { KindDescriptor } from './kind.ts'

/** Metrics of every watched live event. */
const PLATFORM_METRICS: readonly MetricDefinition<PlatformMeasurements>[] = [
  ...everyKindMetrics<PlatformMeasurements>('platform', {
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

const STATUS: StatusWords<'platform', PlatformMeasurements> = {
  valueText({ measurements: { liveState, viewers } }, say: Say) {
    if (liveState === null) return null
    if (liveState === 'streaming' && viewers !== null) return say('status.viewers', { viewers })
    return say('status.value', { value: say(`live.${liveState}`) })
  },
  unusable: { 'no-token': 'status.noToken', 'token-invalid': 'status.tokenInvalid' },
}

/** Vimeo live events that are polled. */
export const PLATFORM: KindDescriptor<'platform'> = {
  kind: 'platform',
  noun: 'live event',
  label: 'Platform',
  title: 'Platform',
  lane: 'platform',
  list: 'vimeo',
  watchedBy: 'one-shard',
  variable: 'VIMEO_LIVE_EVENTS',
  field: 'liveEvent',
  checks: PLATFORM_CHECKS,
  metrics: PLATFORM_METRICS,
  histograms: [],
  measures: [{ name: 'viewers', unit: 'persons', title: 'Viewers', value: ({ viewers }) => viewers }],
  failures: PLATFORM_FAILURES,
  status: STATUS,
  card: ({ viewers, liveState }, format) => [
    format.words(liveState),
    typeof viewers === 'number' ? format.say('watching', { count: viewers }) : null,
  ],
  columns: {
    Event: ({ event }, format) => format.text(event?.title),
    Live: ({ liveState }, format) => format.words(liveState),
    Ingest: ({ ingestState }, format) => format.words(ingestState),
    Watching: ({ viewers }) => (typeof viewers === 'number' ? String(viewers) : null),
    'Next start': ({ nextStart }, format) => format.time(nextStart),
  },
  docs: {
    checks: 'What Vimeo says of a live event.',
    confirm: [
      "Open the live event on the platform's own page, logged in as its owner.",
      'Open the page as a viewer, in a private window.',
    ],
    dashboard: 'hmonitor-encoders-platform',
  },
}
