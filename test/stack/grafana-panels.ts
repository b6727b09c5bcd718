import type { Dashboard, Panel } from '@grafana/schema'

/** The panels of a dashboard that ask Prometheus; those of the log ask Elasticsearch. */
export function panelsOf(dashboard: Dashboard): Panel[] {
  return (dashboard.panels ?? []).filter(
    (panel): panel is Panel => panel.type !== 'row' && (panel as Panel).datasource?.type !== 'elasticsearch',
  )
}

/** What a panel asks Prometheus. */
export function expressionsIn(panel: Panel): { refId: string; expr: string }[] {
  return (panel.targets ?? []).map((target) => ({ refId: String(target.refId), expr: String(target.expr) }))
}

/** An expression as Grafana sends it where everything is chosen. */
export function filledIn(expr: string): string {
  return expr
    .replaceAll('$__rate_interval', '15s')
    .replaceAll('$__range', '1h')
    .replace(/\$(site|monitor|target|incident)\b/g, '.*')
}
