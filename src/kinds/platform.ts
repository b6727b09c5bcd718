import { PLATFORM_CHECKS } from '../health/checks/platform.ts'
import { PLATFORM_METRICS } from '../metrics/catalogue/platform.ts'
import type { Say, StatusWords } from '../observation/kind.ts'
import type { PlatformMeasurements } from '../observation/platform.ts'
import { PLATFORM_FAILURES } from '../observation/platform.ts'
import type { KindDescriptor } from './kind.ts'

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
  list: 'vimeo',
  variable: 'VIMEO_LIVE_EVENTS',
  field: 'liveEvent',
  checks: PLATFORM_CHECKS,
  metrics: PLATFORM_METRICS,
  histograms: [],
  failures: PLATFORM_FAILURES,
  status: STATUS,
  card: ({ viewers, liveState }, format) => [
    format.words(liveState),
    typeof viewers === 'number' ? `${viewers} watching` : null,
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
