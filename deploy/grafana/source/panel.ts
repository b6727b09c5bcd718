import * as common from '@grafana/grafana-foundation-sdk/common'
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard'
import { PanelBuilder as Heatmap } from '@grafana/grafana-foundation-sdk/heatmap'
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus'
import { PanelBuilder as Stat } from '@grafana/grafana-foundation-sdk/stat'
import { PanelBuilder as StateTimeline } from '@grafana/grafana-foundation-sdk/statetimeline'
import { PanelBuilder as Table } from '@grafana/grafana-foundation-sdk/table'
import { PanelBuilder as Timeseries } from '@grafana/grafana-foundation-sdk/timeseries'

import { LINES_OF_ROW, LINES_OF_TARGET, LINES_OF_TIME } from './log.ts'

/** The data source that the dashboard's own variable chooses. */
export const DATASOURCE: common.DataSourceRef = { type: 'prometheus', uid: '${datasource}' }

/** Grafana's names of units, those that our metrics have. */
export type Unit =
  | 'bool'
  | 'Bps'
  | 'bytes'
  | 'dateTimeFromNow'
  | 'none'
  | 'ops'
  | 'percentunit'
  | 's'
  | 'short'
  | 'suffix:fps'
  | 'suffix:LUFS'

export interface Query {
  expr: string
  /** `{{target}}`; of a table: the heading of its value. */
  legend: string
}

/** One panel as data: what a person sees of it, and what it asks. */
export interface PanelSpec {
  look: 'lines' | 'number' | 'states' | 'table' | 'heat'
  title: string
  /** What it shows, how to read it, and what to do when it looks bad. */
  description: string
  unit: Unit
  /** Of 24 columns. */
  width: number
  height: number
  queries: readonly Query[]
  min?: number
  max?: number
  decimals?: number
  /** What numbers stand for. */
  mappings?: dashboard.ValueMapping[]
  /** From which value on a colour holds; the first one from -infinity. */
  steps?: { value: number | null; color: string }[]
  /** Where a click on a target leads. */
  links?: { title: string; url: string }[]
  /** What stands where there is no value. */
  noValue?: string
  /** Two queries between whose lines the ground is shaded. */
  band?: Band
}

/** Its legends name the lines: Grafana finds by them what lies between which two. */
export interface Band {
  low: Query
  high: Query
}

type AnyPanel = Timeseries | Stat | StateTimeline | Table | Heatmap

const REFERENCES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'

/** Builds a panel. Its place is the layout's. */
export function panel(spec: PanelSpec): AnyPanel {
  const built = withLook(spec)
    .title(spec.title)
    .description(spec.description)
    .datasource(DATASOURCE)
    .noValue(spec.noValue ?? 'no data')
  // A link of a field knows the labels of what was clicked; one of a dashboard does not.
  built.dataLinks(linksOf(spec).map(linkBuilder))
  built.links([linkBuilder(LINES_OF_TIME)])
  const { band } = spec
  if (band && built instanceof Timeseries) shade(built, band)
  for (const [index, query] of [...spec.queries, ...(band ? [band.low, band.high] : [])].entries()) {
    const target = new DataqueryBuilder()
      .expr(query.expr)
      .legendFormat(query.legend)
      .refId(REFERENCES[index] ?? 'A')
      .datasource(DATASOURCE)
    if (spec.look === 'number') target.instant()
    else if (spec.look === 'table') target.instant().format('table' as never)
    else if (spec.look === 'heat') target.range().format('heatmap' as never)
    else target.range()
    built.withTarget(target)
  }
  return built
}

/** Those of the panel, and to the log lines of a target where the panel shows some. */
function linksOf({ links = [], look, queries }: PanelSpec): { title: string; url: string }[] {
  const ofTarget = queries.every(({ legend }) => legend.includes('{{target}}'))
  if (look === 'table')
    return queries.every(({ expr }) => /"\$target"/.test(expr)) ? [...links, LINES_OF_ROW] : [...links]
  return ofTarget ? [...links, LINES_OF_TARGET] : [...links]
}

function linkBuilder({ title, url }: { title: string; url: string }): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder(title).url(url)
}

/** Grey, and without lines of its own: what is measured is seen on it. */
function shade(built: Timeseries, { low, high }: Band): void {
  const grey = { id: 'color', value: { mode: 'fixed', fixedColor: '#8e8e8e' } }
  const thin = { id: 'custom.lineWidth', value: 0 }
  built.overrideByName(low.legend, [grey, thin, { id: 'custom.fillOpacity', value: 0 }])
  const fill = { id: 'custom.fillOpacity', value: 20 }
  built.overrideByName(high.legend, [grey, thin, fill, { id: 'custom.fillBelowTo', value: low.legend }])
}

function withLook(spec: PanelSpec): AnyPanel {
  if (spec.look === 'heat') return new Heatmap().calculate(false).unit(spec.unit)
  const built = bare(spec.look)
  built.unit(spec.unit)
  if (spec.min !== undefined) built.min(spec.min)
  if (spec.max !== undefined) built.max(spec.max)
  if (spec.decimals !== undefined) built.decimals(spec.decimals)
  if (spec.mappings) built.mappings(spec.mappings)
  built.thresholds(
    new dashboard.ThresholdsConfigBuilder()
      .mode(dashboard.ThresholdsMode.Absolute)
      .steps((spec.steps ?? [{ value: null, color: 'blue' }]) as dashboard.Threshold[]),
  )
  return built
}

function bare(look: 'lines' | 'number' | 'states' | 'table'): Timeseries | Stat | StateTimeline | Table {
  switch (look) {
    case 'lines':
      return new Timeseries()
        .lineWidth(2)
        .fillOpacity(8)
        .showPoints(common.VisibilityMode.Never)
        .spanNulls(false)
        .insertNulls(5000)
        .legend(
          new common.VizLegendOptionsBuilder()
            .displayMode(common.LegendDisplayMode.List)
            .placement(common.LegendPlacement.Bottom)
            .showLegend(true)
            .calcs(['lastNotNull']),
        )
        .tooltip(
          new common.VizTooltipOptionsBuilder().mode(common.TooltipDisplayMode.Multi).sort(common.SortOrder.Descending),
        )
    case 'number':
      return new Stat()
        .graphMode(common.BigValueGraphMode.None)
        .colorMode(common.BigValueColorMode.Background)
        .textMode(common.BigValueTextMode.Auto)
        .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false).fields(''))
    case 'states':
      return new StateTimeline()
        .showValue(common.VisibilityMode.Never)
        .mergeValues(true)
        .rowHeight(0.9)
        .fillOpacity(90)
        .lineWidth(0)
        .spanNulls(false)
        .insertNulls(5000)
        .legend(
          new common.VizLegendOptionsBuilder()
            .displayMode(common.LegendDisplayMode.List)
            .placement(common.LegendPlacement.Bottom)
            .showLegend(true)
            .calcs([]),
        )
    case 'table':
      return new Table().showHeader(true)
  }
}
