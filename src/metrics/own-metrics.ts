import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { internalErrors } from '../observation/internal-errors.ts'
import type { Kind, Observation } from '../observation/observation.ts'
import type { MetricText, OwnCounter } from '../observation/own-metric.ts'
import type { HistogramDefinition, MeasuredKind, MeasuredKinds, Sample } from './definition.ts'
import { packageVersion } from './package-version.ts'

export const BUILD_INFO: MetricText = {
  name: 'hmonitor_build_info',
  type: 'gauge',
  help: 'Always 1. Carries the versions of this monitor and of Node.js.',
  labels: ['version', 'node_version'],
}

export const PROBE_FAILURES: MetricText = {
  name: 'hmonitor_probe_failures_total',
  type: 'counter',
  help: 'Observations in which the probe itself failed, so that nothing is known of the target.',
  labels: ['kind', 'code'],
}

export const INTERNAL_ERRORS: MetricText = {
  name: 'hmonitor_internal_errors_total',
  type: 'counter',
  help: "Faults in the monitor's own code, by the place where they were caught. The log has each with its stack.",
  labels: ['place'],
}

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
  readonly #counters = new Map<string, { counter: Counter<string>; seen: Set<string> }>()

  constructor(kinds: MeasuredKinds) {
    this.#kinds = kinds
    const registers = [this.registry]
    new Gauge({ name: BUILD_INFO.name, help: BUILD_INFO.help, labelNames: BUILD_INFO.labels, registers }).set(
      { version: packageVersion(), node_version: process.versions.node },
      1,
    )
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

  /** @param read is asked at every scrape; what it no longer names is gone */
  registerGauge({ name, help, labels }: MetricText, read: () => readonly Sample[]): void {
    new Gauge({
      ...{ name, help, labelNames: labels, registers: [this.registry] },
      collect() {
        this.reset()
        const samples = read()
        for (const { labels, value } of samples) this.set(labels, value)
        // After a reset, prom-client has a series without labels stand at 0.
        if (samples.length === 0 && labels.length === 0) this.remove()
      },
    })
  }

  registerCounter({ name, help, labels, zeros }: OwnCounter): void {
    const counter = new Counter({ name, help, labelNames: labels, registers: [this.registry] })
    for (const zero of zeros) counter.inc(zero, 0)
    this.#counters.set(name, { counter, seen: new Set() })
  }

  count<L extends string>({ name, bounded }: OwnCounter<L>, labels: Readonly<Record<L, string>>, by: number): void {
    const known = this.#counters.get(name)
    if (known === undefined) throw new Error(`The counter ${name} is not registered`)
    const { counter, seen } = known
    if (bounded === undefined) {
      counter.inc(labels, by)
      return
    }
    const value = labels[bounded.label]
    if (seen.size < bounded.values) seen.add(value)
    counter.inc({ ...labels, [bounded.label]: seen.has(value) ? value : 'other' }, by)
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

/** prom-client names these gauges `_total`, which promtool and OpenMetrics keep for counters. */
const UNFIT = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

let registry: Registry | null = null

/**
 * Milliseconds between samples of the event loop's delay; the figures include it. 10 ms, prom-client's default, costs
 * 0.6 % of a core, 20 ms 0.3 % (measured, Node 22).
 */
export const EVENT_LOOP_SAMPLING = 50

/**
 * prom-client's metrics of the process, for every monitor in it. They are begun once per process, because the
 * observers that prom-client starts for them cannot be stopped.
 */
export function processMetrics(): Registry {
  if (registry === null) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_SAMPLING })
    for (const name of UNFIT) registry.removeSingleMetric(name)
  }
  return registry
}
