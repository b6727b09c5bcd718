/**
 * What Kibana shows: a data view, and dashboards as its Dashboards API takes them (9.5 and newer). Elastic publishes no types
 * of it, and its description is under a licence that does not let it be copied: these are of the part that is used.
 * https://www.elastic.co/docs/api/doc/kibana
 */
import { DATA_STREAMS } from './names.ts'

/** In columns of 48, and rows. */
interface Grid {
  x: number
  y: number
  w: number
  h: number
}

interface Esql {
  type: 'esql'
  query: string
}

type Panel = { grid: Grid } & (
  | { type: 'markdown'; config: { content: string } }
  | {
      type: 'vis'
      config:
        | { type: 'metric'; title: string; data_source: Esql; metrics: { type: 'primary'; column: string }[] }
        | { type: 'xy'; title: string; layers: Layer[] }
    }
)

interface Layer {
  type: 'bar_stacked' | 'line' | 'bar_horizontal'
  data_source: Esql
  x: { column: string }
  y: { column: string }[]
  breakdown_by?: { column: string }
}

export interface Dashboard {
  id: string
  title: string
  description: string
  time_range: { from: string; to: string }
  panels: Panel[]
}

const TIME = 'BUCKET(@timestamp, 75, ?_tstart, ?_tend)'

const from = (part: 'events' | 'alerts' | 'incidents' | '*', ...steps: string[]): Esql => ({
  type: 'esql',
  query: [`FROM logs-rtmp_hmonitor.${part}${part === '*' ? '' : '-*'}`, ...steps].join(' | '),
})

function metric(grid: Grid, title: string, data_source: Esql): Panel {
  return {
    type: 'vis',
    grid,
    config: { type: 'metric', title, data_source, metrics: [{ type: 'primary', column: 'n' }] },
  }
}

/** Counts over time, by what stands in a field. */
function overTime(
  grid: Grid,
  title: string,
  part: 'events' | 'alerts' | 'incidents' | '*',
  by: string,
  ...steps: string[]
): Panel {
  const data_source = from(part, ...steps, `STATS n = COUNT(*) BY time = ${TIME}, what = ${by}`)
  const layer: Layer = {
    ...{ type: 'bar_stacked', data_source, x: { column: 'time' }, y: [{ column: 'n' }] },
    breakdown_by: { column: 'what' },
  }
  return { type: 'vis', grid, config: { type: 'xy', title, layers: [layer] } }
}

/** The most of something, the most first. */
function ranked(grid: Grid, title: string, data_source: Esql): Panel {
  const layer: Layer = { type: 'bar_horizontal', data_source, x: { column: 'what' }, y: [{ column: 'n' }] }
  return { type: 'vis', grid, config: { type: 'xy', title, layers: [layer] } }
}

const most = (part: 'events' | 'alerts' | 'incidents' | '*', by: string, ...steps: string[]) =>
  from(part, ...steps, `STATS n = COUNT(*) BY what = ${by}`, 'SORT n DESC', 'LIMIT 15')

const minutes = (part: 'events' | 'alerts', by: string, ...steps: string[]) =>
  from(part, ...steps, `STATS n = SUM(event.duration) / 60000000000 BY what = ${by}`, 'SORT n DESC', 'LIMIT 15')

const ERRORS = 'WHERE log.level == "error"'
const RAISED = 'WHERE event.action == "issue-raised"'
const CLEARED = 'WHERE event.action == "issue-cleared"'
const OPENED = 'WHERE event.action == "incident-opened"'
const FIRED = 'WHERE event.action == "alert-firing"'
const OVER = 'WHERE event.action == "alert-resolved"'
const SESSIONS = 'WHERE event.action == "session-ended"'
const OF_MONITOR = 'WHERE data_stream.dataset == "rtmp_hmonitor.log"'

const DAY = { from: 'now-24h', to: 'now' }
const MONTH = { from: 'now-30d', to: 'now' }

/** A line with an address that `elk setup` is not told is left out (`src/elk/kibana-links.ts`). */
const ELSEWHERE: Panel = {
  type: 'markdown',
  grid: { x: 0, y: 32, w: 48, h: 7 },
  config: {
    content: [
      `- [Each incident, its lines and who was concerned](/app/discover#/?_a=(columns:!(hmonitor.incident.id,hmonitor.incident.severity,hmonitor.incident.location,hmonitor.incident.cause,message),dataSource:(dataViewId:hmonitor-log,type:dataView),query:(language:kuery,query:'data_stream.dataset:%22rtmp_hmonitor.incidents%22')))`,
      '- [Incidents with their metrics, in Grafana](${GRAFANA_URL}/d/hmonitor-incident)',
      '- [What goes on now, on the dashboard of the monitor](${DASHBOARD_URL})',
    ].join('\n'),
  },
}

const EVENTS: Dashboard = {
  id: 'hmonitor-events',
  title: 'RTMP HMonitor: events',
  description: 'What happened: issues, states, who was concerned.',
  time_range: DAY,
  panels: [
    metric({ x: 0, y: 0, w: 12, h: 6 }, 'Lines', from('*', 'STATS n = COUNT(*)')),
    metric({ x: 12, y: 0, w: 12, h: 6 }, 'Errors', from('*', ERRORS, 'STATS n = COUNT(*)')),
    metric({ x: 24, y: 0, w: 12, h: 6 }, 'Issues raised', from('events', RAISED, 'STATS n = COUNT(*)')),
    metric({ x: 36, y: 0, w: 12, h: 6 }, 'Targets', from('events', 'STATS n = COUNT_DISTINCT(hmonitor.target)')),
    overTime({ x: 0, y: 6, w: 48, h: 12 }, 'Lines by level', '*', 'log.level'),
    ranked({ x: 0, y: 18, w: 24, h: 14 }, 'Issues by type', most('events', 'hmonitor.issue.type', RAISED)),
    ranked(
      { x: 24, y: 18, w: 24, h: 14 },
      'Minutes of trouble by target',
      minutes('events', 'hmonitor.target', CLEARED),
    ),
  ],
}

const INCIDENTS: Dashboard = {
  id: 'hmonitor-incidents',
  title: 'RTMP HMonitor: incidents and causes',
  description: 'Which faults there were, where they were, and what people were told.',
  time_range: MONTH,
  panels: [
    metric({ x: 0, y: 0, w: 16, h: 6 }, 'Incidents', from('incidents', OPENED, 'STATS n = COUNT(*)')),
    metric({ x: 16, y: 0, w: 16, h: 6 }, 'Alerts', from('alerts', FIRED, 'STATS n = COUNT(*)')),
    metric(
      { x: 32, y: 0, w: 16, h: 6 },
      'Critical alerts',
      from('alerts', FIRED, 'WHERE hmonitor.alert.severity == "critical"', 'STATS n = COUNT(*)'),
    ),
    overTime({ x: 0, y: 6, w: 48, h: 12 }, 'Incidents by place', 'incidents', 'hmonitor.incident.location', OPENED),
    ranked(
      { x: 0, y: 18, w: 24, h: 14 },
      'Causes of incidents that are over',
      most('incidents', 'hmonitor.incident.cause', 'WHERE event.action == "incident-ended"'),
    ),
    ranked(
      { x: 24, y: 18, w: 24, h: 14 },
      'Minutes of alerts by name',
      minutes('alerts', 'hmonitor.alert.alertname', OVER),
    ),
    ELSEWHERE,
  ],
}

const SESSIONS_BOARD: Dashboard = {
  id: 'hmonitor-sessions',
  title: 'RTMP HMonitor: sessions and platforms',
  description: 'How streams ended, and what platforms and encoders said. Sessions are of the level debug of the log.',
  time_range: DAY,
  panels: [
    metric({ x: 0, y: 0, w: 24, h: 6 }, 'Sessions that ended', from('events', SESSIONS, 'STATS n = COUNT(*)')),
    metric(
      { x: 24, y: 0, w: 24, h: 6 },
      'Sessions that failed',
      from('events', SESSIONS, 'WHERE event.outcome == "failure"', 'STATS n = COUNT(*)'),
    ),
    overTime({ x: 0, y: 6, w: 48, h: 12 }, 'Ends of sessions', 'events', 'hmonitor.to', SESSIONS),
    ranked({ x: 0, y: 18, w: 24, h: 14 }, 'Failed sessions by target', most('events', 'hmonitor.target', SESSIONS)),
    ranked(
      { x: 24, y: 18, w: 24, h: 14 },
      'Issues of platforms and encoders',
      most('events', 'hmonitor.issue.type', RAISED, 'WHERE hmonitor.kind IN ("platform", "encoder")'),
    ),
  ],
}

const MONITOR: Dashboard = {
  id: 'hmonitor-monitor',
  title: 'RTMP HMonitor: the monitor itself',
  description: 'Which monitors write, and whether all that they write arrives.',
  time_range: DAY,
  panels: [
    metric({ x: 0, y: 0, w: 16, h: 6 }, 'Monitors', from('*', 'STATS n = COUNT_DISTINCT(observer.name)')),
    metric({ x: 16, y: 0, w: 16, h: 6 }, 'Events lost', from('*', OF_MONITOR, 'STATS n = SUM(hmonitor.lost)')),
    metric(
      { x: 32, y: 0, w: 16, h: 6 },
      'Seconds from line to index, median',
      from('*', 'STATS n = MEDIAN(DATE_DIFF("seconds", @timestamp, event.ingested))'),
    ),
    overTime({ x: 0, y: 6, w: 48, h: 12 }, 'Lines by data stream', '*', 'data_stream.dataset'),
    ranked({ x: 0, y: 18, w: 24, h: 14 }, 'Lines by monitor', most('*', 'observer.name')),
    ranked({ x: 24, y: 18, w: 24, h: 14 }, 'Lines by version', most('*', 'service.version')),
  ],
}

export const DASHBOARDS: readonly Dashboard[] = [EVENTS, INCIDENTS, SESSIONS_BOARD, MONITOR]

/** `{{value}}` Kibana replaces by the encoded value. */
function linkTo(urlTemplate: string) {
  return { id: 'url', params: { type: 'a', urlTemplate, labelTemplate: '{{value}}', openLinkInCurrentTab: false } }
}

export const DATA_VIEW = {
  id: 'hmonitor-log',
  name: 'RTMP HMonitor',
  title: DATA_STREAMS,
  timeFieldName: '@timestamp',
  fieldFormats: {
    'hmonitor.target': linkTo('${GRAFANA_URL}/d/hmonitor-alerts?var-target={{value}}'),
    'hmonitor.incident.id': linkTo('${GRAFANA_URL}/d/hmonitor-incident?var-incident={{value}}'),
    'event.duration': { id: 'duration', params: { inputFormat: 'nanoseconds', outputFormat: 'humanizePrecise' } },
  },
}
