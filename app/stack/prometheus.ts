import { isMap, parseDocument } from 'yaml'
import type { StackSettings } from './settings.ts'

/** Where Prometheus finds the others, as `host:port`. */
export interface PrometheusPlaces {
  monitor: string
  alertmanager: string
  /** Itself. */
  prometheus: string
}

/** Links of the shipped rules begin with it; the user's own address takes its place. */
const SHIPPED_GRAFANA = 'http://127.0.0.1:3000'
/** What a monitor posts itself where it is told to. */
const OF_THE_MONITOR = ['rules/issues.rules.yml', 'rules/incidents.rules.yml']

/**
 * The shipped configuration for this stack: whose series they are, where everybody is, and whether the rules of the
 * issues and incidents are loaded. The token is expected in `secrets/metrics_token` beside it.
 *
 * @param shipped `deploy/prometheus/prometheus.yml`
 */
export function prometheusConfiguration(shipped: string, settings: StackSettings, places: PrometheusPlaces): string {
  const { monitor, site, alertSource, alertmanagerPeer } = settings
  // Prometheus takes an empty label for none.
  const labels = site === '' ? { monitor } : { monitor, site }
  const document = parseDocument(shipped)
  document.setIn(['global', 'external_labels'], labels)
  // All of them are told, and never through a balancer: each has to know of every alert.
  const alertmanagers = [places.alertmanager, ...(alertmanagerPeer === null ? [] : [alertmanagerPeer])]
  document.setIn(['alerting', 'alertmanagers', 0, 'static_configs', 0, 'targets'], alertmanagers)
  const jobs: Readonly<Record<string, readonly string[]>> = {
    hmonitor: [places.monitor],
    prometheus: [places.prometheus],
    alertmanager: alertmanagers,
  }
  const { rule_files, scrape_configs } = document.toJS() as {
    rule_files: string[]
    scrape_configs: { job_name: string }[]
  }
  for (const [index, { job_name }] of scrape_configs.entries()) {
    const targets = jobs[job_name]
    // A job of the user's own stays as it is.
    if (targets === undefined) continue
    document.setIn(['scrape_configs', index, 'static_configs'], [{ targets, labels }])
  }
  if (alertSource === 'direct') {
    document.set(
      'rule_files',
      rule_files.filter((file) => !OF_THE_MONITOR.includes(file)),
    )
  }
  if (!isMap(document.contents)) throw new Error('prometheus.yml is no map')
  return document.toString()
}

/** A shipped rule file whose links lead to this stack's Grafana. */
export function ruleFile(shipped: string, { grafanaUrl }: StackSettings): string {
  return shipped.replaceAll(`${SHIPPED_GRAFANA}/`, `${grafanaUrl}/`)
}
