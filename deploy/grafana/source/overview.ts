import type { KindDescriptor } from '../../../src/kinds/kind.ts'
import { KINDS } from '../../../src/kinds/kinds.ts'
import { type DashboardSpec, HERE } from './dashboards.ts'
import type { Query } from './panel.ts'
import { STATE_MAPPINGS, stateOf } from './states.ts'

const count = (state: string): Query => ({
  expr: `sum(${Object.keys(KINDS)
    .map((kind) => `(sum(hmonitor_${kind}_state{${HERE},state="${state}"}) or vector(0))`)
    .join(' + ')})`,
  legend: state,
})

const toStream = [
  {
    title: 'This stream',
    url: '/d/hmonitor-stream?var-target=${__field.labels.target:percentencode}&${__url_time_range}',
  },
]

export const OVERVIEW: DashboardSpec = {
  uid: 'hmonitor-overview',
  title: 'RTMP HMonitor: overview',
  description: 'Everything that the monitors of all sites watch: what is wrong now, and what was.',
  targets: null,
  rows: [
    {
      title: 'Now',
      panels: [
        {
          ...{ look: 'number', title: 'Down', unit: 'short', width: 4, height: 4, queries: [count('down')] },
          description:
            'Targets that should be there and are not. Anything but 0 needs somebody now: the alerts say what to do.',
          steps: [
            { value: null, color: 'green' },
            { value: 1, color: 'red' },
          ],
        },
        {
          ...{
            look: 'number',
            title: 'With a problem',
            unit: 'short',
            width: 4,
            height: 4,
            queries: [count('degraded')],
          },
          description: 'Targets that are there, but have an issue of severity warning or error.',
          steps: [
            { value: null, color: 'green' },
            { value: 1, color: 'orange' },
          ],
        },
        {
          ...{ look: 'number', title: 'Unknown', unit: 'short', width: 4, height: 4, queries: [count('unknown')] },
          description: 'Targets that the monitor cannot measure. Treat them as unwatched: look yourself.',
          steps: [
            { value: null, color: 'green' },
            { value: 1, color: 'purple' },
          ],
        },
        {
          ...{ look: 'number', title: 'OK', unit: 'short', width: 4, height: 4, queries: [count('ok')] },
          description: 'Targets that are measured and have no issue of severity warning or error.',
          steps: [{ value: null, color: 'green' }],
        },
        {
          ...{ look: 'number', title: 'Alerts that fire', unit: 'short', width: 4, height: 4 },
          description: 'Critical and warning alerts of Prometheus that fire now. The dashboard of alerts lists them.',
          queries: [
            {
              expr: `count(ALERTS{alertstate="firing",severity=~"critical|warning",${HERE}}) or vector(0)`,
              legend: 'firing',
            },
          ],
          steps: [
            { value: null, color: 'green' },
            { value: 1, color: 'red' },
          ],
        },
        {
          ...{ look: 'number', title: 'Monitors that answer', unit: 'short', width: 4, height: 4 },
          description: 'Monitors that Prometheus can scrape. One that is missing here sees nothing of its streams.',
          queries: [{ expr: `sum(up{job="hmonitor",${HERE}})`, legend: 'monitors' }],
          steps: [
            { value: null, color: 'red' },
            { value: 1, color: 'green' },
          ],
        },
      ],
    },
    {
      title: 'Streams',
      panels: [
        {
          ...{
            look: 'states',
            title: 'State of the streams',
            unit: 'none',
            width: 24,
            height: 9,
            mappings: STATE_MAPPINGS,
          },
          description:
            'The state of each stream over time. Purple is not known, which is not well. A click leads to the stream.',
          queries: [{ expr: stateOf('stream', HERE), legend: '{{target}}' }],
          links: toStream,
        },
        {
          ...{ look: 'lines', title: 'Measured bitrate', unit: 'Bps', width: 12, height: 8, min: 0 },
          description:
            'What arrives of each stream, video and audio together, over 10 seconds of its own time. 0 while it stalls.',
          queries: [
            {
              expr: `sum by (target, site) (hmonitor_stream_received_bytes_per_second{${HERE}})`,
              legend: '{{target}}',
            },
          ],
          links: toStream,
        },
        {
          ...{ look: 'lines', title: 'Health', unit: 'short', width: 12, height: 8, min: 0, max: 100 },
          description: '100 is without any issue, 0 is down. A gap is unknown or off air.',
          queries: [{ expr: `hmonitor_stream_health_score{${HERE}}`, legend: '{{target}}' }],
          links: toStream,
        },
      ],
    },
    {
      title: 'What surrounds them',
      panels: Object.values<KindDescriptor>(KINDS)
        .filter(({ kind }) => kind !== 'stream')
        .map(({ kind, title, docs }) => ({
          ...{ look: 'states' as const, unit: 'none' as const, width: 12, height: 6, mappings: STATE_MAPPINGS },
          title,
          description:
            'The state of each over time. When a stream goes wrong together with one of these, look there first.',
          queries: [{ expr: stateOf(kind, HERE), legend: '{{target}}' }],
          links: [
            {
              title: 'More of it',
              url: `/d/${docs.dashboard}?\${__url_time_range}`,
            },
          ],
          noValue: 'none is watched',
        })),
    },
  ],
}
