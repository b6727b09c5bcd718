import { type Kind, type Observation, STATES } from '../observation/observation.ts'
import type { MetricText } from '../observation/own-metric.ts'
import { type MetricDefinition, perLabel, single } from './definition.ts'

/** What a kind adds to the metrics that every kind has. */
export interface EveryKindOptions<M> {
  /** Whether the target is there now; null while unknown. */
  up: (measurements: M) => boolean | null
  upHelp: string
  /** Labels of `_info` that the target says of itself, beside the user's own. Empty values are left out. */
  info: { names: readonly string[]; values: (measurements: M) => Record<string, string | number | null> }
}

/** The metrics of every kind. */
export function everyKindMetrics<M>(kind: Kind, options: EveryKindOptions<M>): MetricDefinition<M>[] {
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
    ...usualMetrics(prefix),
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

/** How the target stands to what is usual for it: of each measure of which that is known. */
function usualMetrics(prefix: string): MetricDefinition<unknown>[] {
  const whenMissing = 'gone'
  return [
    {
      ...{ name: `${prefix}_anomaly`, type: 'gauge', labels: ['measure'], whenMissing },
      help: 'Whether a measure is not as it usually is for the target: 1 or 0, absent while too little is known.',
      samples: ({ usual = [] }) =>
        usual.map(({ measure, unusual }) => ({ labels: { measure }, value: unusual === null ? 0 : 1 })),
    },
    {
      ...{ name: `${prefix}_usual`, type: 'gauge', labels: ['measure', 'bound'], whenMissing },
      help: 'The lowest and the highest that are usual for the target, in the base unit of the measure.',
      samples: ({ usual = [] }) =>
        usual.flatMap(({ measure, low, high }) => [
          { labels: { measure, bound: 'low' }, value: low },
          { labels: { measure, bound: 'high' }, value: high },
        ]),
    },
  ]
}

/** How many of a user's labels `_info` carries, in the order of their names. */
export const MAX_USER_LABELS = 20
/** Characters; what a publisher or a user sends is cut off there. */
export const MAX_VALUE_LENGTH = 200

/**
 * The labels of `_info`: what the target says of itself, then the user's own. A user's label name is made a valid one
 * (Prometheus data model: `[a-zA-Z_][a-zA-Z0-9_]*`, none that begins with `__`); one that is taken gets `user_` in
 * front, and a number behind if that is taken as well.
 */
export function infoLabels(
  own: Readonly<Record<string, string | number | null>>,
  users: Readonly<Record<string, string>>,
): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const [name, value] of Object.entries(own)) {
    if (value !== null && value !== '') labels[name] = cut(String(value))
  }
  const taken = new Set(['target', ...Object.keys(own)])
  for (const name of Object.keys(users).sort().slice(0, MAX_USER_LABELS)) {
    const value = users[name]
    if (value === undefined || value === '') continue
    const free = freeName(validName(name), taken)
    taken.add(free)
    labels[free] = cut(value)
  }
  return labels
}

function validName(name: string): string {
  const valid = name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^__+/, '_')
  return /^[a-zA-Z_]/.test(valid) ? valid.slice(0, MAX_VALUE_LENGTH) : `_${valid}`.slice(0, MAX_VALUE_LENGTH)
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  const prefixed = `user_${name}`
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? prefixed : `${prefixed}_${number}`
    if (!taken.has(candidate)) return candidate
  }
}

function cut(value: string): string {
  return value.length > MAX_VALUE_LENGTH ? `${value.slice(0, MAX_VALUE_LENGTH - 1)}…` : value
}
