import type { Alert, AlertChange } from '../observation/alert.ts'
import type { Issue, MonitorEvent } from '../observation/observation.ts'
import { ownEntry } from '../observation/shape.ts'
import { spokenDuration } from '../observation/words.ts'

const STATE_WORDS: Readonly<Record<string, string>> = {
  ok: 'is ok',
  degraded: 'is degraded',
  down: 'is down',
  off: 'is offline, as expected',
  unknown: 'cannot be measured, so its state is unknown',
}

/** What happened, where, the number and the expected number, since when or how long: one line for a person. */
export function eventSentence(event: MonitorEvent): string {
  const where = `${event.kind} ${event.target}`
  const { from, to = '', issue, duration } = event
  const lasted = duration === undefined ? null : spokenDuration(duration * 1000)
  switch (event.event) {
    case 'state':
      return `${where} ${ownEntry(STATE_WORDS, to) ?? `is ${to}`}${from === undefined ? '' : `; before, it was ${from}`}`
    case 'raised':
      return `${where}: ${issue === undefined ? 'an issue was raised' : withStart(issue, issue.since)}`
    case 'cleared':
      return `${where}: ${issue?.type ?? 'an issue'} is over${lasted === null ? '' : `, it lasted ${lasted}`}${wasOf(issue)}`
    case 'session':
      return `${where}: a session ended${lasted === null ? '' : ` after ${lasted}`}: ${to}`
    case 'restart':
      return `${where}: the publisher restarted`
  }
}

const CHANGE_WORDS: Readonly<Record<AlertChange, (alert: Alert) => string>> = {
  firing: ({ issue, startsAt }) => `fires: ${withStart(issue, startsAt)}`,
  repeated: ({ issue, startsAt }) => `still fires: ${withStart(issue, startsAt)}`,
  updated: ({ issue, startsAt }) => `has changed: ${withStart(issue, startsAt)}`,
  acknowledged: ({ acknowledgedBy }) => `was acknowledged by ${acknowledgedBy ?? 'somebody'}`,
  silenced: ({ silencedUntil }) =>
    `is silenced until ${silencedUntil === undefined ? 'it ends' : clock(silencedUntil)}`,
  unsilenced: () => 'is no longer silenced',
  resolved: (alert) => `is over${lastedOf(alert)}${wasOf(alert.issue)}`,
}

/** The same for an alert. */
export function alertSentence(alert: Alert): string {
  const { severity, kind, target, alertname, change } = alert
  const where = [kind, target].filter((part) => part !== '').join(' ')
  // What the change is called comes from a message.
  const words = Object.hasOwn(CHANGE_WORDS, change) ? CHANGE_WORDS[change](alert) : change
  return `${severity === 'critical' ? 'Critical alert' : 'Alert'} ${alertname} of ${where} ${words}`
}

function withStart({ summary }: Issue, since: string): string {
  return `${summary} (since ${clock(since)})`
}

function wasOf(issue: Issue | undefined): string {
  return issue === undefined ? '' : `. It was: ${issue.summary}`
}

function lastedOf({ startsAt, endsAt }: Alert): string {
  return endsAt === undefined ? '' : `, it lasted ${spokenDuration(Date.parse(endsAt) - Date.parse(startsAt))}`
}

/** With the date, because a log is read when it is read. */
function clock(iso: string): string {
  const time = new Date(iso)
  if (Number.isNaN(time.getTime())) return iso
  const text = time.toISOString()
  return `${text.slice(0, 10)} ${text.slice(11, 19)} UTC`
}
