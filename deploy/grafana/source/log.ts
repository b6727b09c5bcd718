/** Lines of the log beside the metrics: asked of Elasticsearch, where the stack has it (`docker compose --profile elk up`). */
import * as common from '@grafana/grafana-foundation-sdk/common'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import { DataqueryBuilder, LogsBuilder } from '@grafana/grafana-foundation-sdk/elasticsearch'
import { PanelBuilder as Logs } from '@grafana/grafana-foundation-sdk/logs'

/** The data source that the variable `log` of a dashboard chooses. */
export const LOG_SOURCE: common.DataSourceRef = { type: 'elasticsearch', uid: '${log}' }

/** Whose lines are shown: of the chosen targets, of the chosen incidents, or all of the chosen monitors. */
export type LogScope = 'target' | 'incident' | 'monitor'

/** Lines that a panel asks for at once; scrolling asks for more. */
const MOST_LINES = '200'

/**
 * A field with one of the values that a variable has. All is `.*` in every variable, because Prometheus has the same: only
 * as a regular expression does it find each line. As one, a value would be something else, because Lucene knows more signs
 * in them than Grafana masks: `#` finds nothing, `@` anything. So values are asked for as they are.
 */
const chosen = (field: string, variable: string): string =>
  `${field}:(/\${${variable}:lucene}/ OR \${${variable}:lucene})`

/** A monitor without a site has no `service.node.name`, and is there whatever site is chosen. */
const HERE = `${chosen('hmonitor.monitor', 'monitor')} AND (${chosen('service.node.name', 'site')} OR (NOT _exists_:service.node.name))`

const SCOPES: Readonly<Record<LogScope, string>> = {
  target: `${chosen('hmonitor.target', 'target')} AND ${HERE}`,
  incident: `${chosen('hmonitor.incident.id', 'incident')} AND ${HERE}`,
  monitor: HERE,
}

interface LogPanel {
  title: string
  description: string
  /** In Lucene's language. */
  query: string
  height: number
}

function panelsOf(scope: LogScope): LogPanel[] {
  const lines: LogPanel = {
    title: 'Log lines',
    description:
      'What the monitor wrote down, the newest first. A click on a line shows its fields; those of the target, the incident and the line itself are links.',
    query: SCOPES[scope],
    height: 12,
  }
  const incidents: LogPanel = {
    title: 'Incidents in the log',
    description: 'When incidents opened, changed and ended, and what was thought to be their cause.',
    query: `data_stream.dataset:"rtmp_hmonitor.incidents" AND ${scope === 'incident' ? SCOPES.incident : HERE}`,
    height: 8,
  }
  return scope === 'incident' ? [incidents] : [lines, incidents]
}

/** The variable by which a dashboard knows where the log is. */
export function logVariable(): dashboard.DatasourceVariableBuilder {
  return new dashboard.DatasourceVariableBuilder('log')
    .label('Log')
    .type('elasticsearch')
    .current({ text: 'Log in Elasticsearch', value: 'hmonitor-log' })
}

/**
 * The row of the log, its panels placed one below the other.
 *
 * @param isOpen whether it is asked for at once: without Elasticsearch each panel says that it cannot be reached
 * @param next gives the numbers of row and panels
 * @returns panels in their order, and how many rows of the grid they take
 */
export function logRow(
  scope: LogScope,
  isOpen: boolean,
  y: number,
  next: () => number,
): { row: dashboard.RowBuilder; panels: Logs[] } {
  const row = new dashboard.RowBuilder('The log, where the stack runs with Elasticsearch')
    .id(next())
    .collapsed(!isOpen)
    .gridPos({ x: 0, y, w: 24, h: 1 })
  let top = y + 1
  const panels = panelsOf(scope).map(({ title, description, query, height }) => {
    const built = logs(title, description, query).id(next()).gridPos({ x: 0, y: top, w: 24, h: height })
    top += height
    return built
  })
  return { row, panels }
}

function logs(title: string, description: string, query: string): Logs {
  return new Logs()
    .title(title)
    .description(description)
    .datasource(LOG_SOURCE)
    .showTime(true)
    .wrapLogMessage(true)
    .enableLogDetails(true)
    .sortOrder(common.LogsSortOrder.Descending)
    .dedupStrategy(common.LogsDedupStrategy.None)
    .withTarget(
      new DataqueryBuilder()
        .refId('A')
        .datasource(LOG_SOURCE)
        .query(query)
        .timeField('@timestamp')
        .metrics([new LogsBuilder().id('1').settings({ limit: MOST_LINES })])
        .bucketAggs([]),
    )
}

/** Where a click on a value with the label `target` leads: its lines of the time that is shown. */
export const LINES_OF_TARGET = {
  title: 'Log lines',
  url: '/d/hmonitor-log?var-target=${__field.labels.target:percentencode}&${__url_time_range}',
}

/** The same of a table, whose labels are columns. */
export const LINES_OF_ROW = {
  title: 'Log lines',
  url: '/d/hmonitor-log?var-target=${__data.fields.target:percentencode}&${__url_time_range}',
}

/** Of a panel that shows no single target: all lines of the time that is shown. */
export const LINES_OF_TIME = { title: 'Log lines', url: '/d/hmonitor-log?${__url_time_range}' }
