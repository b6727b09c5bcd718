/** How many buckets a histogram has at most: about half a kilobyte on disk. */
const MOST_BUCKETS = 64

/** The width of a bucket before any are joined: 1 % of the value. */
const FINEST = Math.log(1.01)

/** Doublings of the width. With 20 of them one bucket holds every number there is. */
const COARSEST = 20

/**
 * How often which values came, in buckets of a logarithmic scale: of whatever size the values are, their ratio is known as
 * well. When there are more than 64 buckets, each two neighbours become one. Plain data.
 */
export interface LogHistogram {
  /** Doublings of the bucket width. */
  readonly level: number
  /** Bucket and count in turns, ascending by bucket: flat, because a monitor keeps some ten thousand of them. */
  readonly counts: readonly number[]
}

export const EMPTY: LogHistogram = { level: 0, counts: [] }

/** Values and how often each came, ascending by value. */
export type Weighted = readonly (readonly [value: number, count: number])[]

/**
 * Takes a value. Pure.
 *
 * @param unit values smaller than it are told apart by their difference and not by their ratio, because they may be 0 or
 *   negative; more than 0
 */
export function add({ level, counts }: LogHistogram, value: number, unit: number): LogHistogram {
  const bucket = Math.floor(bucketOf(value, unit) / 2 ** level)
  const next = [...counts]
  let place = 0
  while (place < next.length && (next[place] ?? 0) < bucket) place += 2
  if (next[place] === bucket) next[place + 1] = (next[place + 1] ?? 0) + 1
  else next.splice(place, 0, bucket, 1)
  return limit({ level, counts: next })
}

/** All values of several histograms of one unit; as fine as the coarsest of them. */
export function joined(histograms: readonly LogHistogram[]): LogHistogram {
  const level = Math.max(0, ...histograms.map((one) => one.level))
  const counts = histograms.flatMap((one) => coarsen(one, level - one.level).counts)
  return limit({ level, counts: sumByBucket(counts) })
}

export function countOf({ counts }: LogHistogram): number {
  return pairs(counts).reduce((sum, [, count]) => sum + count, 0)
}

/** Parts of a bucket over which its values are spread: their middles lie nearer to the values than its own. */
const PARTS = 4

/** The values as far as the buckets tell them, with how many there are of each. */
export function valuesOf({ level, counts }: LogHistogram, unit: number): Weighted {
  const width = 2 ** level
  const values: [number, number][] = []
  for (const [bucket, count] of pairs(counts)) {
    for (let part = 0; part < PARTS; part++) {
      values.push([valueAt((bucket + (part + 0.5) / PARTS) * width, unit), count / PARTS])
    }
  }
  return values
}

/** The smallest value that at least this share of all values does not exceed. @param share 0 to 1 */
export function quantile(values: Weighted, share: number): number | null {
  const wanted = share * values.reduce((sum, [, count]) => sum + count, 0)
  let seen = 0
  for (const [value, count] of values) {
    seen += count
    if (seen >= wanted) return value
  }
  return values.at(-1)?.[0] ?? null
}

/** The median of the distances from a middle (MAD). */
export function spreadAround(values: Weighted, middle: number): number | null {
  const distances = values.map(([value, count]) => [Math.abs(value - middle), count] as const)
  return quantile(
    distances.sort(([one], [other]) => one - other),
    0.5,
  )
}

function bucketOf(value: number, unit: number): number {
  return (Math.sign(value) * Math.log1p(Math.abs(value) / unit)) / FINEST
}

function valueAt(bucket: number, unit: number): number {
  return Math.sign(bucket) * unit * Math.expm1(Math.abs(bucket) * FINEST)
}

function limit(histogram: LogHistogram): LogHistogram {
  let fits = histogram
  while (fits.counts.length > 2 * MOST_BUCKETS && fits.level < COARSEST) fits = coarsen(fits, 1)
  return fits
}

function coarsen({ level, counts }: LogHistogram, doublings: number): LogHistogram {
  if (doublings === 0) return { level, counts }
  const wider = pairs(counts).flatMap(([bucket, count]) => [Math.floor(bucket / 2 ** doublings), count])
  return { level: level + doublings, counts: sumByBucket(wider) }
}

function sumByBucket(counts: readonly number[]): number[] {
  const sums = new Map<number, number>()
  for (const [bucket, count] of pairs(counts)) sums.set(bucket, (sums.get(bucket) ?? 0) + count)
  return [...sums].sort(([one], [other]) => one - other).flat()
}

function pairs(counts: readonly number[]): [bucket: number, count: number][] {
  const all: [number, number][] = []
  for (let index = 0; index < counts.length; index += 2) all.push([counts[index] ?? 0, counts[index + 1] ?? 0])
  return all
}
