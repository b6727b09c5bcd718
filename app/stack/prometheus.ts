import { isMap, parseDocument } from 'yaml'
import { CLUSTER_LABEL } from '../../src/observation/alert.ts'
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
/**
 * What a Prometheus for all sites gets of one: recordings, alerts, and what the overview needs. Of a stream some twenty
 * series instead of fifty. `deploy/prometheus/upward/` has it as well.
 */
export const UPWARD =
  'target:.+|monitor:.+|ALERTS|up|hmonitor_build_info|hmonitor_incident_open|hmonitor_shard_info|hmonitor_[a-z]+_(state|health_score)|hmonitor_stream_(received_bytes_per_second|event_.+)'

/** What a monitor posts itself where it is told to. */
const OF_THE_MONITOR = ['rules/issues.rules.yml', 'rules/incidents.rules.yml']

/** The job of `elk watch`, which is there with the profile elk only. */
const LOG_WATCH = 'elk-watch'

/** In what a label is replaced by, `$` begins a group. */
const literal = (text: string): string => text.replaceAll('$', '$$$$')

/**
 * The shipped configuration for this stack: whose series they are, where everybody is, and whether the rules of the
 * issues and incidents are loaded. The token is expected in `secrets/metrics_token` beside it.
 *
 * @param shipped `deploy/prometheus/prometheus.yml`
 */
export function prometheusConfiguration(shipped: string, settings: StackSettings, places: PrometheusPlaces): string {
  const { monitor, site, alertSource, alertmanagerPeer, prometheusReplica, remoteWriteUrl } = settings
  // Prometheus takes an empty label for none.
  const labels = site === '' ? { monitor } : { monitor, site }
  const document = parseDocument(shipped)
  const replica = prometheusReplica === '' ? {} : { prometheus_replica: prometheusReplica }
  // By it Alertmanager groups: the monitors that share the targets have it in common.
  document.setIn(['global', 'external_labels'], { ...labels, [CLUSTER_LABEL]: monitor, ...replica })
  if (prometheusReplica !== '') {
    // To Alertmanager the same alert of both is one.
    document.setIn(['alerting', 'alert_relabel_configs'], [{ regex: 'prometheus_replica', action: 'labeldrop' }])
  }
  if (remoteWriteUrl !== null) {
    const keep = { source_labels: ['__name__'], regex: UPWARD, action: 'keep' }
    document.set('remote_write', [
      {
        url: remoteWriteUrl,
        // Both of a pair write the same series: the receiver keeps one of two values (-dedup.minScrapeInterval=1s).
        write_relabel_configs: [keep, { regex: 'prometheus_replica', action: 'labeldrop' }],
        // Some thousand streams are behind by no more than seconds, and what is down for two hours loses nothing.
        queue_config: { capacity: 10_000, max_samples_per_send: 2000, max_shards: 10 },
      },
    ])
  }
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
    scrape_configs: { job_name: string; relabel_configs?: object[] }[]
  }
  for (const [index, { job_name, relabel_configs = [] }] of scrape_configs.entries()) {
    const targets = jobs[job_name]
    if (job_name === LOG_WATCH) {
      // Its addresses come from the name service, and so its labels have to be put on here.
      const own = Object.entries(labels).map(([target_label, replacement]) => ({
        target_label,
        replacement: literal(replacement),
      }))
      const others = relabel_configs.filter((each) => !('target_label' in each && String(each.target_label) in labels))
      document.setIn(['scrape_configs', index, 'relabel_configs'], [...others, ...own])
    }
    // A job of the user's own stays as it is.
    if (targets === undefined) continue
    const groups = job_name === 'hmonitor' ? monitors(settings, targets, labels) : [{ targets, labels }]
    document.setIn(['scrape_configs', index, 'static_configs'], groups)
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

interface TargetGroup {
  targets: readonly string[]
  labels: Readonly<Record<string, string>>
}

/** Each shard is called as it calls itself in alerts. */
function monitors(
  { monitor, shardMonitors }: StackSettings,
  own: readonly string[],
  labels: TargetGroup['labels'],
): TargetGroup[] {
  if (shardMonitors.length === 0) return [{ targets: own, labels }]
  return shardMonitors.map((address, index) => ({
    targets: [address],
    labels: { ...labels, monitor: `${monitor}-${index}` },
  }))
}

/** A shipped rule file whose links lead to this stack's Grafana. */
export function ruleFile(shipped: string, { grafanaUrl }: StackSettings): string {
  return shipped.replaceAll(`${SHIPPED_GRAFANA}/`, `${grafanaUrl}/`)
}
