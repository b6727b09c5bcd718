import { measuresOf } from '../history/measures.ts'
import type { HistoryEntry, Slice, StateInterval, TargetName, Unmeasured } from '../history/records.ts'
import { MonitorError } from '../observation/errors.ts'
import { kindsOf } from '../observation/kind.ts'
import { iso } from '../observation/local-time.ts'
import type { Kind, State } from '../observation/observation.ts'
import type { HistoryQuery } from './history-query.ts'
import type { MonitorState } from './state.ts'

/** Points of one measure in an answer of `/api/v1/history`. */
export const MOST_POINTS = 2000

/** What one measure was: points `[begin, mean, min, max, measured]`; begin in milliseconds since the epoch, measured in seconds. */
export interface MeasureHistory {
  name: string
  unit: string
  title: string
  points: [number, number, number, number, number][]
  /** What is usual for it, as it is known now; absent while too little is. In the unit of the measure. */
  usual?: { low: number; high: number }
}

/** What a target was over a time. Times are ISO 8601, UTC. */
export interface TargetHistory extends TargetName {
  measures: MeasureHistory[]
  /** Without holes: `unmeasured` is time in which nobody watched. */
  states: { from: string; to: string; state: State | 'unmeasured'; expected?: boolean }[]
}

/** The answer of `GET /api/v1/history`. */
export interface HistoryDocument extends TargetHistory {
  from: string
  to: string
  /** Seconds that a point stands for. */
  step: number
}

/** @throws MonitorError `unknown-target`, `no-history` */
export async function historyDocument(state: MonitorState, query: HistoryQuery): Promise<HistoryDocument> {
  const { from, to, step } = query
  const history = await targetHistory(state, { kind: kindIn(state, query), target: query.target }, query)
  return { ...history, from: iso(from), to: iso(to), step: step / 1000 }
}

/** What was of one target. */
export async function targetHistory(
  state: MonitorState,
  { kind, target }: TargetName,
  { from, to, step, measures }: Pick<HistoryQuery, 'from' | 'to' | 'step' | 'measures'>,
): Promise<TargetHistory> {
  const [slices, states] = await Promise.all([
    state.history.ask({ ask: 'slices', kind, target, from: Math.floor(from / step) * step, to, step, measures }),
    state.history.ask({ ask: 'states', kind, target, from, to }),
  ])
  const usual = new Map(state.baselines.usualOf(kind, target).map(({ measure, low, high }) => [measure, { low, high }]))
  return {
    kind,
    target,
    measures: measuresOf(state.kinds, kind).flatMap(({ name, unit, title }) => {
      const points = pointsOf(slices, name)
      if (points.length === 0) return []
      const known = usual.get(name)
      return [{ name, unit, title, points, ...(known && { usual: known }) }]
    }),
    states: withGaps(states, from, to).map((one) => ({
      ...{ from: iso(one.from), to: iso(one.to), state: one.state },
      ...('expected' in one && { expected: one.expected }),
    })),
  }
}

/** The kind of what is asked for: as the question says, or of what is watched by that name. @throws MonitorError */
export function kindIn(state: MonitorState, { kind, target }: Pick<HistoryQuery, 'kind' | 'target'>): Kind {
  const found = kind ?? kindsOf(state.kinds).find((one) => state.directory.has(one, target))
  if (found !== undefined) return found
  const more = 'of what is not watched any more, name the kind as well, as in &kind=stream'
  throw new MonitorError('unknown-target', `No target of that name is watched; ${more}`)
}

/** Intervals with what lies between them, so that a gap is never taken for more of what was before it. */
function withGaps(states: readonly StateInterval[], from: number, to: number): (StateInterval | Unmeasured)[] {
  const all: (StateInterval | Unmeasured)[] = []
  let at = from
  for (const interval of states) {
    if (interval.from > at) all.push({ from: at, to: interval.from, state: 'unmeasured' })
    all.push(interval)
    at = interval.to
  }
  if (at < to) all.push({ from: at, to, state: 'unmeasured' })
  return all
}

/** What a flow, a page or a person may see of an entry. */
export function shownEntry({ type, of, time, ended, content }: HistoryEntry): object {
  return { type, of, time: iso(time), ended: ended === null ? null : iso(ended), content }
}

function pointsOf(slices: readonly Slice[], name: string): MeasureHistory['points'] {
  return slices.flatMap(({ from, values }) => {
    const value = values[name]
    return value === undefined ? [] : [[from, value.mean, value.min, value.max, value.measured]]
  })
}
