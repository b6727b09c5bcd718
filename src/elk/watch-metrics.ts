import type { MetricText } from '../observation/own-metric.ts'
import type { Finding } from './log-alerts.ts'
import type { LogstashFigures, PipelineFigures } from './logstash-figures.ts'

/** What `elk watch` knows of itself, of the log and of Logstash. Times in milliseconds since the epoch. */
export interface WatchState {
  /** When the last round of questions had ended; at first, when it began to watch. */
  lastRound: number
  /** Rounds in which every question was answered, and in which one was not, since the start. */
  answered: number
  failed: number
  /** Rounds since the start of which no Alertmanager has taken what was found. */
  unposted: number
  /** Of the last round. */
  findings: readonly Finding[]
  logstashes: readonly LogstashFigures[]
  /** When the certificate of Elasticsearch ends; null: it has shown none. */
  certificateEnds: number | null
}

interface Sample {
  labels: Readonly<Record<string, string>>
  value: number
}

/** A metric, and what it shows; nothing where nothing is known. */
interface WatchMetric {
  text: MetricText
  samples(state: WatchState): readonly Sample[]
}

const alone = (value: number): readonly Sample[] => [{ labels: {}, value }]

/** Metrics of each pipeline: name without its beginning, type, what it says, and where that stands. */
const OF_PIPELINES: readonly [string, 'counter' | 'gauge', string, keyof PipelineFigures][] = [
  ['queue_events', 'gauge', 'Lines in the queue of the pipeline.', 'queueEvents'],
  ['queue_bytes', 'gauge', 'Bytes of its queue.', 'queueBytes'],
  ['queue_limit_bytes', 'gauge', 'Bytes that its queue may have. Absent of a queue in memory.', 'queueLimit'],
  ['dead_letters_bytes', 'gauge', 'Bytes of the lines that were refused for ever and wait to be read.', 'deadBytes'],
  ['dead_letters_limit_bytes', 'gauge', 'Bytes that they may have; then the oldest are thrown away.', 'deadLimit'],
  ['dead_letters_dropped_total', 'counter', 'Such lines that were thrown away since its start.', 'deadDropped'],
  [
    ...(['reload_failures_total', 'counter'] as const),
    'Changes of its configuration that it could not take since its start.',
    'reloadFailures',
  ],
]

const METRICS: readonly WatchMetric[] = [
  {
    text: {
      name: 'hmonitor_log_watch_last_round_timestamp_seconds',
      type: 'gauge',
      help: 'When elk watch had asked all of its questions last, answered or not; at first, when it began.',
      labels: [],
    },
    samples: ({ lastRound }) => alone(lastRound / 1000),
  },
  {
    text: {
      name: 'hmonitor_log_watch_rounds_total',
      type: 'counter',
      help: 'Rounds of questions: answered, or failed where at least one was not answered.',
      labels: ['result'],
    },
    samples: ({ answered, failed }) => [
      { labels: { result: 'answered' }, value: answered },
      { labels: { result: 'failed' }, value: failed },
    ],
  },
  {
    text: {
      name: 'hmonitor_log_watch_unposted_rounds_total',
      type: 'counter',
      help: 'Rounds of which no Alertmanager has taken what was found.',
      labels: [],
    },
    samples: ({ unposted }) => alone(unposted),
  },
  {
    text: {
      name: 'hmonitor_log_watch_found',
      type: 'gauge',
      help: 'What the question of an alert out of the log has found in the last round. Absent where it was not answered.',
      labels: ['alertname'],
    },
    samples: ({ findings }) =>
      findings.flatMap((finding) =>
        'rows' in finding ? [{ labels: { alertname: finding.rule.alertname }, value: finding.rows.length }] : [],
      ),
  },
  {
    text: {
      name: 'hmonitor_log_watch_certificate_expiry_timestamp_seconds',
      type: 'gauge',
      help: 'When the certificate ends that Elasticsearch or the monitoring API of Logstash has shown last. Absent without TLS.',
      labels: ['server'],
    },
    samples: ({ certificateEnds, logstashes }) =>
      [
        { server: 'elasticsearch', ends: certificateEnds },
        ...logstashes.map((each) => ({ server: each.logstash, ends: each.certificateEnds })),
      ].flatMap(({ server, ends }) => (ends === null ? [] : [{ labels: { server }, value: ends / 1000 }])),
  },
  {
    text: {
      name: 'hmonitor_logstash_up',
      type: 'gauge',
      help: 'Whether the monitoring API of a Logstash has answered: 1 or 0.',
      labels: ['logstash'],
    },
    samples: ({ logstashes }) =>
      logstashes.map(({ logstash, ...is }) => ({ labels: { logstash }, value: 'pipelines' in is ? 1 : 0 })),
  },
  {
    text: {
      name: 'hmonitor_logstash_events_total',
      type: 'counter',
      help: 'Lines since its start: in (taken), filtered (worked on), out (handed on).',
      labels: ['logstash', 'pipeline', 'stage'],
    },
    samples: (state) =>
      ofPipelines(state, (figures) =>
        (['in', 'filtered', 'out'] as const).map((stage) => ({ more: { stage }, value: figures[stage] })),
      ),
  },
  ...OF_PIPELINES.map(([name, type, help, key]) => ({
    text: { name: `hmonitor_logstash_${name}`, type, help, labels: ['logstash', 'pipeline'] },
    samples: (state: WatchState) =>
      ofPipelines(state, (figures) => {
        const value = figures[key]
        return [{ more: {}, value: typeof value === 'number' ? value : null }]
      }),
  })),
]

/** What `elk watch --listen` shows. */
export const WATCH_METRICS: readonly MetricText[] = METRICS.map(({ text }) => text)

/** Each with its samples; those of which nothing is known have none. */
export function watchSeries(state: WatchState): { text: MetricText; samples: readonly Sample[] }[] {
  return METRICS.map(({ text, samples }) => ({ text, samples: samples(state) }))
}

function ofPipelines(
  { logstashes }: WatchState,
  values: (figures: PipelineFigures) => readonly { more: Readonly<Record<string, string>>; value: number | null }[],
): Sample[] {
  return logstashes.flatMap((each) =>
    'pipelines' in each
      ? each.pipelines.flatMap((figures) =>
          values(figures).flatMap(({ more, value }) => {
            const labels = { logstash: each.logstash, pipeline: figures.pipeline, ...more }
            return value === null ? [] : [{ labels, value }]
          }),
        )
      : [],
  )
}
