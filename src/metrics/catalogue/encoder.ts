import { DEVICE_STATES, type EncoderMeasurements } from '../../observation/encoder.ts'
import { commonMetrics } from './common.ts'
import { type MetricDefinition, perLabel, single } from './definition.ts'

/** Metrics of every watched encoder. */
export const ENCODER_METRICS: readonly MetricDefinition<EncoderMeasurements>[] = [
  ...commonMetrics<EncoderMeasurements>('encoder', {
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
