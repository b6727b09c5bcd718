import { parseDeviceAddress } from '../encoder/address.ts'
import { ENCODER_CHECKS } from '../health/checks/encoder.ts'
import { ENCODER_METRICS } from '../metrics/catalogue/encoder.ts'
import { ENCODER_FAILURES } from '../observation/encoder.ts'
import type { KindDescriptor } from './kind.ts'

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
