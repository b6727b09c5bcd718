import { RULES } from './rules.ts'

/** One channel over a stretch of sound, as 16 bits: what is louder than full scale is cut off there. */
export interface Channel {
  /** dBFS of the largest sample. */
  peak: number
  /** dBFS, root mean square. */
  level: number
  /** How many samples are as large as the largest. */
  atPeak: number
}

/** dBFS. Digital silence has no level; this is far below the smallest step of 16 bits. */
export const FLOOR = -120

export const DIGITAL_SILENCE: Channel = { peak: FLOOR, level: FLOOR, atPeak: 0 }

/**
 * Whether its sound is cut off at full scale: too many samples are there, or the wave is squarer than any tone. A
 * limiter that keeps sound just below does not do that; nor, after AAC, do a few decibels too much.
 *
 * @param of samples that the channel has in the stretch
 */
export function isClipped({ peak, level, atPeak }: Channel, of: number): boolean {
  const { fullScale, samples, nearFullScale, crest } = RULES.clipping
  if (peak >= fullScale && atPeak >= samples * of) return true
  return peak >= nearFullScale && peak - level < crest
}
