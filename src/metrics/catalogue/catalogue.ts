import { KINDS, type Kind } from '../../observation/observation.ts'
import { BANDWIDTH_METRICS } from './bandwidth.ts'
import type { HistogramDefinition, MetricDefinition } from './definition.ts'
import { ENCODER_METRICS } from './encoder.ts'
import { PING_METRICS, PING_RTT } from './ping.ts'
import { PLATFORM_METRICS } from './platform.ts'
import { SERVICE_METRICS } from './service.ts'
import { STREAM_CONNECT_DURATION, STREAM_METRICS } from './stream.ts'

interface KindCatalogue {
  /** Metrics of every target. */
  readonly targets: readonly object[]
  /** Histograms, per monitor or per target. */
  readonly histograms: readonly object[]
}

/** What is measured of each kind. A kind without an entry has no metrics yet. */
const CATALOGUE: Partial<Record<Kind, KindCatalogue>> = {
  stream: { targets: STREAM_METRICS, histograms: [STREAM_CONNECT_DURATION] },
  ping: { targets: PING_METRICS, histograms: [PING_RTT] },
  service: { targets: SERVICE_METRICS, histograms: [] },
  bandwidth: { targets: BANDWIDTH_METRICS, histograms: [] },
  encoder: { targets: ENCODER_METRICS, histograms: [] },
  platform: { targets: PLATFORM_METRICS, histograms: [] },
}

export const CATALOGUED_KINDS: readonly Kind[] = KINDS.filter((kind) => CATALOGUE[kind] !== undefined)

/**
 * The definitions of one kind, for observations whose measurements are not known at compile time: one that meets
 * measurements of the wrong shape throws a TypeError.
 */
export function definitionsOf(kind: Kind): readonly MetricDefinition<unknown>[] {
  return (CATALOGUE[kind]?.targets ?? []) as readonly MetricDefinition<unknown>[]
}

/** The histograms of one kind; the same holds for their measurements. */
export function histogramsOf(kind: Kind): readonly HistogramDefinition<unknown>[] {
  return (CATALOGUE[kind]?.histograms ?? []) as readonly HistogramDefinition<unknown>[]
}
