import type { KindDescriptor } from '../../../src/kinds/kind.ts'
import { KINDS } from '../../../src/kinds/kinds.ts'
import type { Kind } from '../../../src/observation/observation.ts'
import { type DashboardSpec, HERE } from './dashboards.ts'
import { STATE_MAPPINGS, stateOf } from './states.ts'

const INCIDENT = `${HERE},incident=~"$incident"`
const OPEN = `hmonitor_incident_open{${INCIDENT}}`

const ALL = Object.values<KindDescriptor>(KINDS)
const ANY_KIND = ALL.map(({ kind }) => kind).join('|')

/**
 * What an expression has of the members, before and after the incident as well: who was one at any time of what is shown,
 * by its end.
 */
function ofMembers(expression: string, kind?: Kind): string {
  const selector = `${INCIDENT}${kind === undefined ? '' : `,kind="${kind}"`}`
  const members = `last_over_time(hmonitor_incident_member{${selector}}[$__range] @ end())`
  return `${expression} and on (target, monitor) ${members}`
}

export const INCIDENT_DASHBOARD: DashboardSpec = {
  uid: 'hmonitor-incident',
  title: 'RTMP HMonitor: incident',
  description: 'What belongs together, where the fault probably is, and the measures of all members on one time axis.',
  targets: null,
  incidents: true,
  rows: [
    {
      title: 'Incidents',
      panels: [
        {
          ...{ look: 'states', title: 'Incidents and where the fault is', unit: 'none', width: 24, height: 6 },
          description:
            'When each incident was open, a line for each place at which the fault was thought to be. Its reasons are on the page Incidents of the dashboard of Node-RED.',
          queries: [
            {
              expr: `max by (incident, location, severity, site, monitor) (${OPEN})`,
              legend: '{{location}} ({{severity}}) {{incident}}',
            },
          ],
          steps: [{ value: null, color: 'red' }],
          links: [
            {
              title: 'This incident alone',
              url: '/d/hmonitor-incident?var-incident=${__field.labels.incident:percentencode}&${__url_time_range}',
            },
          ],
          noValue: 'no incident',
        },
        {
          ...{ look: 'table', title: 'Open now', unit: 'none', width: 10, height: 7 },
          description: 'The incidents that go on, how grave each is and where the fault probably is.',
          queries: [{ expr: `max by (incident, location, severity, site, monitor) (${OPEN})`, legend: 'open' }],
          noValue: 'no incident is open',
        },
        {
          ...{ look: 'table', title: 'Members', unit: 'none', width: 8, height: 7 },
          description: 'What belongs to the incidents that go on.',
          queries: [
            {
              expr: `max by (incident, kind, target) (hmonitor_incident_member{${INCIDENT}})`,
              legend: 'member',
            },
          ],
          noValue: 'no incident is open',
        },
        {
          ...{ look: 'number', title: 'Ended in this time, by place', unit: 'short', width: 6, height: 7, decimals: 0 },
          description: 'How many incidents ended in the time that is shown, by where the fault probably was.',
          queries: [
            {
              expr: `sum by (location) (increase(hmonitor_incidents_total{${HERE}}[$__range])) > 0.5`,
              legend: '{{location}}',
            },
          ],
          noValue: 'none',
        },
      ],
    },
    {
      title: 'The members on one time axis',
      panels: [
        {
          ...{ look: 'states', title: 'State of the members', unit: 'none', width: 24, height: 8 },
          mappings: STATE_MAPPINGS,
          description:
            'The state of every member over time. What turned first is often the cause. Purple is not known.',
          queries: ALL.map(({ kind, noun }) => ({
            expr: ofMembers(stateOf(kind, HERE), kind),
            legend: `${noun} {{target}}`,
          })),
          noValue: 'no member in this time',
        },
        {
          ...{ look: 'states', title: 'Issues of the members', unit: 'none', width: 24, height: 8 },
          description: 'When each issue of a member was active.',
          queries: [
            {
              expr: ofMembers(
                `max by (target, issue, site, monitor) ({__name__=~"hmonitor_(${ANY_KIND})_issue",${HERE}}) == 1`,
              ),
              legend: '{{target}}: {{issue}}',
            },
          ],
          steps: [{ value: null, color: 'red' }],
          noValue: 'no issue in this time',
        },
        {
          ...{ look: 'lines', title: 'Video that arrives, and what encoders send', unit: 'Bps', width: 12, height: 7 },
          min: 0,
          description:
            'Both low: the encoder sends less. What is sent high and what arrives low: the fault is in between.',
          queries: [
            {
              expr: ofMembers(`hmonitor_stream_received_bytes_per_second{${HERE},media="video"}`, 'stream'),
              legend: '{{target}} received',
            },
            { expr: ofMembers(`hmonitor_encoder_bytes_per_second{${HERE}}`, 'encoder'), legend: '{{target}} sent' },
          ],
        },
        {
          ...{ look: 'lines', title: 'Frame rate', unit: 'suffix:fps', width: 12, height: 7, min: 0, decimals: 1 },
          description: 'Fewer frames that come in time: the encoder. All frames, and late: the way.',
          queries: [{ expr: ofMembers(`hmonitor_stream_frames_per_second{${HERE}}`, 'stream'), legend: '{{target}}' }],
        },
        {
          ...{ look: 'lines', title: 'Drift', unit: 's', width: 8, height: 7 },
          description: 'How late media arrives against its own time stamps. A steady rise: the way is too narrow.',
          queries: [{ expr: ofMembers(`hmonitor_stream_drift_seconds{${HERE}}`, 'stream'), legend: '{{target}}' }],
        },
        {
          ...{ look: 'lines', title: 'Cache of encoders', unit: 'percentunit', width: 8, height: 7, min: 0, max: 1 },
          description: 'It fills only where the way out of the venue is too slow or cut.',
          queries: [{ expr: ofMembers(`hmonitor_encoder_cache_used_ratio{${HERE}}`, 'encoder'), legend: '{{target}}' }],
        },
        {
          ...{ look: 'lines', title: 'Round trips and answers', unit: 's', width: 8, height: 7, min: 0 },
          description: 'Of hosts the round trip, of services how long each phase took. A gap is no answer.',
          queries: [
            { expr: ofMembers(`hmonitor_ping_rtt_last_seconds{${HERE}}`, 'ping'), legend: '{{target}}' },
            {
              expr: ofMembers(`hmonitor_service_duration_seconds{${HERE}}`, 'service'),
              legend: '{{target}} {{phase}}',
            },
          ],
        },
      ],
    },
  ],
}
