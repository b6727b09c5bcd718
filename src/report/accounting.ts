import type { State } from '../observation/observation.ts'

/** From a moment up to, but not with, another. Milliseconds since the epoch, UTC. */
export interface Interval {
  from: number
  to: number
}

/** What a target was found to be, from one moment to another, as it was recorded. */
export interface StateInterval extends Interval {
  state: State
}

/**
 * What a moment counts as in which a target was expected. `up`: media arrived and nothing was wrong. `degraded`: media
 * arrived, with an issue. `down`: it was looked for and was not there. `unknown`: nobody measured, which is neither.
 */
export const COUNTED = ['up', 'degraded', 'down', 'unknown'] as const
export type Counted = (typeof COUNTED)[number]

export interface CountedInterval extends Interval {
  counted: Counted
}

/** How the expected time is made up. Milliseconds; `up`, `degraded`, `down` and `unknown` add up to `expected`. */
export interface Account {
  expected: number
  up: number
  degraded: number
  down: number
  unknown: number
  /** In order, disjoint; they cover what was expected and nothing else, and neighbours that touch differ. */
  intervals: CountedInterval[]
}

/** Not there where it was expected is down, whatever the word for it. */
const COUNTED_AS: Readonly<Record<State, Counted>> = {
  ok: 'up',
  degraded: 'degraded',
  down: 'down',
  off: 'down',
  unknown: 'unknown',
}

/** Where two records of the same moment differ, as after the clock was set back, the worse one counts. */
const WORST_FIRST: readonly Counted[] = ['down', 'degraded', 'up']

/**
 * Accounts for the time in which a target was expected.
 *
 * @param expected when it should have been on the air; may overlap
 * @param states as they were recorded; what no record covers is unknown
 * @param gaps when the monitor itself did not run: then nothing is known, whatever was recorded before and never ended
 */
export function account(
  expected: readonly Interval[],
  states: readonly StateInterval[],
  gaps: readonly Interval[],
): Account {
  const intervals: CountedInterval[] = []
  const totals: Record<Counted, number> = { up: 0, degraded: 0, down: 0, unknown: 0 }
  for (const { from, to, open } of pieces(expected, states, gaps)) {
    if (!open.has('expected')) continue
    const counted = open.has('gap') ? 'unknown' : (WORST_FIRST.find((each) => open.has(each)) ?? 'unknown')
    totals[counted] += to - from
    const before = intervals.at(-1)
    if (before?.to === from && before.counted === counted) before.to = to
    else intervals.push({ from, to, counted })
  }
  return { expected: totals.up + totals.degraded + totals.down + totals.unknown, ...totals, intervals }
}

type Layer = 'expected' | 'gap' | Counted

/** The time cut wherever anything begins or ends, with what holds in each piece. */
function* pieces(
  expected: readonly Interval[],
  states: readonly StateInterval[],
  gaps: readonly Interval[],
): Generator<Interval & { open: ReadonlySet<Layer> }> {
  const edges: { at: number; layer: Layer; by: 1 | -1 }[] = []
  const add = (layer: Layer, { from, to }: Interval) => {
    if (from < to) edges.push({ at: from, layer, by: 1 }, { at: to, layer, by: -1 })
  }
  for (const each of expected) add('expected', each)
  for (const each of gaps) add('gap', each)
  for (const each of states) add(COUNTED_AS[each.state], each)
  edges.sort((one, other) => one.at - other.at)
  const depth = new Map<Layer, number>()
  const open = new Set<Layer>()
  for (const [index, { at, layer, by }] of edges.entries()) {
    const layers = (depth.get(layer) ?? 0) + by
    depth.set(layer, layers)
    if (layers > 0) open.add(layer)
    else open.delete(layer)
    const next = edges[index + 1]
    if (next !== undefined && next.at > at) yield { from: at, to: next.at, open }
  }
}

/** The stretches of these that lie within a span, cut to it. */
export function within<T extends Interval>(intervals: readonly T[], span: Interval): T[] {
  return intervals
    .map((each) => ({ ...each, from: Math.max(each.from, span.from), to: Math.min(each.to, span.to) }))
    .filter(({ from, to }) => from < to)
}

/** One interval for each stretch that any of these covers, in order. */
export function union(intervals: readonly Interval[]): Interval[] {
  const joined: Interval[] = []
  for (const { from, to } of intervals.filter((each) => each.from < each.to).sort((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last !== undefined && from <= last.to) last.to = Math.max(last.to, to)
    else joined.push({ from, to })
  }
  return joined
}

/**
 * Rounds parts to whole numbers that still add up, so that a table of lengths is right to whoever adds it up: those with
 * the largest remainders are rounded up.
 *
 * @param whole what they add up to: their sum, rounded up or down
 */
export function apportion(parts: readonly number[], whole: number = Math.round(sum(parts))): number[] {
  const rounded = parts.map(Math.floor)
  const missing = whole - sum(rounded)
  const byRemainder = parts.map((part, index) => ({ index, rest: part - Math.floor(part) }))
  byRemainder.sort((one, other) => other.rest - one.rest || one.index - other.index)
  for (const { index } of byRemainder.slice(0, missing)) rounded[index] = (rounded[index] ?? 0) + 1
  return rounded
}

/** 0 of none. */
export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
