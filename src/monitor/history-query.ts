import { SLICE } from '../history/records.ts'
import { MonitorError } from '../observation/errors.ts'
import type { Kind } from '../observation/observation.ts'

/** What is asked of the history: a target and a time. */
export interface HistoryQuery {
  /** Null: the first kind that has a target of that name, a stream before all. */
  readonly kind: Kind | null
  readonly target: string
  /** Names of measures; null: all that there are. */
  readonly measures: readonly string[] | null
  /** Milliseconds since the epoch; `from` < `to`. */
  readonly from: number
  readonly to: number
  /** Milliseconds, a multiple of ten seconds; it is wider than asked where there would be too many points. */
  readonly step: number
}

/** Milliseconds that are answered where no beginning is named. */
const BY_DEFAULT = 3_600_000
/** Milliseconds that one answer may cover: what is kept by default, and a bit. */
const LONGEST = 370 * 86_400_000
const MOST_MEASURES = 20

const TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2}))?$/

/**
 * Takes `?target=&kind=&measure=&from=&to=&step=` from a parsed query string.
 *
 * @param now milliseconds since the epoch
 * @param mostPoints of one measure
 * @throws MonitorError `invalid-message` for whatever is not as it should be
 */
export function parseHistoryQuery(
  query: unknown,
  known: readonly Kind[],
  now: number,
  mostPoints: number,
): HistoryQuery {
  const { target, kind, measure, from, to, step } = (query ?? {}) as Readonly<Record<string, unknown>>
  if (typeof target !== 'string' || target === '') throw wrong('target must name one target, as in ?target=main')
  const until = timeOf('to', to) ?? now
  const since = timeOf('from', from) ?? until - BY_DEFAULT
  if (!(since < until)) throw wrong('from must be before to')
  if (until - since > LONGEST) throw wrong('from and to must be at most 370 days apart')
  return {
    kind: kindOf(kind, known),
    target,
    measures: measuresIn(measure),
    from: since,
    to: until,
    step: Math.max(stepOf(step), SLICE * Math.ceil((until - since) / mostPoints / SLICE)),
  }
}

function kindOf(kind: unknown, known: readonly Kind[]): Kind | null {
  if (kind === undefined) return null
  const found = known.find((one) => one === kind)
  if (found !== undefined) return found
  throw wrong(`kind must be one of ${known.join(', ')}`)
}

function measuresIn(measure: unknown): string[] | null {
  if (measure === undefined) return null
  const list = [measure].flat()
  const isNamed = (name: unknown): name is string => typeof name === 'string' && /^[A-Za-z]{1,40}$/.test(name)
  if (list.length <= MOST_MEASURES && list.every(isNamed)) return list
  throw wrong(`measure must name a measure, as in ?measure=drift, at most ${MOST_MEASURES} times`)
}

/**
 * A time of a query, in milliseconds since the epoch; null where none is named.
 *
 * @throws MonitorError `invalid-message`
 */
export function timeOf(parameter: string, value: unknown): number | null {
  if (value === undefined || value === '') return null
  const time = typeof value === 'string' && TIME.test(value) ? Date.parse(value) : Number.NaN
  if (Number.isFinite(time)) return time
  throw wrong(`${parameter} must be a time such as 2026-01-31T11:30:00Z`)
}

function stepOf(value: unknown): number {
  if (value === undefined || value === '') return SLICE
  const seconds = typeof value === 'string' ? Number(value) : Number.NaN
  if (seconds >= 10 && seconds <= 86_400 && seconds % 10 === 0) return seconds * 1000
  throw wrong('step must be seconds, a multiple of 10 from 10 to 86400')
}

function wrong(message: string): MonitorError {
  return new MonitorError('invalid-message', `the parameter ${message}`)
}
