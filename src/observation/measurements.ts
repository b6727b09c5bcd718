import type { BandwidthFailure, BandwidthMeasurements } from './bandwidth.ts'
import type { EncoderFailure, EncoderMeasurements } from './encoder.ts'
import type { ErrorCode } from './errors.ts'
import type { PingFailure, PingMeasurements } from './ping.ts'
import type { PlatformFailure, PlatformMeasurements } from './platform.ts'
import type { ServiceFailure, ServiceFaultKind, ServiceMeasurements } from './service.ts'
import type { SessionEnd, StreamFailure, StreamMeasurements } from './stream.ts'

/** What is measured of a target of each kind. */
export interface MeasurementsOf {
  stream: StreamMeasurements
  ping: PingMeasurements
  service: ServiceMeasurements
  bandwidth: BandwidthMeasurements
  encoder: EncoderMeasurements
  platform: PlatformMeasurements
}

/** Why nothing may be known of a target of whatever kind: of the probe itself, or of the monitor around it. */
type CommonFailure = 'connecting' | 'late' | 'observer-network' | ErrorCode

/** Why nothing is known of a target: the closed list of what may stand as `error.code` of what a probe observes. */
export type FailureCode =
  | CommonFailure
  | BandwidthFailure
  | EncoderFailure
  | PingFailure
  | PlatformFailure
  | ServiceFailure
  | StreamFailure

/** Why a target that was looked for is not there. */
export type AbsenceReason = 'stalled' | Exclude<SessionEnd, StreamFailure> | ServiceFaultKind
