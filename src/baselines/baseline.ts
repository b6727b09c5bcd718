import { add, countOf, EMPTY, joined, type LogHistogram } from './log-histogram.ts'
import { deviationOf, type Floors, type UsualRange, usualRange } from './usual-range.ts'

/** Spreads off what is usual, and means of 10 s in a row that are so far off: 30 s. */
const LEVEL_RAISED = { deviation: 4, samples: 3 } as const
/** The same for the end of it: a minute. */
const LEVEL_CLEARED = { deviation: 2, samples: 6 } as const

/**
 * CUSUM: what is off by less than half a spread counts for nothing, and 8 spreads together are a shift. By Siegmund's
 * approximation that is one false alarm in about 9 500 samples if they were normal and independent, and 16 samples until
 * a shift of one spread is seen; h = 5 gives 469 and 10.
 */
const SHIFT = { slack: 0.5, raised: 8 } as const
/** A sum grows no further, so that the end of a shift is seen 4 min after it at the latest. */
const LARGEST_SUM = 12
/** One sample counts at most so many spreads: a spike alone is no shift. */
const LARGEST_STEP = 3

/** What is remembered of one measure between two of its samples. Plain data. */
export interface Detector {
  readonly unusual: 'level' | 'shift' | null
  /** Samples in a row beyond `LEVEL_RAISED`, on one side: negative below. */
  readonly far: number
  /** Samples in a row within `LEVEL_CLEARED`. */
  readonly near: number
  readonly above: number
  readonly below: number
}

export const CALM: Detector = { unusual: null, far: 0, near: 0, above: 0, below: 0 }

/** Takes the deviation of the next sample, in spreads. Pure. */
export function step(detector: Detector, deviation: number): Detector {
  const side = Math.sign(deviation)
  const isFar = Math.abs(deviation) >= LEVEL_RAISED.deviation
  const far = !isFar ? 0 : Math.sign(detector.far) === side ? detector.far + side : side
  const near = Math.abs(deviation) <= LEVEL_CLEARED.deviation ? detector.near + 1 : 0
  const counted = Math.max(-LARGEST_STEP, Math.min(LARGEST_STEP, deviation))
  const above = sumOf(detector.above, counted)
  const below = sumOf(detector.below, -counted)
  const next = { far, near, above, below }
  const sum = Math.max(above, below)
  if (Math.abs(far) >= LEVEL_RAISED.samples) return { ...next, unusual: 'level' }
  if (detector.unusual === 'level') {
    if (near < LEVEL_CLEARED.samples) return { ...next, unusual: 'level' }
    // The level alone has filled the sums; what is off from now on is a shift of its own.
    return { ...next, above: 0, below: 0, unusual: null }
  }
  const isShifted = detector.unusual === 'shift' ? sum > 0 : sum >= SHIFT.raised
  return { ...next, unusual: isShifted ? 'shift' : null }
}

function sumOf(sum: number, deviation: number): number {
  return Math.min(LARGEST_SUM, Math.max(0, sum + deviation - SHIFT.slack))
}

/** Broadcasts that are remembered, and days of what goes on without end. */
export const KEPT = { broadcasts: 8, days: 7 } as const

/** Samples of ten seconds from which on a broadcast counts: 5 min. */
const COUNTS_FROM = 30
/** Broadcasts that tell what is usual by themselves; with fewer it is this one alone that tells, from `ALONE_FROM` on. */
const ENOUGH_KEPT = 3
/** Samples: half an hour. */
const ALONE_FROM = 180
/** Samples after which the range is worked out anew: a minute. */
const RANGE_LASTS = 6

/** What is remembered of one measure of one target. Plain data. */
export interface Baseline {
  /** Of broadcasts that are over, or days; the oldest first. */
  readonly kept: readonly LogHistogram[]
  /** Of this one, as long as it was as usual. */
  readonly usual: LogHistogram
  /** Of this one, while it was unusual: a fault must not become usual while it lasts. */
  readonly heldBack: LogHistogram
  readonly detector: Detector
  /** Null: too little is known. */
  readonly range: UsualRange | null
  /** Samples since the range was worked out. */
  readonly age: number
}

export const NOTHING_KNOWN: Baseline = {
  ...{ kept: [], usual: EMPTY, heldBack: EMPTY },
  ...{ detector: CALM, range: null, age: RANGE_LASTS },
}

/** What a sample was. */
export interface Judged {
  baseline: Baseline
  /** Spreads from the middle of what is usual; null while too little is known. */
  deviation: number | null
}

/**
 * Takes the next mean of ten seconds. Pure.
 *
 * @param isEndless it has no broadcasts, but days: then only what is far off counts, because the hours of a day are
 *   further apart than a slow shift
 */
export function take(before: Baseline, value: number, floors: Floors, isEndless: boolean): Judged {
  const range = before.age >= RANGE_LASTS ? rangeOf(before, floors) : before.range
  const age = before.age >= RANGE_LASTS ? 1 : before.age + 1
  const deviation = range === null ? null : deviationOf(value, range)
  const stepped = deviation === null ? before.detector : step(before.detector, deviation)
  const detector = isEndless ? { ...stepped, above: 0, below: 0 } : stepped
  const isUnusual = detector.unusual !== null
  const usual = isUnusual ? before.usual : add(before.usual, value, floors.absolute)
  const heldBack = isUnusual ? add(before.heldBack, value, floors.absolute) : before.heldBack
  return { baseline: { kept: before.kept, usual, heldBack, detector, range, age }, deviation }
}

/** The broadcast, or the day, is over: all of it counts from now on. Pure. */
export function endOfBroadcast({ kept, usual, heldBack }: Baseline, most: number): Baseline {
  const all = joined([usual, heldBack])
  const counts = countOf(all) >= COUNTS_FROM
  return { ...NOTHING_KNOWN, kept: counts ? [...kept, all].slice(-most) : kept }
}

/** What is usual by now; null while that is not known. */
function rangeOf({ kept, usual }: Baseline, floors: Floors): UsualRange | null {
  const now = countOf(usual)
  if (kept.length < ENOUGH_KEPT && now < ALONE_FROM) return null
  return usualRange(joined(now >= COUNTS_FROM ? [...kept, usual] : kept), floors)
}
