import { MonitorError } from '../observation/errors.ts'
import type { Kind, LogLevel, Observation } from '../observation/observation.ts'
import { AlertMetrics } from './alert-metrics.ts'
import type { MeasuredKind, MeasuredKinds } from './catalogue/definition.ts'
import { Family } from './family.ts'
import { CONTENT_TYPES, END_OF_OPENMETRICS } from './format.ts'
import { LogMetrics } from './log-metrics.ts'
import { negotiate } from './negotiate.ts'
import { OwnMetrics } from './own-metrics.ts'
import { processMetrics } from './process-metrics.ts'
import { promClientText } from './prom-client-text.ts'
import type { SampleChange, SampleFeed } from './sample-feed.ts'
import type { UserMetricDefinition } from './user-metric-definition.ts'
import { type UserMetric, UserMetrics } from './user-metrics.ts'

/** An observation with a lower sequence that is older by at most this (milliseconds) was delayed on its way. */
const LATE_WITHIN = 60_000

interface Recorded {
  sequence: number
  time: string
}

/** All metrics of one monitor. */
export class MetricsRegistry {
  readonly #families = new Map<Kind, readonly Family[]>()
  readonly #newest = new Map<Kind, Map<string, Recorded>>()
  readonly #own: OwnMetrics
  readonly #alerts: AlertMetrics
  readonly #log: LogMetrics
  readonly #user = new UserMetrics()

  /**
   * `countTargets`: how many targets of a kind are watched now, for `hmonitor_targets`; `countStale`: how many of them
   * have no fresh observation, for `hmonitor_stale_targets`; `countRejected`: mistakes in what is to be watched, by their
   * effect, for `hmonitor_rejected_targets`; `oldestWaiting`: when the oldest alert came that no receiver has taken, for
   * `hmonitor_outbox_oldest_timestamp_seconds`.
   */
  constructor(
    kinds: MeasuredKinds,
    options: {
      countTargets?: (kind: Kind) => number
      countStale?: (kind: Kind) => number
      countRejected?: () => Readonly<Record<string, number>>
      oldestWaiting?: () => number | null
    } = {},
  ) {
    for (const { kind, metrics } of Object.values<MeasuredKind>(kinds)) {
      this.#families.set(
        kind,
        metrics.map((definition) => new Family(definition)),
      )
      this.#newest.set(kind, new Map())
    }
    this.#own = new OwnMetrics(kinds, {
      targets: options.countTargets ?? ((kind) => this.#newest.get(kind)?.size ?? 0),
      stale: options.countStale ?? (() => 0),
      rejected: options.countRejected ?? (() => ({})),
    })
    this.#alerts = new AlertMetrics(this.#own.registry, options.oldestWaiting ?? (() => null))
    this.#log = new LogMetrics(this.#own.registry)
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

  /** An alert began to fire or was resolved. */
  countAlert(severity: string, status: string): void {
    this.#alerts.countAlert(severity, status)
  }

  /** A message to people was taken, was not, or will not be tried again. @param receiver its name, no secret */
  countNotification(receiver: string, result: 'delivered' | 'failed' | 'given-up', times = 1): void {
    this.#alerts.countNotification(receiver, result, times)
  }

  /** A `log` node took an event or an alert for its file. */
  countLogEvent(level: LogLevel): void {
    this.#log.count(level)
  }

  /** A target is gone, and its series with it. */
  forget(kind: Kind, target: string): void {
    this.#newest.get(kind)?.delete(target)
    for (const family of this.#families.get(kind) ?? []) family.forget(target)
    this.#own.forget(kind, target)
  }

  /** The answer to a scrape, in the format that its `Accept` header asks for. */
  async exposition(accept?: string): Promise<{ contentType: string; body: string }> {
    const format = negotiate(accept)
    let body = ''
    for (const families of this.#families.values()) {
      for (const family of families) body += family.render(format)
    }
    body += await promClientText(this.#own.registry, format)
    body += await promClientText(this.#user.registry, format)
    body += await promClientText(processMetrics(), format)
    if (format === 'openmetrics') body += END_OF_OPENMETRICS
    return { contentType: CONTENT_TYPES[format], body }
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
