import type { MetricDefinition, Sample } from './definition.ts'
import { type Format, familyHeader, samplePrefix } from './format.ts'
import type { Page } from './page.ts'

/** Series of one metric and target. A forged message must not grow memory without bound. */
const MAX_SERIES_PER_TARGET = 100

/** One line of `/metrics`. Its prefix is joined once, so that rendering thousands takes milliseconds. */
export interface Series {
  readonly prefix: string
  readonly labels: Readonly<Record<string, string>>
  value: number
  /** Before the newest observation; 0 for a series that is new. */
  previous: number
  /** The value of the newest sample, before `base` is added. */
  raw: number
  /** What a counter had reached when its source began again at a lower value: a counter never goes back. */
  base: number
  /** The update that last had a sample for it. */
  update: number
}

/** All series of one metric: by target, then by labels. */
export class Family {
  readonly definition: MetricDefinition<unknown>
  readonly #series = new Map<string, Map<string, Series>>()
  #updates = 0

  constructor(definition: MetricDefinition<unknown>) {
    this.definition = definition
  }

  /** Takes over the samples of a target's newest observation. What they lack is gone or 0, as the definition says. */
  update(target: string, samples: readonly Sample[]): void {
    const update = ++this.#updates
    let ofTarget = this.#series.get(target)
    if (ofTarget === undefined) {
      if (samples.length === 0) return
      ofTarget = new Map()
      this.#series.set(target, ofTarget)
    }
    let updated = 0
    for (const { labels, value } of samples) {
      const key = keyOf(labels)
      let series = ofTarget.get(key)
      if (series === undefined) {
        if (ofTarget.size >= MAX_SERIES_PER_TARGET) continue
        series = this.#newSeries(target, labels)
        ofTarget.set(key, series)
      }
      if (series.update !== update) updated++
      this.#set(series, value, update)
    }
    if (updated < ofTarget.size) this.#settleMissing(target, ofTarget, update)
  }

  forget(target: string): void {
    this.#series.delete(target)
  }

  of(target: string): Iterable<Series> {
    return this.#series.get(target)?.values() ?? []
  }

  /** Adds the family's lines; none while it has no series. */
  render(format: Format, page: Page): void {
    if (this.#series.size === 0) return
    page.add(familyHeader(format, this.definition.name, this.definition.type, this.definition.help))
    for (const ofTarget of this.#series.values()) {
      for (const series of ofTarget.values()) page.add(`${series.prefix}${series.value}\n`)
    }
  }

  #newSeries(target: string, labels: Readonly<Record<string, string>>): Series {
    const all = { target, ...labels }
    const prefix = samplePrefix(this.definition.name, all)
    return { prefix, labels: all, value: 0, previous: 0, raw: 0, base: 0, update: 0 }
  }

  #set(series: Series, value: number, update: number): void {
    if (this.definition.type === 'counter' && value < series.raw) series.base += series.raw
    series.raw = value
    series.previous = series.value
    series.value = series.base + value
    series.update = update
  }

  #settleMissing(target: string, ofTarget: Map<string, Series>, update: number): void {
    for (const [key, series] of ofTarget) {
      if (series.update === update) continue
      if (this.definition.whenMissing === 'zero') this.#set(series, 0, update)
      else ofTarget.delete(key)
    }
    if (ofTarget.size === 0) this.#series.delete(target)
  }
}

/** Of labels that never change, which most are: to join and hash them again each second is half of an update. */
const KEYS = new WeakMap<Readonly<Record<string, string>>, string>()

function keyOf(labels: Readonly<Record<string, string>>): string {
  const known = KEYS.get(labels)
  if (known !== undefined) return known
  let key = ''
  for (const name in labels) key += `${name}\u0001${labels[name]}\u0002`
  if (Object.isFrozen(labels)) KEYS.set(labels, key)
  return key
}

/** What an exporter of another package is told: `record`'s second output. */
export interface SampleChange {
  metric: string
  /** Counters grow by `val`, gauges become `val`. */
  op: 'inc' | 'set'
  val: number
  labels: Readonly<Record<string, string>>
}

/**
 * What one receiver of changes has been told so far. A new feed is told every gauge once. Its counters begin at what
 * the series held before the first observation it sees, so that a receiver that kept its counters over a deploy does
 * not count twice.
 */
export class SampleFeed {
  readonly #sent = new WeakMap<Series, number>()

  /** The changes of one target since the last call. Series that are gone are not told: no exporter takes that. */
  changes(families: readonly Family[], target: string): SampleChange[] {
    const changes: SampleChange[] = []
    for (const family of families) {
      const { name: metric, type } = family.definition
      for (const series of family.of(target)) {
        const before = this.#sent.get(series)
        this.#sent.set(series, series.value)
        if (before === series.value) continue
        changes.push(
          type === 'counter'
            ? { metric, op: 'inc', val: series.value - (before ?? series.previous), labels: series.labels }
            : { metric, op: 'set', val: series.value, labels: series.labels },
        )
      }
    }
    return changes
  }
}
