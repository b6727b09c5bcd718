import { type Kind, type Observation, STATES } from '../../observation/observation.ts'
import type { MetricText } from '../../observation/own-metric.ts'
import { type MetricDefinition, perLabel, single } from './definition.ts'
import { infoLabels } from './info-labels.ts'

/** What a kind adds to the metrics that every kind has. */
export interface CommonOptions<M> {
  /** Whether the target is there now; null while unknown. */
  up: (measurements: M) => boolean | null
  upHelp: string
  /** Labels of `_info` that the target says of itself, beside the user's own. Empty values are left out. */
  info: { names: readonly string[]; values: (measurements: M) => Record<string, string | number | null> }
}

/** The metrics of every kind. */
export function commonMetrics<M>(kind: Kind, options: CommonOptions<M>): MetricDefinition<M>[] {
  const prefix = `hmonitor_${kind}`
  return [
    single('gauge', `${prefix}_up`, options.upHelp, (o) => (o.state === 'unknown' ? null : options.up(o.measurements))),
    perLabel(
      'gauge',
      `${prefix}_state`,
      'State of the target: 1 for the one it is in, 0 for the others.',
      'state',
      STATES,
      (o, state) => o.state === state,
    ),
    single('gauge', `${prefix}_expected`, 'Whether the target should be on air now.', (o) => o.expected),
    single(
      'gauge',
      `${prefix}_health_score`,
      'Health from 0 (down) to 100 (no issue). Absent while unknown or off.',
      (o) => o.score,
    ),
    single(
      'gauge',
      `${prefix}_probe_success`,
      'Whether the probe could measure, whatever it measured: 0 while the state is unknown.',
      (o) => o.error === undefined && o.state !== 'unknown',
    ),
    issueMetric(prefix),
    {
      name: `${prefix}_info`,
      type: 'gauge',
      help: "Always 1. Carries what the target says of itself and the user's own labels.",
      labels: options.info.names,
      whenMissing: 'gone',
      samples: (o) => [{ labels: infoLabels(options.info.values(o.measurements), o.labels), value: 1 }],
    } satisfies MetricDefinition<M>,
  ]
}

function issueMetric(prefix: string): MetricDefinition<unknown> {
  const text: MetricText & { type: 'gauge' } = {
    name: `${prefix}_issue`,
    type: 'gauge',
    help: 'Whether an issue is active: appears when it is first raised, then 1 or 0 until the target goes.',
    labels: ['issue', 'severity'],
  }
  return {
    ...text,
    whenMissing: 'zero',
    samples: (o: Observation<Kind, unknown>) =>
      o.issues.map((issue) => ({ labels: { issue: issue.type, severity: issue.severity }, value: 1 })),
  }
}
