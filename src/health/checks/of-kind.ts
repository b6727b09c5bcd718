import type { Kind } from '../../observation/observation.ts'
import type { CheckRow } from '../check.ts'
import { BANDWIDTH_CHECKS } from './bandwidth.ts'
import { ENCODER_CHECKS } from './encoder.ts'
import { PING_CHECKS } from './ping.ts'
import { PLATFORM_CHECKS } from './platform.ts'
import { SERVICE_CHECKS } from './service.ts'
import { STREAM_CHECKS } from './stream.ts'

/** The table of checks of every kind: what documentation, alert rules and the limits of targets are made from. */
export const CHECKS_OF: Readonly<Record<Kind, readonly CheckRow[]>> = {
  stream: STREAM_CHECKS,
  ping: PING_CHECKS,
  service: SERVICE_CHECKS,
  bandwidth: BANDWIDTH_CHECKS,
  encoder: ENCODER_CHECKS,
  platform: PLATFORM_CHECKS,
}
