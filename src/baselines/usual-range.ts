import { type LogHistogram, quantile, spreadAround, valuesOf } from './log-histogram.ts'

/** The least that a measure is allowed to spread: what is less is no difference to anybody. */
export interface Floors {
  /** Share of the middle. */
  relative: number
  /** In the unit of the measure; more than 0. */
  absolute: number
}

/** What is usual for a measure of one target. */
export interface UsualRange {
  /** The median. */
  middle: number
  /** Standard deviation as the median distance tells it, and at least the floors. */
  spread: number
  low: number
  high: number
}

/** Of normally distributed values the standard deviation is that many times their median distance. */
const DEVIATIONS_OF_MEDIAN_DISTANCE = 1.4826

/** Spreads around the middle that are usual, whatever came: where an unusual level ends. */
const USUAL_SPREADS = 2

/**
 * What made up this share of all values, above or below, is usual too: two programmes that take turns, hours of a day, and
 * after one broadcast of eight a level that was set anew. A fault that lasted half of one of eight is less.
 */
const USUAL_SHARE = 0.1

/** What is usual, by all values that came; null where none did. */
export function usualRange(histogram: LogHistogram, { relative, absolute }: Floors): UsualRange | null {
  const values = valuesOf(histogram, absolute)
  const middle = quantile(values, 0.5)
  if (middle === null) return null
  const distance = spreadAround(values, middle) ?? 0
  const spread = Math.max(DEVIATIONS_OF_MEDIAN_DISTANCE * distance, relative * Math.abs(middle), absolute)
  const least = quantile(values, USUAL_SHARE) ?? middle
  const most = quantile(values, 1 - USUAL_SHARE) ?? middle
  return {
    middle,
    spread,
    low: Math.min(middle - USUAL_SPREADS * spread, least - spread),
    high: Math.max(middle + USUAL_SPREADS * spread, most + spread),
  }
}

/** Spreads that what came often enough counts, however far it is from the middle: as many as are no part of a shift. */
const OFTEN = 0.5

/** Spreads between a value and the middle, as far as it is unusual. */
export function deviationOf(value: number, { middle, spread, low, high }: UsualRange): number {
  const deviation = (value - middle) / spread
  if (Math.abs(deviation) <= USUAL_SPREADS || value < low || value > high) return deviation
  return Math.sign(deviation) * OFTEN
}
