import type { Registry } from 'prom-client'
import { MonitorError } from '../observation/errors.ts'
import type { Kind, Observation } from '../observation/observation.ts'
import type { Counters, MetricText, OwnCounter } from '../observation/own-metric.ts'
import type { MeasuredKind, MeasuredKinds, Sample } from './definition.ts'
import { Family, type SampleChange, type SampleFeed } from './family.ts'
import {
  CONTENT_TYPES,
  END_OF_OPENMETRICS,
  type FamilyType,
  type Format,
  familyHeader,
  negotiate,
  samplePrefix,
} from './format.ts'
import { OwnMetrics, processMetrics } from './own-metrics.ts'
import { Page } from './page.ts'
import type { UserMetricDefinition } from './user-metric-definition.ts'
import { type UserMetric, UserMetrics } from './user-metrics.ts'

/** An observation with a lower sequence that is older by at most this (milliseconds) was delayed on its way. */
const LATE_WITHIN = 60_000

interface Recorded {
  sequence: number
  time: string
}

/** The answer to a scrape. */
interface Exposition {
  contentType: string
  /** UTF-8. Scrapes that came together have the same. */
  body: Buffer
}

/** All metrics of one monitor. */
export class MetricsRegistry implements Counters {
  readonly #families = new Map<Kind, readonly Family[]>()
  readonly #newest = new Map<Kind, Map<string, Recorded>>()
  readonly #own: OwnMetrics
  readonly #user = new UserMetrics()
  readonly #rendering = new Map<Format, Promise<Exposition>>()

  constructor(kinds: MeasuredKinds) {
    for (const { kind, metrics } of Object.values<MeasuredKind>(kinds)) {
      this.#families.set(
        kind,
        metrics.map((definition) => new Family(definition)),
      )
      this.#newest.set(kind, new Map())
    }
    this.#own = new OwnMetrics(kinds)
  }

  /**
   * Takes over an observation and answers what changed for the receiver behind `feed` (null: for nobody).
   * The same observation twice counts once; one that another has overtaken is passed over, and so is a kind that has
   * no metrics. The caller sees to it that the target is still watched.
   * @throws MonitorError `invalid-message` where it is no observation; nothing has been recorded then
   */
  record(observation: Observation, feed: SampleFeed | null): SampleChange[] {
    const families = this.#families.get(observation.kind)
    const newest = this.#newest.get(observation.kind)
    if (families === undefined || newest === undefined) return []
    const { target, sequence, time } = observation
    const before = newest.get(target)
    if (before !== undefined && isLate(observation, before)) return []
    if (before === undefined || before.sequence !== sequence || before.time !== time) {
      this.#takeOver(observation, families)
      newest.set(target, { sequence, time })
    }
    return feed === null ? [] : feed.changes(families, target)
  }

  /** A gauge of the monitor itself. @param read is asked at every scrape; what it no longer names is gone */
  registerGauge(text: MetricText, read: () => readonly Sample[]): void {
    this.#own.registerGauge(text, read)
  }

  /** What a subsystem counts. It stands at its zeros from now on. */
  registerCounter(counter: OwnCounter): void {
    this.#own.registerCounter(counter)
  }

  /** @throws Error where the counter was not registered: a fault of ours */
  count<L extends string>(counter: OwnCounter<L>, labels: Readonly<Record<L, string>>, by = 1): void {
    this.#own.count(counter, labels, by)
  }

  /** A target is gone, and its series with it. */
  forget(kind: Kind, target: string): void {
    this.#newest.get(kind)?.delete(target)
    for (const family of this.#families.get(kind) ?? []) family.forget(target)
    this.#own.forget(kind, target)
  }

  /** In the format that an `Accept` header asks for. Who asks while it is made gets what is being made. */
  exposition(accept?: string): Promise<Exposition> {
    const format = negotiate(accept)
    const underWay = this.#rendering.get(format)
    if (underWay !== undefined) return underWay
    const rendering = this.#render(format).finally(() => this.#rendering.delete(format))
    this.#rendering.set(format, rendering)
    return rendering
  }

  /**
   * A metric of the user's own. Equal definitions share one metric.
   * @throws MonitorError `invalid-metric`, `metric-conflict`
   */
  userMetric(definition: UserMetricDefinition): UserMetric {
    return this.#user.acquire(definition)
  }

  /** To be called when all nodes of a deploy have started: the user's metrics that no node has taken up again go. */
  dropUnheldUserMetrics(): void {
    this.#user.dropUnheld()
  }

  async #render(format: Format): Promise<Exposition> {
    const page = new Page()
    for (const families of this.#families.values()) {
      for (const family of families) family.render(format, page)
    }
    for (const registry of [this.#own.registry, this.#user.registry, processMetrics()]) {
      page.add(await promClientText(registry, format))
    }
    if (format === 'openmetrics') page.add(END_OF_OPENMETRICS)
    return { contentType: CONTENT_TYPES[format], body: await page.encode() }
  }

  #takeOver(observation: Observation, families: readonly Family[]): void {
    try {
      const samples = families.map((family) => family.definition.samples(observation))
      this.#own.record(observation)
      families.forEach((family, index) => {
        family.update(observation.target, samples[index] ?? [])
      })
    } catch (cause) {
      if (!(cause instanceof TypeError)) throw cause
      throw new MonitorError(
        'invalid-message',
        `The message about ${observation.kind} "${observation.target}" is not an observation: ${cause.message}. ` +
          'Connect this node to output 1 of a probe node.',
        { cause },
      )
    }
  }
}

function isLate(observation: Observation, newest: Recorded): boolean {
  const age = Date.parse(newest.time) - Date.parse(observation.time)
  return observation.sequence < newest.sequence && age >= 0 && age <= LATE_WITHIN
}

/**
 * The metrics of a prom-client registry in either format. prom-client's own text depends on a content type that is
 * set on the registry and renames counters for good, so that it cannot answer both formats in turn.
 * A value that is not a finite number is left out.
 */
async function promClientText(registry: Registry, format: Format): Promise<string> {
  let text = ''
  for (const metric of await registry.getMetricsAsJSON()) {
    let lines = ''
    for (const sample of metric.values) {
      if (!Number.isFinite(sample.value)) continue
      const name = 'metricName' in sample && typeof sample.metricName === 'string' ? sample.metricName : metric.name
      lines += `${samplePrefix(name, withCanonicalBounds(sample.labels))}${sample.value}\n`
    }
    if (lines !== '') text += familyHeader(format, metric.name, familyType(metric.type), metric.help) + lines
  }
  return text
}

/** prom-client's types call it an enumeration of numbers; at run time it is a word. */
function familyType(type: unknown): FamilyType {
  return type === 'counter' || type === 'histogram' || type === 'summary' ? type : 'gauge'
}

/** `le` and `quantile` are numbers with a decimal point (OpenMetrics 1.0, "Canonical Numbers"), in both formats. */
function withCanonicalBounds(labels: Partial<Record<string, string | number>>): Record<string, string | number> {
  const result: Record<string, string | number> = {}
  for (const [name, value = ''] of Object.entries(labels)) {
    const isBound = typeof value === 'number' && (name === 'le' || name === 'quantile')
    result[name] = isBound && Number.isInteger(value) ? `${value}.0` : value
  }
  return result
}
