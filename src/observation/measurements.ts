import type { BandwidthMeasurements } from './bandwidth.ts'
import type { EncoderMeasurements } from './encoder.ts'
import type { PingMeasurements } from './ping.ts'
import type { PlatformMeasurements } from './platform.ts'
import type { ServiceMeasurements } from './service.ts'
import type { StreamMeasurements } from './stream.ts'

/** What is measured of a target of each kind. */
export interface MeasurementsOf {
  stream: StreamMeasurements
  ping: PingMeasurements
  service: ServiceMeasurements
  bandwidth: BandwidthMeasurements
  encoder: EncoderMeasurements
  platform: PlatformMeasurements
}
