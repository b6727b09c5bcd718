import { iso } from '../observation/local-time.ts'
import { type Account, type Interval, sum } from './accounting.ts'
import { REPORT_MEASURES, reportMeasure } from './measures.ts'
import type { Comparison, Moment, Percentiles, Series, UsualSpan, Viewers } from './report.ts'
import type { PastEvent, ReportInput, SeriesInput, Slice } from './report-input.ts'
import { nearestPicture } from './report-pictures.ts'

/** The value below which this share of them lies (nearest rank). @param values sorted, at least one */
function quantile(values: readonly number[], share: number): number {
  return values[Math.max(0, Math.ceil(share * values.length) - 1)] ?? Number.NaN
}

const sorted = (values: readonly number[]) => [...values].sort((one, other) => one - other)
const median = (values: readonly number[]) => quantile(sorted(values), 0.5)

export function percentilesOf({ series, usual }: ReportInput): Percentiles[] {
  const order = Object.keys(REPORT_MEASURES)
  const place = (measure: string) => (order.includes(measure) ? order.indexOf(measure) : order.length)
  return series
    .filter(({ measure, slices }) => reportMeasure(measure).isSummed && slices.length > 0)
    .sort((one, other) => place(one.measure) - place(other.measure))
    .map(({ kind, target, measure, slices }) => {
      const means = sorted(slices.map(({ mean }) => mean))
      return {
        ...{ kind, target, measure },
        min: Math.min(...slices.map(({ min }) => min)),
        median: quantile(means, 0.5),
        p95: quantile(means, 0.95),
        max: Math.max(...slices.map(({ max }) => max)),
        usual: usualOf(usual, { kind, target, measure }),
      }
    })
}

function usualOf(
  known: ReportInput['usual'],
  { kind, target, measure }: { kind: string; target: string; measure: string },
): UsualSpan | null {
  const found = known.find((each) => each.measure === measure && each.kind === kind && each.target === target)
  return found === undefined ? null : { low: found.low, high: found.high }
}

/** Columns of a chart: as many as can be told apart on paper. */
const COLUMNS = 540

/** The series that have a chart, with neighbours joined where there are more slices than columns. */
export function chartedSeries({ series, kind, target, usual }: ReportInput): Series[] {
  const charted = series.filter(
    (each) => reportMeasure(each.measure).isCharted && (each.measure === 'viewers' || isOf(each, kind, target)),
  )
  return charted.map((each) => {
    const { step, slices } = thinned(each)
    const points = slices.map(({ at, mean, min, max }): Series['slices'][number] => [iso(at), mean, min, max])
    const { kind, target, measure } = each
    return { kind, target, measure, step, slices: points, usual: usualOf(usual, each) }
  })
}

const isOf = (each: SeriesInput, kind: string, target: string) => each.kind === kind && each.target === target

function thinned({ step, slices }: SeriesInput): { step: number; slices: Slice[] } {
  const joined = Math.ceil(slices.length / COLUMNS)
  if (joined <= 1) return { step, slices: [...slices] }
  const width = joined * step * 1000
  const columns = new Map<number, Slice[]>()
  for (const slice of slices) {
    const column = Math.floor(slice.at / width) * width
    const own = columns.get(column)
    if (own === undefined) columns.set(column, [slice])
    else own.push(slice)
  }
  return {
    step: joined * step,
    slices: [...columns.values()].flatMap((own) => {
      const [first] = own
      if (first === undefined) return []
      const [min, max] = [Math.min(...own.map((each) => each.min)), Math.max(...own.map((each) => each.max))]
      return [{ at: first.at, mean: meanOf(own), min, max, measured: sum(own.map(({ measured }) => measured)) }]
    }),
  }
}

/** By the time in which each was measured. */
function meanOf(slices: readonly Slice[]): number {
  return sum(slices.map(({ mean, measured }) => mean * measured)) / sum(slices.map(({ measured }) => measured))
}

const MOST_MOMENTS = 3
/** Milliseconds between two of them: what lies closer is the same. */
const APART = 30_000
/** Share of what is usual by which a value has to be off, where its measure says no number of its own. */
const LEAST_SHARE = 0.1

/** The slices that were furthest from what was usual at this event while it was on the air, each at a time of its own. */
export function momentsOf(input: ReportInput, { intervals }: Account): Moment[] {
  const onAir = intervals.filter(({ counted }) => counted === 'up' || counted === 'degraded')
  const found = input.series
    .filter((each) => isOf(each, input.kind, input.target))
    .flatMap((each) => strayed(each, onAir))
    .sort((one, other) => other.far - one.far || one.at - other.at)
  const moments: { at: number; step: number; values: Moment['values'] }[] = []
  for (const { at, step, value } of found) {
    const same = moments.find((moment) => moment.at === at)
    if (same !== undefined) same.values.push(value)
    else if (moments.length < MOST_MOMENTS && moments.every((moment) => Math.abs(moment.at - at) >= APART)) {
      moments.push({ at, step, values: [value] })
    }
  }
  return moments.map(({ at, step, values }) => ({
    at: iso(at),
    seconds: step,
    values,
    picture: nearestPicture(input.pictures, at, step),
  }))
}

function strayed({ measure, step, slices }: SeriesInput, onAir: readonly Interval[]) {
  const { bad, least } = reportMeasure(measure)
  if (bad === null) return []
  // What lies half in an interruption is low because of that, which is told already.
  const whole = slices.filter(({ at }) => onAir.some(({ from, to }) => at >= from && at + step * 1000 <= to))
  const usual = median(whole.map(({ mean }) => mean))
  const enough = least > 0 ? least : usual * LEAST_SHARE
  return whole.flatMap(({ at, min, max }) => {
    const value = bad === 'low' ? min : max
    const far = bad === 'low' ? usual - value : value - usual
    return far < enough || enough <= 0 ? [] : [{ at, step, far: far / enough, value: { measure, value, usual } }]
  })
}

/** How many watched, and how much of that fell into interruptions. Null where nobody knows. */
export function viewersOf({ series }: ReportInput, { intervals }: Account): Viewers | null {
  const known = series.filter(({ measure, slices }) => measure === 'viewers' && slices.length > 0)
  const all = known.flatMap(({ step, slices }) => slices.map((slice) => ({ ...slice, step })))
  if (all.length === 0) return null
  const down = intervals.filter(({ counted }) => counted === 'down')
  const share = ({ at, step }: { at: number; step: number }) =>
    sum(down.map(({ from, to }) => Math.max(0, Math.min(to, at + step * 1000) - Math.max(from, at)))) / (step * 1000)
  return {
    most: Math.round(Math.max(...all.map(({ max }) => max))),
    mean: meanOf(all),
    total: sum(all.map(({ mean, measured }) => mean * measured)),
    lost: sum(all.map((each) => each.mean * each.measured * share(each))),
  }
}

/** Against the last events; null where there are none. */
export function comparisonOf(input: ReportInput, now: Omit<PastEvent, 'from'>): Comparison | null {
  if (input.past.length === 0) return null
  const row = (what: Comparison['rows'][number]['what'], of: (event: Omit<PastEvent, 'from'>) => number | null) => {
    const [own, past] = [of(now), input.past.map(of).filter((value) => value !== null)]
    if (own === null || past.length === 0) return []
    const [least, most] = [Math.min(...past), Math.max(...past)]
    // Of interruptions and what they took, less is better.
    const isMore = what === 'share' || what === 'videoBytesPerSecond'
    const word = own < least ? (isMore ? 'worse' : 'better') : own > most ? (isMore ? 'better' : 'worse') : 'usual'
    return [{ what, now: own, least, median: median(past), most, word } as const]
  }
  return {
    events: input.past.length,
    rows: [
      ...row('share', ({ up, degraded, down }) =>
        up + degraded + down === 0 ? null : (up + degraded) / (up + degraded + down),
      ),
      ...row('interruptions', ({ interruptions }) => interruptions),
      ...row('down', ({ down }) => down / 1000),
      ...row('videoBytesPerSecond', ({ videoBytesPerSecond }) => videoBytesPerSecond),
    ],
  }
}

/** Of the target, the median over the event; null where it was not measured. */
export function usualBitrate({ series, kind, target }: ReportInput): number | null {
  const own = series.find((each) => each.measure === 'videoBytesPerSecond' && isOf(each, kind, target))
  return own === undefined || own.slices.length === 0 ? null : median(own.slices.map(({ mean }) => mean))
}
