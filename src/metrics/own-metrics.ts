import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import { internalErrors } from '../observation/internal-errors.ts'
import { kindsOf } from '../observation/kind.ts'
import type { Kind, Observation } from '../observation/observation.ts'
import type { HistogramDefinition, MeasuredKind, MeasuredKinds, MetricText } from './catalogue/definition.ts'
import {
  BUILD_INFO,
  INTERNAL_ERRORS,
  PROBE_FAILURES,
  REJECTED_TARGETS,
  STALE_TARGETS,
  TARGETS,
} from './catalogue/monitor.ts'
import { packageVersion } from './package-version.ts'

/** Different codes per kind; what comes after them counts as `other`. */
const MAX_CODES = 32
const CODE = /^[a-z][a-z0-9-]{0,39}$/

/** What one monitor says of itself, on prom-client. */
export class OwnMetrics {
  readonly registry = new Registry()
  readonly #failures: Counter<string>
  readonly #codes = new Map<Kind, Set<string>>()
  readonly #histograms = new Map<string, Histogram>()
  readonly #kinds: MeasuredKinds

  /** `count` is asked at every scrape. */
  constructor(
    kinds: MeasuredKinds,
    count: Record<'targets' | 'stale', (kind: Kind) => number> & { rejected(): Readonly<Record<string, number>> },
  ) {
    this.#kinds = kinds
    const registers = [this.registry]
    new Gauge({ name: BUILD_INFO.name, help: BUILD_INFO.help, labelNames: BUILD_INFO.labels, registers }).set(
      { version: packageVersion(), node_version: process.versions.node },
      1,
    )
    const perKind = (text: MetricText, count: (kind: Kind) => number) =>
      new Gauge({
        ...{ name: text.name, help: text.help, labelNames: text.labels, registers },
        collect() {
          for (const kind of kindsOf(kinds)) this.set({ kind }, count(kind))
        },
      })
    perKind(TARGETS, count.targets)
    perKind(STALE_TARGETS, count.stale)
    const { name, help, labels: labelNames } = REJECTED_TARGETS
    new Gauge({
      ...{ name, help, labelNames, registers },
      collect() {
        for (const [effect, value] of Object.entries(count.rejected())) this.set({ effect }, value)
      },
    })
    this.#failures = new Counter({
      name: PROBE_FAILURES.name,
      help: PROBE_FAILURES.help,
      labelNames: PROBE_FAILURES.labels,
      registers,
    })
    new Counter({
      ...{ name: INTERNAL_ERRORS.name, help: INTERNAL_ERRORS.help, labelNames: INTERNAL_ERRORS.labels, registers },
      collect() {
        this.reset()
        for (const { place, count } of internalErrors()) this.inc({ place }, count)
      },
    })
    for (const { kind, failures, histograms } of Object.values<MeasuredKind>(kinds)) {
      for (const code of failures) this.#failures.inc({ kind, code: this.#bounded(kind, code) }, 0)
      for (const { name, help, buckets, perTarget } of histograms) {
        const labelNames = perTarget ? ['target'] : []
        this.#histograms.set(name, new Histogram({ name, help, labelNames, buckets: [...buckets], registers }))
      }
    }
  }

  /** Counts what a new observation says of the probe itself. */
  record(observation: Observation): void {
    const { kind, error } = observation
    if (error !== undefined) this.#failures.inc({ kind, code: this.#bounded(kind, error.code) })
    for (const definition of this.#histogramsOf(kind)) {
      const histogram = this.#histograms.get(definition.name)
      const labels = definition.perTarget ? { target: observation.target } : {}
      for (const value of definition.values(observation)) {
        if (Number.isFinite(value)) histogram?.observe(labels, value)
      }
    }
  }

  /** A target is gone, and its histograms with it. */
  forget(kind: Kind, target: string): void {
    for (const { name, perTarget } of this.#histogramsOf(kind)) {
      if (perTarget) this.#histograms.get(name)?.remove({ target })
    }
  }

  #histogramsOf(kind: Kind): readonly HistogramDefinition<unknown>[] {
    return this.#kinds[kind].histograms
  }

  #bounded(kind: Kind, code: string): string {
    let codes = this.#codes.get(kind)
    if (codes === undefined) {
      codes = new Set()
      this.#codes.set(kind, codes)
    }
    if (codes.has(code)) return code
    if (codes.size >= MAX_CODES || !CODE.test(code)) return 'other'
    codes.add(code)
    return code
  }
}
