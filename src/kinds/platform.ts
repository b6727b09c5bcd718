import { PLATFORM_CHECKS } from '../health/checks/platform.ts'
import { PLATFORM_METRICS } from '../metrics/catalogue/platform.ts'
import { PLATFORM_FAILURES } from '../observation/platform.ts'
import type { KindDescriptor } from './kind.ts'

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
  docs: {
    checks: 'What Vimeo says of a live event.',
    confirm: [
      "Open the live event on the platform's own page, logged in as its owner.",
      'Open the page as a viewer, in a private window.',
    ],
    dashboard: 'hmonitor-encoders-platform',
  },
}
