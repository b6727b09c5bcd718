import type { EncoderMeasurements } from '../../observation/encoder.ts'
import type { Check, CheckContext } from '../check.ts'

/** What an encoder's target says that its checks need to know. */
export interface EncoderOptions {
  /** Whether it must stream whenever it is expected. */
  idle: 'allowed' | 'fault'
}

export type EncoderCheck = Check<EncoderMeasurements, EncoderOptions>
export type EncoderContext = CheckContext<EncoderMeasurements, EncoderOptions>
