import { parseDeviceAddress } from '../encoder/address.ts'
import { ENCODER_CHECKS } from '../health/checks/encoder.ts'
import { ENCODER_METRICS } from '../metrics/catalogue/encoder.ts'
import type { EncoderMeasurements } from '../observation/encoder.ts'
import { ENCODER_FAILURES } from '../observation/encoder.ts'
import type { Say, StatusWords } from '../observation/kind.ts'
import type { Observation } from '../observation/observation.ts'
import type { KindDescriptor } from './kind.ts'

/** What stands under a `web-presenter` node beside what stands under every probe node. */
const STATUS: StatusWords<'encoder', EncoderMeasurements> = { valueText }

/** Blackmagic encoders that are polled. */
export const ENCODER: KindDescriptor<'encoder'> = {
  kind: 'encoder',
  noun: 'encoder',
  label: 'Encoder',
  title: 'Encoders',
  list: 'webPresenters',
  variable: 'WEB_PRESENTERS',
  field: 'address',
  checks: ENCODER_CHECKS,
  metrics: ENCODER_METRICS,
  histograms: [],
  failures: ENCODER_FAILURES,
  status: STATUS,
  card: ({ deviceState, bytesPerSecond, cacheUsedRatio }, format) => [
    format.text(deviceState),
    deviceState === 'idle' ? null : format.megabits(bytesPerSecond),
    (cacheUsedRatio ?? 0) > 0 ? `cache ${format.percent(cacheUsedRatio)}` : null,
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
