import type { EncoderMeasurements } from '../../observation/encoder.ts'
import type { KindRules } from '../check.ts'
import { encoderBitrateLow, encoderCacheHigh } from './encoder-flow.ts'
import type { EncoderCheck, EncoderOptions } from './encoder-options.ts'
import { encoderConnecting, encoderIdle, encoderInterrupted, encoderUnreachable } from './encoder-presence.ts'
import { neverSeen } from './never-seen.ts'
import { notMeasured } from './probe.ts'
import { ENCODER_RELATIONS, withRelations } from './relations.ts'

/** Seconds after a start in which the bitrate still rises. */
const WARM_UP = 10

/** The table of checks of an encoder. A new check is a new row. */
export const ENCODER_CHECKS: readonly EncoderCheck[] = withRelations(
  [
    encoderUnreachable,
    encoderInterrupted,
    encoderIdle,
    encoderConnecting,
    encoderCacheHigh,
    encoderBitrateLow,
    notMeasured,
    neverSeen,
  ],
  ENCODER_RELATIONS,
)

export const ENCODER_RULES: KindRules<EncoderMeasurements, EncoderOptions> = {
  checks: ENCODER_CHECKS,
  tracked: ({ total, deviceState, bytesPerSecond, duration }) => ({
    counters: { broadcasts: total.broadcasts },
    signatures: {},
    values: { bytesPerSecond: deviceState === 'streaming' && !isYoung(duration) ? bytesPerSecond : null },
    levelsEndWith: ['broadcasts'],
    lastSeen: null,
  }),
  warmingUp: ({ deviceState, duration }) => deviceState === 'streaming' && isYoung(duration),
  resets: { broadcasts: 'new session' },
}

function isYoung(duration: number | null): boolean {
  return duration !== null && duration < WARM_UP
}
