// Writes deploy/prometheus/rules/incidents.rules.yml from the table of causes. A test holds the file to it.

import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { LOCATIONS } from '../src/observation/diagnosis.ts'
import { type AlertRule, DASHBOARDS_URL, INCIDENT, RULES_FOLDER, RUNBOOKS_URL } from './alert-table.ts'
import { HEADLINES, PLACES, stepsAt } from './location-texts.ts'

export const INCIDENT_RULES = `${RULES_FOLDER}incidents.rules.yml`

const INTRODUCTION = `# Made from the table of causes in src/diagnosis by scripts/generate-incident-rules.ts. Change the table, not this file.
#
# The monitor says which alerts are one incident, and where the fault probably is; this rule only carries it on. Where the
# place or the severity turns out to be another, the alert is another one: Alertmanager groups both by the label incident.
#
# A warning is told when it has lasted for 10 s, as everywhere. Something critical is told at once where the place is known;
# else 3 s later, in which it is mostly found: as two alerts it would be two messages.
#
# What fires must not end because nobody says anything any more: it goes on while the monitor cannot be scraped, until a
# minute after, and over a gap of 15 s, as a deploy makes it.
`

const IDENTITY = 'by (incident, severity, location, monitor, site)'
/** What fired a second ago. */
const FIRING = `ALERTS{alertname="${INCIDENT}", alertstate="firing"}`

/** Of one fault that several monitors see one tells people; what has begun to is not taken back in the middle. */
const TOLD_ELSEWHERE = `unless on (monitor, incident) (
  hmonitor_incident_told_elsewhere == 1
    unless on (monitor, incident) ${FIRING}
)`

const EXPRESSION = `(
  max ${IDENTITY} (hmonitor_incident_open{severity="critical", location!="unknown"}) == 1
  or max ${IDENTITY} (
    hmonitor_incident_open{severity="critical", location="unknown"}
      and on (monitor, incident) (hmonitor_incident_open offset 3s or ${FIRING})
  ) == 1
  or max ${IDENTITY} (
    hmonitor_incident_open{severity="warning"}
      and on (monitor, incident) (hmonitor_incident_open offset 10s or ${FIRING})
  ) == 1
  or max ${IDENTITY} (
    (
      ${FIRING}
        and on (monitor, incident) last_over_time(hmonitor_incident_open[15s])
      or ${FIRING}
        and on (monitor, site) max by (monitor, site) (min_over_time(up{job="hmonitor"}[1m])) == 0
    )
    unless on (monitor, incident) hmonitor_incident_open
  )
)
${TOLD_ELSEWHERE}
`

/** Members that a message names. */
const MOST_NAMED = 8

/** Those of the last ten minutes: where it ends, or the monitor is away, there are none now. What is silenced is 0. */
const MEMBERS = '(printf `last_over_time(hmonitor_incident_member{incident=%q}[10m]) == 1` $labels.incident)'

/** What is wrong with members, errors first: by the issues, because alerts of them may come a moment later. */
const GRAVEST =
  "(printf `{__name__=~'hmonitor_[a-z]+_issue', severity!='info'} == 1 and on (monitor, target) hmonitor_incident_member{incident=%q} == 1` $labels.incident)"
const COUNT = 'count(hmonitor_incident_member{incident=%q} == 1)'
const counted = (text: string) => `(printf \`${text}\` $labels.incident)`
const NAMES = `{{ range $index, $member := query ${MEMBERS} | sortByLabel \`target\` }}{{ if lt $index ${MOST_NAMED} }}{{ if $index }}, {{ end }}{{ $member.Labels.kind }} {{ $member.Labels.target }}{{ end }}{{ if eq $index ${MOST_NAMED} }} and more{{ end }}{{ end }}`
/** Where nobody can say where the fault is, what is wrong comes first: `Stream main: stream offline and 2 more`. */
const WORST = `{{ with query ${GRAVEST} | sortByLabel \`severity\` }}{{ with first . }}{{ .Labels.__name__ | reReplaceAll \`hmonitor_([a-z]+)_issue\` \`$1\` | title }} {{ .Labels.target }}: {{ .Labels.issue | reReplaceAll \`([A-Z])\` \` $1\` | toLower }}{{ end }}{{ with query ${counted(`${COUNT} - 1 > 0`)} }} and {{ . | first | value }} more{{ end }}{{ else }}${NAMES}{{ end }}`

/** What a person can do before anybody knows where the fault is, from the venue on. */
const UNKNOWN_STEPS = [
  'Check the encoder: is it on, does it say that it is streaming, and to the right server and stream key?',
  'Check the internet connection of the venue: does a web page open there?',
  'Check whether the server or the platform reports a fault; if there is a backup stream, change to it.',
  'Open the page Incidents of the dashboard of Node-RED: it says what is known, and what would decide it.',
]

/** The whole file. Pure. */
export function text(): string {
  const groups = [{ name: 'hmonitor-incidents', interval: '1s', rules: [rule()] }]
  return `${INTRODUCTION}${stringify({ groups }, { lineWidth: 0, blockQuote: 'literal' })}`
}

function rule(): AlertRule {
  return {
    alert: INCIDENT,
    expr: EXPRESSION,
    labels: { kind: 'incident', target: '{{ $labels.incident }}' },
    annotations: {
      summary: `{{ if eq $labels.location \`unknown\` }}${WORST}{{ else }}${byLocation((location) => HEADLINES[location], '')}: ${NAMES}{{ end }}`,
      description: `${byLocation((location) => `The fault is at the place that is called ${location} (${PLACES[location]}).`, 'What is known does not tell where the fault is.')} The monitor {{ $labels.monitor }} counts {{ query ${MEMBERS} | len }} of its targets to it. Why it thinks so stands on its dashboard, page Incidents.`,
      remedy: byLocation(
        (location) =>
          stepsAt(location)
            .map((step, index) => `${index + 1}. ${step}\n`)
            .join(''),
        UNKNOWN_STEPS.map((step, index) => `${index + 1}. ${step}\n`).join(''),
      ),
      runbook_url: `${RUNBOOKS_URL}/${INCIDENT}.md`,
      dashboard_url: `${DASHBOARDS_URL}/hmonitor-incident?var-incident={{ $labels.incident | urlquery }}`,
    },
  }
}

/** A template that says of each place what `words` says. */
function byLocation(words: (location: (typeof LOCATIONS)[number]) => string, otherwise: string): string {
  const cases = LOCATIONS.map(
    (one, index) => `{{ ${index === 0 ? '' : 'else '}if eq $labels.location \`${one}\` }}${words(one)}`,
  )
  return `${cases.join('')}{{ else }}${otherwise}{{ end }}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(INCIDENT_RULES, text())
