// Writes deploy/grafana/dashboards/ from deploy/grafana/source/. A test holds the files to their source.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { ALERTS } from '../deploy/grafana/source/alerts.ts'
import { build, type DashboardSpec } from '../deploy/grafana/source/dashboards.ts'
import { ENCODERS_PLATFORM } from '../deploy/grafana/source/encoders-platform.ts'
import { INCIDENT_DASHBOARD } from '../deploy/grafana/source/incident.ts'
import { LOG } from '../deploy/grafana/source/log-dashboard.ts'
import { MONITOR } from '../deploy/grafana/source/monitor.ts'
import { NETWORK } from '../deploy/grafana/source/network.ts'
import { OVERVIEW } from '../deploy/grafana/source/overview.ts'
import { STREAM } from '../deploy/grafana/source/stream.ts'

export const DASHBOARDS: readonly DashboardSpec[] = [
  ...[OVERVIEW, INCIDENT_DASHBOARD, STREAM, NETWORK, ENCODERS_PLATFORM, ALERTS, MONITOR, LOG],
]

export const FOLDER = fileURLToPath(new URL('../deploy/grafana/dashboards', import.meta.url))

export function dashboardOf(spec: DashboardSpec): Dashboard {
  return build(spec)
}

/** As Grafana reads it from a file: classic JSON. */
export function text(spec: DashboardSpec): string {
  return `${JSON.stringify(dashboardOf(spec), null, 2)}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  mkdirSync(FOLDER, { recursive: true })
  for (const spec of DASHBOARDS) writeFileSync(join(FOLDER, `${spec.uid}.json`), text(spec))
}
