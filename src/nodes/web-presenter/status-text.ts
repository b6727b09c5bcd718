import type { Say, StatusWords } from '../../node-red/probe-status.ts'
import type { EncoderMeasurements } from '../../observation/encoder.ts'
import type { Observation } from '../../observation/observation.ts'

/** What stands under a `web-presenter` node beside what stands under every probe node. */
export const ENCODER_STATUS: StatusWords<'encoder', EncoderMeasurements> = { valueText }

function valueText({ measurements }: Observation<'encoder', EncoderMeasurements>, say: Say): string | null {
  const { deviceState, bytesPerSecond } = measurements
  if (deviceState === null) return null
  if (deviceState !== 'streaming' || bytesPerSecond === null) return say(`device.${deviceState}`)
  return say('status.bitrate', { megabits: ((bytesPerSecond * 8) / 1e6).toFixed(1) })
}
