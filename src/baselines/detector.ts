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
