import { STREAM_CHECKS } from '../health/checks/stream.ts'
import { createProfiles } from '../health/profile-lookup.ts'
import type { Measure } from '../history/measures.ts'
import type { Say, StatusWords } from '../observation/kind.ts'
import type { Observation } from '../observation/observation.ts'
import type { Rates, StreamMeasurements } from '../observation/stream.ts'
import { STREAM_FAILURES } from '../observation/stream.ts'
import { joinStreamKey, parseStreamUrl } from '../secrets/stream-address.ts'
import type { KindDescriptor } from './kind.ts'
import { STREAM_CONNECT_DURATION, STREAM_METRICS } from './stream-metrics.ts'

/** Over the last second, so that least and greatest of ten seconds are not those of a longer window. */
const MEASURES: readonly Measure<StreamMeasurements>[] = [
  { name: 'videoBytesPerSecond', unit: 'B/s', title: 'Video', value: ({ last1s }) => last1s.videoBytesPerSecond },
  { name: 'audioBytesPerSecond', unit: 'B/s', title: 'Audio', value: ({ last1s }) => last1s.audioBytesPerSecond },
  { name: 'framesPerSecond', unit: '1/s', title: 'Frame rate', value: ({ last1s }) => last1s.framesPerSecond },
  { name: 'realtimeRatio', unit: 'ratio', title: 'Media per second', value: ({ last1s }) => last1s.realtimeRatio },
  { name: 'drift', unit: 's', title: 'Drift', value: ({ drift }) => drift },
  { name: 'keyframeInterval', unit: 's', title: 'Key frame interval', value: (m) => m.keyframeInterval },
]

/** What stands under an `ffprobe` node beside what stands under every probe node. */
const STATUS: StatusWords<'stream', StreamMeasurements> = {
  unusable: { 'no-ffprobe': 'status.noFfprobe', 'no-ffmpeg': 'status.noFfmpeg' },
  valueText,
}

/** Live streams that are played and measured. */
export const STREAM: KindDescriptor<'stream'> = {
  kind: 'stream',
  noun: 'stream',
  label: 'Stream',
  title: 'Streams',
  lane: 'stream',
  list: 'streams',
  watchedBy: 'one-shard',
  variable: 'RTMP_STREAMS',
  field: 'url',
  checks: STREAM_CHECKS,
  metrics: STREAM_METRICS,
  histograms: [STREAM_CONNECT_DURATION],
  measures: MEASURES,
  failures: STREAM_FAILURES,
  status: STATUS,
  card: ({ last10s }, format) => {
    const { videoBytesPerSecond: video, audioBytesPerSecond: audio, framesPerSecond: frames } = last10s ?? {}
    const isKnown = typeof video === 'number' || typeof audio === 'number'
    return [
      isKnown ? format.megabits((video ?? 0) + (audio ?? 0)) : null,
      typeof frames === 'number' ? `${frames.toFixed(0)} fps` : null,
    ]
  },
  join(target) {
    target.url = joinStreamKey(target.url, target.key ?? '')
    delete target.key
  },
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

function valueText({ measurements }: Observation<'stream', StreamMeasurements>, say: Say): string | null {
  return bitrateText(measurements.last1s, say)
}

/** Bitrate and frame rate; null where nothing is known of them. */
export function bitrateText(rates: Rates, say: Say): string | null {
  const { videoBytesPerSecond: video, audioBytesPerSecond: audio, framesPerSecond } = rates
  if (video === null && audio === null) return null
  const values = { state: say('common.state.ok'), megabits: megabits((video ?? 0) + (audio ?? 0)) }
  if (framesPerSecond === null || video === null) return say('status.bitrate', values)
  return say('status.bitrateAndFrames', { ...values, frames: Math.round(framesPerSecond) })
}

/** One decimal below 100 Mb/s. */
function megabits(bytesPerSecond: number): string {
  const value = (bytesPerSecond * 8) / 1e6
  return value.toFixed(value < 99.95 ? 1 : 0)
}
