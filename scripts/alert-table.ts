/** What the alert rules, their page and their runbooks are made from: the tables of checks of every kind. */

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import type { CheckRow } from '../src/health/check.ts'
import type { KindDescriptor } from '../src/kinds/kind.ts'
import { KINDS } from '../src/kinds/kinds.ts'
import { alertName } from '../src/observation/alert.ts'
import type { Kind } from '../src/observation/observation.ts'

export { RUNBOOKS_URL } from '../src/observation/alert.ts'

/** Where the dashboards are; the stack puts its own address in place of it. */
export const DASHBOARDS_URL = 'http://127.0.0.1:3000/d'

/** What an incident is called where Alertmanager tells of it, and what keeps its members silent. */
export const INCIDENT = 'HmonitorIncident'
export const INCIDENT_MEMBER = 'HmonitorIncidentMember'

export const RULES_FOLDER = fileURLToPath(new URL('../deploy/prometheus/rules/', import.meta.url))

/** How an issue's severity is called in an alert (docs/alerts.md). Information is no alert. */
const SEVERITY = { error: 'critical', warning: 'warning', info: null } as const

export interface IssueAlert {
  alertname: string
  severity: 'critical' | 'warning'
  kind: Kind
  check: CheckRow
}

/** An alert for each issue that is more than information, in the order of the tables. */
export const ISSUE_ALERTS: readonly IssueAlert[] = Object.values<KindDescriptor>(KINDS).flatMap(({ kind, checks }) =>
  checks.flatMap((check) => {
    const severity = SEVERITY[check.severity]
    return severity === null ? [] : [{ alertname: alertName(check.type), severity, kind, check }]
  }),
)

export interface AlertRule {
  alert: string
  expr: string
  for?: string
  labels: Record<string, string>
  annotations: Record<string, string>
}

/** The alerts of a rule file, in its order. */
export function alertsIn(file: string): AlertRule[] {
  const { groups } = parse(readFileSync(RULES_FOLDER + file, 'utf8')) as { groups: { rules: object[] }[] }
  return groups.flatMap(({ rules }) => rules).filter((rule): rule is AlertRule => 'alert' in rule)
}
