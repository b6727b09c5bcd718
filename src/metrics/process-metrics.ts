import { collectDefaultMetrics, Registry } from 'prom-client'

/** prom-client names these gauges `_total`, which promtool and OpenMetrics keep for counters. */
const UNFIT = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total']

let registry: Registry | null = null

/**
 * prom-client's metrics of the process, for every monitor in it. They are begun once per process, because the
 * observers that prom-client starts for them cannot be stopped.
 */
export function processMetrics(): Registry {
  if (registry === null) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: 20 })
    for (const name of UNFIT) registry.removeSingleMetric(name)
  }
  return registry
}
