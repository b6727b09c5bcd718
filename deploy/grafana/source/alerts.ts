import { CHOSEN, type DashboardSpec } from './dashboards.ts'
import { EVENT_BUDGET } from './event-budget.ts'

const AVAILABLE = [
  { value: null, color: 'red' },
  { value: 0.99, color: 'orange' },
  { value: 0.999, color: 'green' },
]

export const ALERTS: DashboardSpec = {
  uid: 'hmonitor-alerts',
  title: 'RTMP HMonitor: alerts and service levels',
  description: 'What fires, what has fired, and for which share of its time each stream was there.',
  targets: { label: 'Target', metric: 'ALERTS' },
  rows: [
    {
      title: 'Alerts',
      panels: [
        {
          ...{ look: 'table', title: 'What fires now', unit: 'none', width: 24, height: 8 },
          description: 'Alerts of Prometheus. Each has a runbook: docs/runbooks/ and its name.',
          queries: [{ expr: `ALERTS{alertstate="firing",severity=~"critical|warning",${CHOSEN}}`, legend: 'firing' }],
          noValue: 'nothing fires',
        },
        {
          ...{ look: 'states', title: 'What has fired', unit: 'none', width: 24, height: 9 },
          description: 'When each alert fired.',
          queries: [
            {
              expr: `max by (alertname, target, severity) (ALERTS{alertstate="firing",severity=~"critical|warning",${CHOSEN}})`,
              legend: '{{target}}: {{alertname}}',
            },
          ],
          steps: [{ value: null, color: 'red' }],
          noValue: 'nothing has fired',
        },
      ],
    },
    {
      title: 'Availability of streams, of the time in which each was expected',
      panels: [
        {
          ...{
            look: 'number',
            title: 'Last hour',
            unit: 'percentunit',
            width: 6,
            height: 7,
            decimals: 2,
            steps: AVAILABLE,
          },
          description: 'Share of the expected and measured time of the last hour in which media arrived.',
          queries: [{ expr: `target:hmonitor_stream_availability:ratio1h{${CHOSEN}}`, legend: '{{target}}' }],
          noValue: 'not expected',
        },
        {
          ...{
            look: 'number',
            title: 'Last day',
            unit: 'percentunit',
            width: 6,
            height: 7,
            decimals: 2,
            steps: AVAILABLE,
          },
          description: 'Share of the expected and measured time of the last day in which media arrived.',
          queries: [{ expr: `target:hmonitor_stream_availability:ratio1d{${CHOSEN}}`, legend: '{{target}}' }],
          noValue: 'not expected',
        },
        {
          ...{
            look: 'number',
            title: 'Last 30 days',
            unit: 'percentunit',
            width: 6,
            height: 7,
            decimals: 2,
            steps: AVAILABLE,
          },
          description: 'Share of the expected and measured time of the last 30 days in which media arrived.',
          queries: [{ expr: `target:hmonitor_stream_availability:ratio30d{${CHOSEN}}`, legend: '{{target}}' }],
          noValue: 'not expected',
        },
        {
          ...{
            look: 'number',
            title: 'Measured, of the last day',
            unit: 'percentunit',
            width: 6,
            height: 7,
            decimals: 2,
            steps: AVAILABLE,
          },
          description:
            'Share of the expected time of the last day in which the monitor measured at all. What is missing here, the availability does not know.',
          queries: [{ expr: `target:hmonitor_stream_measured:ratio1d{${CHOSEN}}`, legend: '{{target}}' }],
          noValue: 'not expected',
        },
      ],
    },
    EVENT_BUDGET,
  ],
}
