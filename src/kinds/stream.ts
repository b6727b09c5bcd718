import { STREAM_CHECKS } from '../health/checks/stream.ts'
import { createProfiles } from '../health/profile-lookup.ts'
import { STREAM_CONNECT_DURATION, STREAM_METRICS } from '../metrics/catalogue/stream.ts'
import { STREAM_FAILURES } from '../observation/stream.ts'
import { parseStreamUrl } from '../secrets/stream-address.ts'
import type { KindDescriptor } from './kind.ts'

/** Live streams that are played and measured. */
export const STREAM: KindDescriptor<'stream'> = {
  kind: 'stream',
  noun: 'stream',
  label: 'Stream',
  title: 'Streams',
  list: 'streams',
  variable: 'RTMP_STREAMS',
  field: 'url',
  checks: STREAM_CHECKS,
  metrics: STREAM_METRICS,
  histograms: [STREAM_CONNECT_DURATION],
  failures: STREAM_FAILURES,
  refuse({ profile, profiles }) {
    if (profile !== null) createProfiles(profiles).get(profile)
  },
  refuseAddress: parseStreamUrl,
  docs: {
    checks: 'Faults on every platform.',
    confirm: [
      'Open the dashboard by the link in the message: since when is it so, and is it this stream alone or several?',
      'Play the stream from another place than the monitor, with VLC or ffplay, or look at it on the platform.',
      'Ask the monitor for a verdict: `rtmp-hmonitor inspect ADDRESS`, or `GET /api/v1/inspect?target=NAME`.',
      'Are all streams of one place affected? Then look at what they share first: the internet connection, the relay.',
    ],
    dashboard: 'hmonitor-stream',
  },
}
