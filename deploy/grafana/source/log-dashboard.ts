import type { KindDescriptor } from '../../../src/kinds/kind.ts'
import { KINDS } from '../../../src/kinds/kinds.ts'
import { type DashboardSpec, HERE } from './dashboards.ts'

const ANY_KIND = Object.values<KindDescriptor>(KINDS)
  .map(({ kind }) => kind)
  .join('|')

export const LOG: DashboardSpec = {
  uid: 'hmonitor-log',
  title: 'RTMP HMonitor: log',
  description: 'What the monitor wrote down of chosen targets, below what was wrong at the same time.',
  targets: { label: 'Target', metric: `__name__=~"hmonitor_(${ANY_KIND})_expected"` },
  log: 'open',
  rows: [
    {
      title: 'What was wrong',
      panels: [
        {
          ...{ look: 'states', title: 'Issues', unit: 'none', width: 24, height: 7 },
          description: 'When each issue was active, by what the monitor says: the lines below say it in words.',
          queries: [
            {
              expr: `max by (target, issue, site, monitor) ({__name__=~"hmonitor_(${ANY_KIND})_issue",${HERE},target=~"$target"}) == 1`,
              legend: '{{target}}: {{issue}}',
            },
          ],
          steps: [{ value: null, color: 'red' }],
          links: [
            {
              title: 'Alerts',
              url: '/d/hmonitor-alerts?var-target=${__field.labels.target:percentencode}&${__url_time_range}',
            },
          ],
          noValue: 'no issue in this time',
        },
      ],
    },
  ],
}
