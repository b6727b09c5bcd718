import { type DashboardSpec, HERE } from './dashboards.ts'

export const MONITOR: DashboardSpec = {
  uid: 'hmonitor-monitor',
  title: 'RTMP HMonitor: monitor itself',
  description:
    'Whether the monitor can do its work: it is scraped, its probes are fresh, its alerts go out, and what it costs.',
  targets: null,
  rows: [
    {
      title: 'Does it work',
      panels: [
        {
          ...{ look: 'number', title: 'Answers', unit: 'bool', width: 6, height: 5 },
          description: 'Whether Prometheus can scrape the monitor.',
          queries: [{ expr: `up{job="hmonitor",${HERE}}`, legend: '{{monitor}} {{site}}' }],
          steps: [
            { value: null, color: 'red' },
            { value: 1, color: 'green' },
          ],
        },
        {
          ...{ look: 'number', title: 'Targets without a fresh observation', unit: 'short', width: 6, height: 5 },
          description: 'What is shown of them is old. It must be 0.',
          queries: [
            { expr: `sum by (monitor, site) (hmonitor_stale_targets{${HERE}})`, legend: '{{monitor}} {{site}}' },
          ],
          steps: [
            { value: null, color: 'green' },
            { value: 1, color: 'red' },
          ],
        },
        {
          ...{ look: 'number', title: 'Oldest alert that waits', unit: 's', width: 6, height: 5 },
          description: 'How long the oldest alert has waited for a receiver to take it.',
          queries: [
            { expr: `time() - hmonitor_outbox_oldest_timestamp_seconds{${HERE}}`, legend: '{{monitor}} {{site}}' },
          ],
          steps: [
            { value: null, color: 'green' },
            { value: 30, color: 'orange' },
            { value: 120, color: 'red' },
          ],
          noValue: 'none waits',
        },
        {
          ...{ look: 'table', title: 'Versions', unit: 'none', width: 6, height: 5 },
          description: 'Of each monitor and of Node.',
          queries: [{ expr: `hmonitor_build_info{${HERE}}`, legend: 'version' }],
        },
        {
          ...{ look: 'lines', title: 'Targets', unit: 'short', width: 8, height: 7, min: 0 },
          description: 'How many are watched, by kind.',
          queries: [{ expr: `sum by (kind) (hmonitor_targets{${HERE}})`, legend: '{{kind}}' }],
        },
        {
          ...{ look: 'lines', title: 'Failures of probes', unit: 'ops', width: 8, height: 7, min: 0 },
          description: 'Observations in which the probe itself failed, by code: then nothing is known of the target.',
          queries: [
            {
              expr: `sum by (kind, code) (rate(hmonitor_probe_failures_total{${HERE}}[$__rate_interval]))`,
              legend: '{{kind}} {{code}}',
            },
          ],
          noValue: 'none',
        },
        {
          ...{ look: 'lines', title: 'Messages to people', unit: 'short', width: 8, height: 7, min: 0 },
          description: 'Of the last hour, by how they ended.',
          queries: [
            {
              expr: `sum by (receiver, result) (increase(hmonitor_notifications_total{${HERE}}[1h]))`,
              legend: '{{receiver}} {{result}}',
            },
          ],
          noValue: 'none',
        },
      ],
    },
    {
      title: 'The log on its way to Elasticsearch or Logstash',
      panels: [
        {
          ...{ look: 'lines', title: 'Lines by what became of them', unit: 'ops', width: 12, height: 7, min: 0 },
          description:
            'Shipped, or there already. Rejected and failure-store: the index does not take them. Lost: too many waited.',
          queries: [
            {
              expr: `sum by (way, result) (rate(hmonitor_log_shipping_lines_total{${HERE}}[$__rate_interval]))`,
              legend: '{{way}} {{result}}',
            },
          ],
          noValue: 'no log node ships',
        },
        {
          ...{ look: 'lines', title: 'Requests that failed', unit: 'ops', width: 12, height: 7, min: 0 },
          description:
            'Each is made again, with longer and longer pauses. A few at a restart of the other side are usual.',
          queries: [
            {
              expr: `sum by (way) (rate(hmonitor_log_shipping_failures_total{${HERE}}[$__rate_interval]))`,
              legend: '{{way}}',
            },
          ],
          noValue: 'no log node ships',
        },
        {
          ...{ look: 'lines', title: 'Lines that wait', unit: 'short', width: 8, height: 7, min: 0 },
          description: 'On the disk of the monitor. It falls to nothing again and again, or nothing is taken.',
          queries: [{ expr: `hmonitor_log_shipping_waiting_lines{${HERE}}`, legend: '{{monitor}} {{way}}' }],
          noValue: 'no log node ships',
        },
        {
          ...{ look: 'lines', title: 'Room for them that is taken', unit: 'percentunit', width: 8, height: 7 },
          ...{ min: 0, max: 1 },
          description: 'At 1 what comes then is lost to the index; the files of the log have it.',
          queries: [{ expr: `hmonitor_log_shipping_queue_ratio{${HERE}}`, legend: '{{monitor}} {{way}}' }],
          noValue: 'no log node ships',
        },
        {
          ...{ look: 'number', title: 'Nothing taken for', unit: 's', width: 4, height: 7 },
          description: 'How long lines have waited without any being taken. Empty is well.',
          queries: [
            {
              expr: `time() - hmonitor_log_shipping_failing_since_timestamp_seconds{${HERE}}`,
              legend: '{{monitor}} {{way}}',
            },
          ],
          steps: [
            { value: null, color: 'green' },
            { value: 60, color: 'orange' },
            { value: 300, color: 'red' },
          ],
          noValue: 'all is taken',
        },
        {
          ...{ look: 'number', title: 'Certificate ends in', unit: 's', width: 4, height: 7 },
          description: 'Of who takes the lines, as the monitor was shown it last.',
          queries: [
            {
              expr: `hmonitor_log_shipping_certificate_expiry_timestamp_seconds{${HERE}} - time()`,
              legend: '{{monitor}} {{way}}',
            },
          ],
          steps: [
            { value: null, color: 'red' },
            { value: 14 * 86_400, color: 'green' },
          ],
          noValue: 'no certificate',
        },
        {
          ...{ look: 'lines', title: 'Logstash: lines in and out', unit: 'ops', width: 8, height: 7, min: 0 },
          description: 'Of each pipeline. What comes in and does not go out waits in its queue.',
          queries: [
            {
              expr: `sum by (logstash, pipeline, stage) (rate(hmonitor_logstash_events_total{stage=~"in|out", ${HERE}}[$__rate_interval]))`,
              legend: '{{logstash}} {{pipeline}} {{stage}}',
            },
          ],
          noValue: 'without the profile elk',
        },
        {
          ...{ look: 'lines', title: 'Logstash: queue', unit: 'percentunit', width: 8, height: 7, min: 0, max: 1 },
          description: 'How much of its room is taken. At 1 it takes no lines, and who sends them waits.',
          queries: [
            {
              expr: `hmonitor_logstash_queue_bytes{${HERE}} / hmonitor_logstash_queue_limit_bytes{${HERE}}`,
              legend: '{{logstash}} {{pipeline}}',
            },
          ],
          noValue: 'without the profile elk',
        },
        {
          ...{ look: 'lines', title: 'Logstash: dead letters', unit: 'bytes', width: 8, height: 7, min: 0 },
          description: 'Lines that Elasticsearch refuses for ever, until they are in a data stream of their own.',
          queries: [{ expr: `hmonitor_logstash_dead_letters_bytes{${HERE}}`, legend: '{{logstash}} {{pipeline}}' }],
          noValue: 'without the profile elk',
        },
      ],
    },
    {
      title: 'What it costs',
      panels: [
        {
          ...{ look: 'lines', title: 'Processor', unit: 'percentunit', width: 8, height: 7, min: 0 },
          description: 'Of Node-RED, in cores. The programs that it starts are beside it.',
          queries: [
            {
              expr: `rate(process_cpu_seconds_total{job="hmonitor",${HERE}}[$__rate_interval])`,
              legend: '{{monitor}}',
            },
          ],
        },
        {
          ...{ look: 'lines', title: 'Memory', unit: 'bytes', width: 8, height: 7, min: 0 },
          description: 'Of Node-RED. It must not grow from day to day.',
          queries: [{ expr: `process_resident_memory_bytes{job="hmonitor",${HERE}}`, legend: '{{monitor}}' }],
        },
        {
          ...{ look: 'lines', title: 'Delay of the event loop', unit: 's', width: 8, height: 7, min: 0 },
          description:
            '99th percentile. From 0.1 s on the monitor is too busy: watch fewer targets, or give it a faster machine.',
          queries: [{ expr: `nodejs_eventloop_lag_p99_seconds{job="hmonitor",${HERE}}`, legend: '{{monitor}}' }],
        },
        {
          ...{ look: 'lines', title: 'Time of a scrape', unit: 's', width: 12, height: 7, min: 0 },
          description: 'How long Prometheus waits for the metrics. It gives up after 0.9 s.',
          queries: [{ expr: `scrape_duration_seconds{job="hmonitor",${HERE}}`, legend: '{{monitor}}' }],
        },
        {
          ...{ look: 'lines', title: 'Series', unit: 'short', width: 12, height: 7, min: 0 },
          description: 'How many values a scrape brings: about 50 per stream.',
          queries: [{ expr: `scrape_samples_scraped{job="hmonitor",${HERE}}`, legend: '{{monitor}}' }],
        },
      ],
    },
  ],
}
