import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import type { KindDescriptor } from '../../../src/kinds/kind.ts'
import { KINDS } from '../../../src/kinds/kinds.ts'
import { type LogScope, logRow, logVariable } from './log.ts'
import { DATASOURCE, type PanelSpec, panel } from './panel.ts'

export interface Row {
  title: string
  panels: readonly PanelSpec[]
}

export interface DashboardSpec {
  uid: string
  title: string
  description: string
  /** Whether it shows chosen targets of this metric's kind; null: it has no choice of target. */
  targets: { label: string; metric: string } | null
  /** Whether incidents can be chosen. */
  incidents?: true
  /** Whether the row of the log is open from the beginning. */
  log?: 'open'
  rows: readonly Row[]
}

/** The targets of all kinds that a dashboard shows, by its uid. */
export function targetsOn(uid: string): { label: string; metric: string } {
  const kinds = Object.values<KindDescriptor>(KINDS).filter(({ docs }) => docs.dashboard === uid)
  return { label: 'Target', metric: `__name__=~"hmonitor_(${kinds.map(({ kind }) => kind).join('|')})_expected"` }
}

/** What every query holds its series to. */
export const HERE = 'site=~"$site",monitor=~"$monitor"'
export const CHOSEN = `${HERE},target=~"$target"`

/** Grafana's grid has 24 columns. */
const COLUMNS = 24

/** Builds a dashboard: every panel with a number and a place of its own, the same at every run. */
export function build(spec: DashboardSpec): dashboard.Dashboard {
  const builder = new dashboard.DashboardBuilder(spec.title)
    .uid(spec.uid)
    .description(spec.description)
    .tags(['hmonitor'])
    .readonly()
    .timezone('browser')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .time({ from: 'now-15m', to: 'now' })
    .refresh('5s')
    .timepicker(new dashboard.TimePickerBuilder().refreshIntervals(['1s', '5s', '10s', '30s', '1m', '5m']))
    .variables(variables(spec))
    .annotation(alertAnnotation(spec))
    .annotation(incidentAnnotation())
    .link(
      new dashboard.DashboardLinkBuilder('RTMP HMonitor')
        .type(dashboard.DashboardLinkType.Dashboards)
        .tags(['hmonitor'])
        .asDropdown(false)
        .includeVars(true)
        .keepTime(true),
    )
  let id = 0
  const next = () => {
    id += 1
    return id
  }
  let y = 0
  for (const row of spec.rows) {
    builder.withRow(new dashboard.RowBuilder(row.title).id(next()).gridPos({ x: 0, y, w: COLUMNS, h: 1 }))
    y += 1
    let x = 0
    let tallest = 0
    for (const one of row.panels) {
      if (x + one.width > COLUMNS) {
        y += tallest
        x = 0
        tallest = 0
      }
      builder.withPanel(panel(one).id(next()).gridPos({ x, y, w: one.width, h: one.height }))
      x += one.width
      tallest = Math.max(tallest, one.height)
    }
    y += tallest
  }
  addLog(builder, spec, y, next)
  const built = builder.build()
  // The SDK would hide the links in a menu.
  for (const link of built.links ?? []) delete link.placement
  return built
}

/** Below everything else, and closed: a closed row asks nothing, so that it costs nothing where there is no Elasticsearch. */
function addLog(builder: dashboard.DashboardBuilder, spec: DashboardSpec, y: number, next: () => number): void {
  const scope: LogScope = spec.incidents ? 'incident' : spec.targets === null ? 'monitor' : 'target'
  const isOpen = spec.log === 'open'
  const { row, panels } = logRow(scope, isOpen, y, next)
  if (!isOpen) for (const one of panels) row.withPanel(one)
  builder.withRow(row)
  if (isOpen) for (const one of panels) builder.withPanel(one)
}

function variables({ targets, incidents }: DashboardSpec) {
  const query = (name: string, label: string, text: string) =>
    new dashboard.QueryVariableBuilder(name)
      .label(label)
      .datasource(DATASOURCE)
      .query({ query: text, refId: name })
      .definition(text)
      .multi(true)
      .includeAll(true)
      .allValue('.*')
      .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
      .sort(dashboard.VariableSort.AlphabeticalCaseInsensitiveAsc)
      .current({ text: 'All', value: '$__all' })
  const source = new dashboard.DatasourceVariableBuilder('datasource')
    .label('Data source')
    .type('prometheus')
    .current({ text: 'Prometheus', value: 'hmonitor-prometheus' })
  const all = [
    source,
    query('site', 'Site', 'label_values(hmonitor_build_info, site)'),
    query('monitor', 'Monitor', 'label_values(hmonitor_build_info{site=~"$site"}, monitor)'),
  ]
  if (incidents) {
    return [
      ...all,
      logVariable(),
      query('incident', 'Incident', `label_values(hmonitor_incident_open{${HERE}}, incident)`),
    ]
  }
  if (targets === null) return [...all, logVariable()]
  const text = `label_values(${targets.metric}{${HERE}}, target)`
  return [...all, logVariable(), query('target', targets.label, text)]
}

function alertAnnotation({ targets }: DashboardSpec) {
  const selector = `alertstate="firing",alertname!="HmonitorIncident",severity=~"critical|warning",${targets === null ? HERE : CHOSEN}`
  return new dashboard.AnnotationQueryBuilder()
    .name('Alerts')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('red')
    .expr(`ALERTS{${selector}}`)
    .titleFormat('{{alertname}}')
    .textFormat('{{target}} {{site}}')
    .step('5s')
}

/** From when to when each incident of the monitor was open, with where the fault was thought to be. */
function incidentAnnotation() {
  return new dashboard.AnnotationQueryBuilder()
    .name('Incidents')
    .datasource(DATASOURCE)
    .enable(true)
    .iconColor('purple')
    .expr(`max by (incident, location, severity, site, monitor) (hmonitor_incident_open{${HERE}})`)
    .titleFormat('Incident: {{location}}')
    .textFormat('{{severity}} {{incident}} {{site}}')
    .step('5s')
}
