import { type KeptKinds, type Measure, measuresOf, valuesOf } from '../history/measures.ts'
import type { Observation } from '../observation/observation.ts'
import type { Usual } from '../observation/usual.ts'
import { bitrate, hundredths, seconds } from '../observation/words.ts'
import { type Baseline, endOfBroadcast, KEPT, NOTHING_KNOWN, take } from './baseline.ts'
import { FLOORS } from './floors.ts'

/** Seconds that one sample covers. Those of every second depend on one another, and would ruin every threshold. */
const SAMPLE = 10
/** Seconds that it may be away, or not expected, and still goes on with the same broadcast. */
const AWAY = 600
/** Measured seconds of what has no broadcasts: a day. */
const DAY = 86_400

const NOTHING: readonly Usual[] = []

/** What is usual for one measure, in its unit. */
export interface KnownRange {
  measure: string
  low: number
  high: number
}

/** What is kept of a target over a restart. */
export interface KeptTarget {
  /** Measured seconds of this broadcast or day. */
  measured: number
  measures: Readonly<Record<string, Baseline>>
}

/** What is usual for one target, from broadcast to broadcast. */
export class TargetBaseline {
  readonly #kinds: KeptKinds
  readonly #isEndless: boolean
  #measures = new Map<string, Baseline>()
  #measured = 0
  #sums = new Map<string, { sum: number; count: number }>()
  /** Monotonic seconds: since when the sample is gathered, and since when it is away; null: it is not. */
  #from: number | null = null
  #awaySince: number | null = null
  #usual: readonly Usual[] = NOTHING

  /** @param isEndless it is always expected: a channel, a host */
  constructor(kinds: KeptKinds, isEndless: boolean, kept: KeptTarget | null = null) {
    this.#kinds = kinds
    this.#isEndless = isEndless
    if (kept === null) return
    this.#measures = new Map(Object.entries(kept.measures))
    this.#measured = kept.measured
  }

  /** As the newest sample was; none while too little is known, or it is away. */
  get usual(): readonly Usual[] {
    return this.#usual
  }

  /** What is usual, whether it is there now or not; without what is not known yet. */
  get ranges(): readonly KnownRange[] {
    return [...this.#measures].flatMap(([measure, { range }]) =>
      range === null ? [] : [{ measure, low: short(Math.max(0, range.low)), high: short(range.high) }],
    )
  }

  get kept(): KeptTarget {
    return { measured: this.#measured, measures: Object.fromEntries(this.#measures) }
  }

  /** @param at monotonic seconds */
  observe(observation: Observation, at: number): void {
    const { state, expected } = observation
    if (state === 'unknown') {
      this.#drop()
      return
    }
    if (!expected || (state !== 'ok' && state !== 'degraded')) {
      this.#away(at)
      return
    }
    this.#awaySince = null
    if (isWarmingUp(observation)) return
    this.#from ??= at
    this.#gather(observation)
    if (at - this.#from >= SAMPLE - 0.5) this.#sample(observation, at)
  }

  /** Nothing more comes of this broadcast. */
  endBroadcast(): void {
    const most = this.#isEndless ? KEPT.days : KEPT.broadcasts
    for (const [name, baseline] of this.#measures) this.#measures.set(name, endOfBroadcast(baseline, most))
    this.#measured = 0
    this.#drop()
  }

  #away(at: number): void {
    this.#drop()
    this.#awaySince ??= at
    if (!this.#isEndless && this.#measured > 0 && at - this.#awaySince >= AWAY) this.endBroadcast()
  }

  #drop(): void {
    this.#from = null
    this.#sums.clear()
    this.#usual = NOTHING
  }

  #gather(observation: Observation): void {
    const values = valuesOf(this.#kinds, observation as Parameters<typeof valuesOf>[1])
    for (const [index, { name }] of measuresOf(this.#kinds, observation.kind).entries()) {
      const value = values[index]
      if (value === undefined || value === null || FLOORS[name] === undefined) continue
      const { sum, count } = this.#sums.get(name) ?? { sum: 0, count: 0 }
      this.#sums.set(name, { sum: sum + value, count: count + 1 })
    }
  }

  #sample({ kind }: Observation, at: number): void {
    this.#measured += Math.min(at - (this.#from ?? at), DAY)
    this.#from = at
    this.#usual = measuresOf(this.#kinds, kind).flatMap((measure) => this.#take(measure) ?? [])
    this.#sums.clear()
    if (this.#isEndless && this.#measured >= DAY) this.endBroadcast()
  }

  #take({ name, title, unit }: Pick<Measure, 'name' | 'title' | 'unit'>): Usual | null {
    const [sums, floors] = [this.#sums.get(name), FLOORS[name]]
    if (sums === undefined || floors === undefined) return null
    const value = sums.sum / sums.count
    const { baseline, deviation } = take(this.#measures.get(name) ?? NOTHING_KNOWN, value, floors, this.#isEndless)
    this.#measures.set(name, baseline)
    const { range, detector, kept } = baseline
    if (range === null || deviation === null) return null
    const compared = { broadcasts: kept.length, isEndless: this.#isEndless }
    return {
      measure: name,
      // Nothing that is measured is negative; only its spread may reach below 0.
      ...{
        value: short(value),
        low: short(Math.max(0, range.low)),
        high: short(range.high),
        deviation: short(deviation),
      },
      unusual: detector.unusual,
      text: usualText({ title, unit }, value, range, compared),
    }
  }
}

/** The first burst of a stream is no rate. */
function isWarmingUp({ measurements }: Observation): boolean {
  return (measurements as { warmingUp?: unknown } | null)?.warmingUp === true
}

/** Four digits are enough for a person, and for a chart. */
function short(value: number): number {
  return Number(value.toPrecision(4))
}

type Unit = Measure['unit']

/** How a value of each unit is written. */
const WRITTEN: { readonly [U in Unit]: (value: number) => string } = {
  'B/s': bitrate,
  '1/s': (value) => `${hundredths(value)} fps`,
  s: (value) => (Math.abs(value) < 1 ? `${hundredths(value * 1000)} ms` : seconds(value)),
  ratio: (value) => `${hundredths(value * 100)} %`,
  persons: (value) => `${Math.round(value)}`,
  points: (value) => `${Math.round(value)}`,
}

/** `Video 4.1 Mb/s (usual in your last 8 broadcasts: 5.6 to 6.2 Mb/s)`. */
function usualText(
  { title, unit }: Pick<Measure, 'title' | 'unit'>,
  value: number,
  range: { low: number; high: number },
  compared: { broadcasts: number; isEndless: boolean },
): string {
  return `${title} ${WRITTEN[unit](value)} (usual ${comparedWith(compared)}: ${span(WRITTEN[unit], range)})`
}

/** The unit stands once, where it is the same. */
function span(written: (value: number) => string, { low, high }: { low: number; high: number }): string {
  // Nothing of what is measured is negative; only the width of the range may reach below 0.
  const [from, to] = [written(Math.max(0, low)), written(high)]
  const unit = / [^ ]+$/.exec(to)?.[0] ?? ''
  return `${unit !== '' && from.endsWith(unit) ? from.slice(0, -unit.length) : from} to ${to}`
}

function comparedWith({ broadcasts, isEndless }: { broadcasts: number; isEndless: boolean }): string {
  if (broadcasts === 0) return isEndless ? 'so far' : 'in this broadcast so far'
  const noun = isEndless ? 'day' : 'broadcast'
  return `in your last ${broadcasts === 1 ? noun : `${broadcasts} ${noun}s`}`
}
