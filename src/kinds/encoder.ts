import { parseDeviceAddress } from '../encoder/address.ts'
import { ENCODER_CHECKS } from '../health/checks/encoder.ts'
import type { Measure } from '../history/measures.ts'
import { type MetricDefinition, perLabel, single } from '../metrics/definition.ts'
import { everyKindMetrics } from '../metrics/every-kind.ts'
import { DEVICE_STATES, type DeviceState, ENCODER_FAILURES, type EncoderMeasurements } from '../observation/encoder.ts'
import type { Say, StatusWords } from '../observation/kind.ts'
import type { Observation } from '../observation/observation.ts'
import type { KindDescriptor } from './kind.ts'

/** Metrics of every watched encoder. */
const ENCODER_METRICS: readonly MetricDefinition<EncoderMeasurements>[] = [
  ...everyKindMetrics<EncoderMeasurements>('encoder', {
    up: (m) => m.up,
    upHelp: 'Whether the encoder answers, whatever it does. Absent while unknown.',
    info: {
      names: ['model', 'device_label', 'software', 'video_format', 'protocol'],
      values: ({ device, videoFormat, protocol }) => ({
        model: device.model,
        device_label: device.label,
        software: device.software,
        video_format: videoFormat,
        protocol,
      }),
    },
  }),
  perLabel(
    'gauge',
    'hmonitor_encoder_device_state',
    'What the encoder says that it does: 1 for that state, 0 for the others. Absent while it does not answer.',
    'state',
    DEVICE_STATES,
    ({ measurements: { deviceState } }, state) => (deviceState === null ? null : deviceState === state),
  ),
  single(
    'gauge',
    'hmonitor_encoder_bytes_per_second',
    'Rate that the encoder says; not measured. Some say one while they are idle, though nothing leaves them.',
    (o) => o.measurements.bytesPerSecond,
  ),
  single(
    'gauge',
    'hmonitor_encoder_cache_used_ratio',
    'How full the cache of the encoder is, from 0 to 1. Absent where the encoder does not say.',
    (o) => o.measurements.cacheUsedRatio,
  ),
  single(
    'gauge',
    'hmonitor_encoder_duration_seconds',
    'Time on air, as the encoder says. Absent while idle.',
    (o) => o.measurements.duration,
  ),
]

/** The rate of a device that sends nothing is what it would send: some say one while they are idle. */
const SENDING: ReadonlySet<DeviceState | null> = new Set<DeviceState>(['streaming', 'flushing', 'interrupted'])

const ifSending = (value: number | null, { deviceState }: EncoderMeasurements) =>
  SENDING.has(deviceState) ? value : null

const MEASURES: readonly Measure<EncoderMeasurements>[] = [
  {
    name: 'encoderBytesPerSecond',
    unit: 'B/s',
    title: 'Sent by the encoder',
    value: (m) => ifSending(m.bytesPerSecond, m),
  },
  {
    name: 'cacheUsedRatio',
    unit: 'ratio',
    title: 'Cache of the encoder',
    value: (m) => ifSending(m.cacheUsedRatio, m),
  },
]

/** What stands under a `web-presenter` node beside what stands under every probe node. */
const STATUS: StatusWords<'encoder', EncoderMeasurements> = { valueText }

/** Blackmagic encoders that are polled. */
export const ENCODER: KindDescriptor<'encoder'> = {
  kind: 'encoder',
  noun: 'encoder',
  label: 'Encoder',
  title: 'Encoders',
  lane: 'encoder',
  list: 'webPresenters',
  watchedBy: 'one-shard',
  variable: 'WEB_PRESENTERS',
  field: 'address',
  checks: ENCODER_CHECKS,
  metrics: ENCODER_METRICS,
  histograms: [],
  measures: MEASURES,
  failures: ENCODER_FAILURES,
  status: STATUS,
  card: ({ deviceState, bytesPerSecond, cacheUsedRatio }, format) => [
    format.words(deviceState),
    deviceState === 'idle' ? null : format.megabits(bytesPerSecond),
    (cacheUsedRatio ?? 0) > 0 ? format.say('cache', { share: format.percent(cacheUsedRatio) }) : null,
  ],
  columns: {
    Status: ({ deviceState }, format) => format.words(deviceState),
    Bitrate: ({ deviceState, bytesPerSecond }, format) =>
      deviceState === 'idle' ? null : format.megabits(bytesPerSecond),
    Cache: ({ cacheUsedRatio }, format) => format.percent(cacheUsedRatio),
    'On air': ({ duration }, format) => format.span(duration),
    Video: ({ videoFormat }, format) => format.words(videoFormat),
    Model: ({ device }, format) => format.text(device?.model),
  },
  refuseAddress: parseDeviceAddress,
  docs: {
    checks: 'What a Blackmagic encoder says of itself.',
    confirm: [
      'Check the encoder itself: its display, its lamps, its web page or Setup program.',
      'Compare with the stream: does it arrive at the relay or the platform?',
    ],
    dashboard: 'hmonitor-encoders-platform',
  },
}

function valueText({ measurements }: Observation<'encoder', EncoderMeasurements>, say: Say): string | null {
  const { deviceState, bytesPerSecond } = measurements
  if (deviceState === null) return null
  if (deviceState !== 'streaming' || bytesPerSecond === null) return say(`device.${deviceState}`)
  return say('status.bitrate', { megabits: ((bytesPerSecond * 8) / 1e6).toFixed(1) })
}
