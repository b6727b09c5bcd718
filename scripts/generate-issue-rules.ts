// Writes deploy/prometheus/rules/issues.rules.yml from the tables of checks. A test holds the file to the tables.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { KINDS } from '../src/kinds/kinds.ts'
import { kindsOf } from '../src/observation/kind.ts'
import type { Kind } from '../src/observation/observation.ts'
import { wordsOf } from '../src/observation/words.ts'
import {
  type AlertRule,
  DASHBOARDS_URL,
  INCIDENT_MEMBER,
  ISSUE_ALERTS,
  type IssueAlert,
  RULES_FOLDER,
  RUNBOOKS_URL,
} from './alert-table.ts'

export const ISSUE_RULES = `${RULES_FOLDER}issues.rules.yml`

const INTRODUCTION = `# Made from the tables in src/health/checks by scripts/generate-issue-rules.ts. Change the tables, not this file.
#
# The monitor judges; these rules only carry on what it says, without thresholds or hold times of their own. A series of
# an issue appears when the issue is first raised, and is 1 or 0 from then on.
#
# What fires must not end because nobody says anything any more. So:
# - a series that is missing for less than a minute, for a deploy or a restart, counts as it last was;
# - while the monitor cannot be scraped, and until a minute after, what fires goes on firing (ALERTS is what Prometheus
#   itself fired a second ago), unless the monitor says 0.
#
# What belongs to an incident is told by the incident (incidents.rules.yml). The first rule of each group says so to
# Alertmanager, which tells nobody of that one and keeps the others of the same target silent. It stands in the same group
# and before them, so that it is there first.
`

/** The whole file. Pure. */
export function text(): string {
  const groups = kindsOf(KINDS).map((kind) => ({
    name: `hmonitor-${kind}-issues`,
    interval: '1s',
    rules: [memberRule(kind), ...ISSUE_ALERTS.filter((alert) => alert.kind === kind).map(ruleOf)],
  }))
  return `${INTRODUCTION}${stringify({ groups }, { lineWidth: 120, blockQuote: 'literal' })}`
}

/** Seconds in which a monitor and Prometheus have found the incident of an issue, with some to spare. */
const FOUND_WITHIN = 6

/**
 * Silences what is told by an incident, and what has just been raised, because the incident is scraped a little later. While
 * the monitor cannot be scraped its incident goes on (incidents.rules.yml), and so does this, until a little after both have
 * ended: people know of it, and are told that the monitor is gone.
 */
function memberRule(kind: Kind): AlertRule {
  const identity = 'by (target, monitor, site)'
  return {
    alert: INCIDENT_MEMBER,
    expr: [
      `max ${identity} (`,
      `  last_over_time(hmonitor_incident_member{kind="${kind}"}[10s])`,
      '    and on (monitor, incident) last_over_time(hmonitor_incident_open[10s])',
      ')',
      `or max ${identity} (`,
      `  (hmonitor_${kind}_issue == 1 unless hmonitor_${kind}_issue offset ${FOUND_WITHIN}s == 1)`,
      '    and on (monitor, site) hmonitor_incidents_total',
      ')',
      `or max ${identity} (`,
      `  ALERTS{alertname="${INCIDENT_MEMBER}", kind="${kind}", alertstate="firing"}`,
      '    and on (monitor, site) max by (monitor, site) (min_over_time(up{job="hmonitor"}[70s])) == 0',
      ')',
      '',
    ].join('\n'),
    labels: { severity: 'none', kind },
    annotations: {
      summary: `${capital(KINDS[kind].noun)} {{ $labels.target }} belongs to an incident`,
      description: `The monitor {{ $labels.monitor }} tells of it by the incident. This tells nobody; it keeps the other alerts of the ${KINDS[kind].noun} {{ $labels.target }} silent.`,
      remedy: '1. Nothing is to be done about this one: look at the incident.\n',
      runbook_url: `${RUNBOOKS_URL}/${INCIDENT_MEMBER}.md`,
      dashboard_url: `${DASHBOARDS_URL}/${KINDS[kind].docs.dashboard}?var-target={{ $labels.target | urlquery }}`,
    },
  }
}

function ruleOf(alert: IssueAlert): AlertRule {
  const { alertname, kind, severity, check } = alert
  return {
    alert: alertname,
    expr: expression(alert),
    labels: { severity, kind },
    annotations: {
      summary: `${capital(KINDS[kind].noun)} {{ $labels.target }}: ${wordsOf(check.type)}`,
      // Of the documentation's words, in which code has marks: an email shows them.
      description: describe(alert).replaceAll('`', ''),
      remedy: check.remedy.map((line, index) => `${index + 1}. ${line}\n`).join(''),
      runbook_url: `${RUNBOOKS_URL}/${alertname}.md`,
      dashboard_url: `${DASHBOARDS_URL}/${KINDS[kind].docs.dashboard}?var-target={{ $labels.target | urlquery }}`,
    },
  }
}

function expression({ alertname, kind, check }: IssueAlert): string {
  const identity = 'by (target, monitor, site)'
  const issue = `hmonitor_${kind}_issue{issue="${check.type}"}`
  return [
    `max ${identity} (last_over_time(${issue}[1m])) == 1`,
    'or (',
    `  max ${identity} (ALERTS{alertname="${alertname}", kind="${kind}", alertstate="firing"})`,
    '    and on (monitor, site) max by (monitor, site) (min_over_time(up{job="hmonitor"}[1m])) == 0',
    `    unless max ${identity} (${issue}) == 0`,
    ')',
    '',
  ].join('\n')
}

function describe({ kind, check: { type, limits, text } }: IssueAlert): string {
  const held = limits.enterHold === 0 ? '' : `, for ${limits.enterHold} s`
  return `The monitor {{ $labels.monitor }} has raised ${type} of the ${KINDS[kind].noun} {{ $labels.target }}. It judges ${text.measures}, and raises this at: ${text.raised(limits)}${held}.`
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(ISSUE_RULES, text())
