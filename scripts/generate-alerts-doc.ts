// Writes docs/alerts.md and docs/runbooks/ from the tables of checks, the rule files and scripts/runbook-texts.ts.
// Tests hold the pages to them.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { KINDS } from '../src/kinds/kinds.ts'
import { type AlertRule, alertsIn, ISSUE_ALERTS, type IssueAlert } from './alert-table.ts'
import { LOG_RUNBOOKS } from './log-runbook-texts.ts'
import { INCIDENT_RUNBOOKS, NOTES, OWN_RUNBOOKS, type OwnRunbook, QUIET_RUNBOOKS } from './runbook-texts.ts'

export const ALERTS_PAGE = fileURLToPath(new URL('../docs/alerts.md', import.meta.url))
export const RUNBOOKS_FOLDER = fileURLToPath(new URL('../docs/runbooks/', import.meta.url))

const MADE =
  '<!-- Made by scripts/generate-alerts-doc.ts. Change the tables of checks, the rules or scripts/runbook-texts.ts. -->'

const INTRODUCTION = `# Alerts

${MADE}

An issue of severity error is a critical alert, one of severity warning is a warning; information is no alert. The name is \`Hmonitor\` and the issue's. Whatever tells people of it, \`notify\` or Alertmanager, an alert has exactly the labels \`alertname\`, \`severity\`, \`kind\`, \`target\`, \`monitor\` and \`site\`, so that a silence or a route means the same everywhere.

## Of what is watched

| alert | severity | of a | raised at |
|---|---|---|---|
`

const OWN = `
## Of the monitor and what surrounds it

By rules of Prometheus that are loaded in every mode.

| alert | severity | what |
|---|---|---|
`

const OF_INCIDENTS = `
## Of incidents

An [incident](alerting.md#incidents-in-prometheus-and-alertmanager) is told as one alert, with the labels \`incident\` and \`location\` beside the others. \`severity\` and \`location\` are what is known now: where they change, the alert is another one of the same \`incident\`. Both names begin with \`HmonitorIncident\`.

| alert | severity | what |
|---|---|---|
`

const QUIET = `
By the dead-man's switch of the monitor, for the case that Prometheus or Alertmanager does not work:

| alert | severity | what |
|---|---|---|
`

const OF_LOG = `
## Out of the log

By \`rtmp-hmonitor elk watch\`, which asks [Elasticsearch](elk.md#alerts-out-of-the-log); \`kind\` is \`log\`.

| alert | severity | what |
|---|---|---|
`

const ROUTES = `
## How fast, and where to

In the stack, from \`deploy/alertmanager/alertmanager.yml\`:

| | first message after | news of the same group after | again after |
|---|---|---|---|
| critical | half a second | 2 s | 4 hours |
| warning | 10 s | 1 minute | 24 hours |
| incident, critical | 2 s | 5 s | 4 hours |
| incident, warning | 12 s | 5 s | 4 hours |

One message lists all alerts of a monitor that have the same severity. Everything also goes to Node-RED, where the tab *Alerts* shows and routes it.

## What mutes what

- \`HmonitorMonitorDown\` mutes the alerts of what that monitor watches, and its other alerts of severity warning: nobody can know meanwhile whether they are still so.
- What belongs to an incident is silent while its monitor says that it does, or is gone: the alert \`HmonitorIncidentMember\`, of which nobody is told, mutes those of the same \`kind\` and \`target\` that the monitor judges. Alerts of rules of your own are not muted.
- \`HmonitorStreamOffline\` mutes the other alerts of that stream.
- Of two alerts of one target that tell of the same fact, the one that says more takes the place of the other, without a word that the other ended; [checks](checks.md) says of each what it stands for. Who is on the other is on this one, too, unless it is graver.
- Both only where \`monitor\` and \`site\` are the same: two places with a stream of the same name do not mute each other.
- Along \`dependsOn\` a cause mutes its effects. Node-RED does that, not Alertmanager, which does not know what depends on what.

## Where a message can come twice

Delivery is at least once. A double is possible:

- when a process ends between sending a message and writing down that it was sent;
- in the mode \`prometheus\`, when no Alertmanager accepts for 15 s and \`notify\` takes over: what Alertmanager had taken just before may come from both;
- when Alertmanager ends between sending and writing down, or loses its volume, it tells again of what still fires.

And one can come late: Prometheus repeats an alert once a minute, and in its first five seconds does not know Alertmanager yet. What begins then, or while Alertmanager is down for less than the 15 s after which \`notify\` takes over, is told up to a minute later.

And a message that something ended can come too early where Prometheus has been dead for four minutes: Alertmanager takes for ended what nobody repeats. Node-RED's dead-man's switch tells after three minutes that this is so.
`

/** The page of all alerts. Pure but for the rule file that it reads. */
export function text(): string {
  const rows = ISSUE_ALERTS.map(
    ({ alertname, severity, kind, check }) =>
      `| ${link(alertname)} | ${severity} | ${KINDS[kind].noun} | ${raisedOf(check)} |`,
  )
  const own = ownAlerts().map(
    ({ alert, labels, annotations }) => `| ${link(alert)} | ${labels.severity} | ${plain(annotations.summary ?? '')} |`,
  )
  const quiet = Object.entries(QUIET_RUNBOOKS).map(([name, { summary }]) => `| ${link(name)} | critical | ${summary} |`)
  const incidents = Object.entries(INCIDENT_RUNBOOKS).map(
    ([name, { severity, summary }]) => `| ${link(name)} | ${severity} | ${summary} |`,
  )
  const ofLog = LOG_RUNBOOKS.map(
    ({ alertname, severity, summary }) => `| ${link(alertname)} | ${severity} | ${summary} |`,
  )
  return [
    INTRODUCTION,
    rows.join('\n'),
    '\n',
    OF_INCIDENTS,
    incidents.join('\n'),
    '\n',
    OWN,
    own.join('\n'),
    '\n',
    QUIET,
    quiet.join('\n'),
    '\n',
    OF_LOG,
    ofLog.join('\n'),
    '\n',
    ROUTES,
  ].join('')
}

/** Every runbook, by the name of its alert. */
export function runbooks(): Map<string, string> {
  const books = new Map<string, string>()
  for (const { alertname } of ISSUE_ALERTS) {
    if (!books.has(alertname))
      books.set(alertname, ofIssue(ISSUE_ALERTS.filter((each) => each.alertname === alertname)))
  }
  for (const [name, { severity, summary, remedy, ...book }] of Object.entries(INCIDENT_RUNBOOKS))
    books.set(name, ofOwn(name, severity, summary, numbered(remedy), book))
  for (const rule of ownAlerts()) books.set(rule.alert, ofRule(rule))
  for (const [name, { summary, remedy, ...book }] of Object.entries(QUIET_RUNBOOKS))
    books.set(name, ofOwn(name, 'critical', summary, numbered(remedy), book))
  for (const { alertname, severity, summary, remedy, book } of LOG_RUNBOOKS)
    books.set(alertname, ofOwn(alertname, severity, summary, numbered(remedy), book))
  return books
}

const ownAlerts = () => alertsIn('monitor.rules.yml')

function ofIssue(alerts: readonly IssueAlert[]): string {
  const [first] = alerts
  if (first === undefined) throw new Error('an alert without an issue')
  const { alertname } = first
  const note = NOTES[alertname]
  const sections = alerts.map(({ kind, severity, check }) => {
    const { type, remedy, text, limits } = check
    const heading = alerts.length > 1 ? ` (${KINDS[kind].noun})` : ''
    return `## What it means${heading}

**${severity}**, of a ${KINDS[kind].noun}, by the check [${type}](../checks.md#${type.toLowerCase()}).

The monitor judges ${text.measures}. It raises this at: ${raisedOf(check)}. It ends at: ${text.cleared(limits)}${held(limits.clearHold)}.

## How to confirm${heading}

${numbered(KINDS[kind].docs.confirm)}

## What to do${heading}

${numbered(remedy)}

## Good to know${heading}

- Why so: ${text.why}
- It cannot see: ${text.blindTo}
`
  })
  return `# ${alertname}\n\n${MADE}\n\n${note === undefined ? '' : `${note}\n\n`}${sections.join('\n')}\n${LAST}`
}

function ofRule({ alert, labels, annotations }: AlertRule): string {
  const book = OWN_RUNBOOKS[alert]
  if (book === undefined) throw new Error(`scripts/runbook-texts.ts has nothing for ${alert}`)
  return ofOwn(alert, labels.severity ?? '', plain(annotations.summary ?? ''), (annotations.remedy ?? '').trim(), book)
}

function ofOwn(alertname: string, severity: string, summary: string, remedy: string, book: OwnRunbook): string {
  return `# ${alertname}

${MADE}

## What it means

**${severity}**. ${summary}

${book.means}

## How to confirm

${numbered(book.confirm)}

## What to do

${remedy}

## Good to know

${book.more}

${LAST}`
}

const LAST = `While you work on it, acknowledge it in Node-RED or silence it in Alertmanager, for an hour at most, so that others know and nothing is forgotten. [All alerts](../alerts.md).
`

function raisedOf({ limits, text }: IssueAlert['check']): string {
  return `${text.raised(limits)}${held(limits.enterHold)}`
}

function held(hold: number): string {
  return hold === 0 ? '' : `, for ${hold} s`
}

function numbered(lines: readonly string[]): string {
  return lines.map((line, index) => `${index + 1}. ${line}`).join('\n')
}

/** Without the templates of a rule. */
function plain(text: string): string {
  return text.replace(/\{\{ \$labels\.(\w+) \}\}/g, '*$1*')
}

function link(alertname: string): string {
  return `[${alertname}](runbooks/${alertname}.md)`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(ALERTS_PAGE, text())
  mkdirSync(RUNBOOKS_FOLDER, { recursive: true })
  const books = runbooks()
  for (const [alertname, book] of books) writeFileSync(`${RUNBOOKS_FOLDER}${alertname}.md`, book)
  for (const file of readdirSync(RUNBOOKS_FOLDER)) {
    if (!books.has(file.replace(/\.md$/, ''))) rmSync(RUNBOOKS_FOLDER + file)
  }
}
