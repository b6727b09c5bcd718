import type { Alert, AlertChange } from '../observation/alert.ts'
import { clockTime } from '../observation/local-time.ts'
import type { Issue, MonitorEvent } from '../observation/observation.ts'
import { ownEntry } from '../observation/shape.ts'
import { durationInWords } from '../observation/words.ts'
import { levelOfAlert, levelOfEvent } from './level.ts'
import {
  categoryOf,
  type LoggedAlert,
  type LoggedIssue,
  type LogOrigin,
  type LogRecord,
  type LogWriter,
  recordFrame,
  spanOf,
  timesOf,
} from './log-record.ts'

/** What ECS calls each event. */
const ACTIONS: Readonly<Record<MonitorEvent['event'], { action: string; type: LogRecord['event']['type'] }>> = {
  state: { action: 'state-changed', type: ['info'] },
  raised: { action: 'issue-raised', type: ['start'] },
  superseded: { action: 'issue-superseded', type: ['end'] },
  cleared: { action: 'issue-cleared', type: ['end'] },
  session: { action: 'session-ended', type: ['end'] },
  restart: { action: 'publisher-restarted', type: ['info'] },
}

type Outcome = 'success' | 'failure' | 'unknown'

/** A target that is off the air, as expected, has neither succeeded nor failed. */
const OUTCOME_OF_STATE: Readonly<Record<string, Outcome>> = {
  ok: 'success',
  degraded: 'failure',
  down: 'failure',
  unknown: 'unknown',
}

/** The line that an event of a probe node becomes. */
export function eventRecord(event: MonitorEvent, origin: LogOrigin): LogRecord {
  const { kind, target, labels, time, from, to, issue } = event
  const outcome = outcomeOf(event)
  return {
    ...recordFrame(origin, time, levelOfEvent(event), eventSentence(event, 'UTC')),
    event: {
      kind: 'event',
      category: categoryOf(kind),
      ...ACTIONS[event.event],
      dataset: 'rtmp_hmonitor.events',
      provider: 'probe',
      ...lastedOf(event),
      ...(outcome !== undefined && { outcome }),
    },
    labels,
    hmonitor: {
      ...{ kind, target, monitor: origin.monitor },
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(issue !== undefined && { issue: loggedIssue(issue) }),
    },
  }
}

/** What is raised has begun; what is cleared, and a session, has a beginning and an end. */
function lastedOf({ event, time, issue, duration }: MonitorEvent): ReturnType<typeof spanOf> {
  const measured = duration === undefined ? {} : { duration: Math.round(duration * 1e9) }
  if (event === 'raised') return { ...spanOf(issue?.since), ...measured }
  if (event === 'cleared' || event === 'superseded') return { ...spanOf(issue?.since, time), ...measured }
  if (event !== 'session' || duration === undefined) return measured
  return { ...spanOf(new Date(Date.parse(time) - duration * 1000).toISOString(), time), ...measured }
}

function outcomeOf({ event, to = '' }: MonitorEvent): Outcome | undefined {
  if (event === 'state') return ownEntry(OUTCOME_OF_STATE, to)
  // A session that the other side ended properly; every other end is a failure of its own kind.
  if (event === 'session') return to === 'ended' ? 'success' : 'failure'
  return undefined
}

/** The line that one moment of an alert's life becomes. The alert itself says of which monitor it is. */
export function alertRecord(alert: Alert, writer: LogWriter): LogRecord {
  const { kind, target, monitor, site, change, status, startsAt, endsAt, time, labels, issue } = alert
  const cause = alert.diagnosis?.cause ?? null
  return {
    ...recordFrame({ ...writer, monitor, site }, time, levelOfAlert(alert), alertSentence(alert, 'UTC')),
    event: {
      kind: 'alert',
      category: categoryOf(kind),
      type: [change === 'firing' ? 'start' : status === 'resolved' ? 'end' : 'info'],
      action: `alert-${change}`,
      dataset: 'rtmp_hmonitor.alerts',
      provider: 'alert',
      ...spanOf(startsAt, endsAt),
      ...(cause !== null && { reason: cause }),
    },
    labels,
    hmonitor: { kind, target, monitor, issue: loggedIssue(issue), alert: loggedAlert(alert) },
  }
}

function loggedAlert(alert: Alert): LoggedAlert {
  const { id, alertname, severity, status, change, startsAt, endsAt, endedBy, acknowledgedBy, silencedUntil } = alert
  const { location, cause, confidence } = alert.diagnosis ?? { location: null, cause: null, confidence: null }
  return {
    ...{ id, alertname, severity, status, change },
    ...timesOf({ startsAt, endsAt, silencedUntil }),
    ...(endedBy !== undefined && { endedBy }),
    ...(acknowledgedBy !== undefined && { acknowledgedBy }),
    ...(alert.effects.length > 0 && { effects: alert.effects }),
    ...(alert.supersedes?.length && { supersedes: alert.supersedes }),
    ...(location !== null && cause !== null && confidence !== null && { location, cause, confidence }),
  }
}

/**
 * The line that stands where others are missing.
 *
 * @param lost how many were not written
 * @param time ISO 8601, of the line
 */
export function lostRecord(lost: number, origin: LogOrigin, time: string): LogRecord {
  const message = `${eventsWere(lost)} not written here, because the log could not be written or could not keep up`
  return missingRecord('events-lost', message, lost, origin, time)
}

/** The line that stands where others are missing in an index, but not in the file. @param lost how many were not shipped */
export function notShippedRecord(lost: number, origin: LogOrigin, time: string): LogRecord {
  const message = `${eventsWere(lost)} not shipped before this, because too many waited; the log file has them`
  return missingRecord('events-not-shipped', message, lost, origin, time)
}

/** The line that somebody sends by a test button, to see that it arrives. */
export function shippingTestRecord(origin: LogOrigin, time: string): LogRecord {
  const message = 'This is a test: somebody pressed the test button of a log node, and nothing is wrong'
  return {
    ...recordFrame(origin, time, 'info', message),
    event: {
      ...{ kind: 'event', category: ['process'], type: ['info'], action: 'shipping-tested' },
      ...{ dataset: 'rtmp_hmonitor.log', provider: 'log', outcome: 'success' },
    },
    hmonitor: { kind: 'monitor', monitor: origin.monitor },
  }
}

function eventsWere(count: number): string {
  return count === 1 ? '1 event was' : `${count} events were`
}

function missingRecord(action: string, message: string, lost: number, origin: LogOrigin, time: string): LogRecord {
  return {
    ...recordFrame(origin, time, 'warn', message),
    event: {
      kind: 'event',
      category: ['process'],
      type: ['info'],
      action,
      dataset: 'rtmp_hmonitor.log',
      provider: 'log',
      outcome: 'failure',
    },
    hmonitor: { kind: 'monitor', monitor: origin.monitor, lost },
  }
}

/** @param issue of a message; what an alert brings in it may be anything but summary and remedy */
function loggedIssue(issue: Issue): LoggedIssue {
  const { type, severity, measured, expected, unit, summary, remedy, supersedes } = issue
  return {
    type: String(type),
    severity: String(severity),
    ...timesOf({ since: issue.since }),
    ...reading('measured', measured),
    ...reading('expected', expected),
    ...(unit !== undefined && { unit }),
    summary,
    remedy: [...remedy],
    ...(supersedes?.length && { supersedes: [...supersedes] }),
  }
}

function reading(name: 'measured' | 'expected', value: unknown): Partial<LoggedIssue> {
  if (typeof value === 'number' && Number.isFinite(value)) return { [name]: value }
  return typeof value === 'string' ? { [`${name}Text`]: value } : {}
}

const STATE_WORDS: Readonly<Record<string, string>> = {
  ok: 'is ok',
  degraded: 'is degraded',
  down: 'is down',
  off: 'is offline, as expected',
  unknown: 'cannot be measured, so its state is unknown',
}

/**
 * What happened, where, the number and the expected number, since when or how long: one line for a person.
 *
 * @param timezone IANA name, in which times are written
 */
export function eventSentence(event: MonitorEvent, timezone: string): string {
  const where = `${event.kind} ${event.target}`
  const { from, to = '', issue, duration, endedBy } = event
  const lasted = duration === undefined ? null : durationInWords(duration * 1000)
  switch (event.event) {
    case 'state':
      return `${where} ${ownEntry(STATE_WORDS, to) ?? `is ${to}`}${from === undefined ? '' : `; before, it was ${from}`}`
    case 'raised':
      return `${where}: ${issue === undefined ? 'an issue was raised' : withStart(issue, issue.since, timezone)}`
    case 'superseded':
      return `${where}: ${issue?.type ?? 'an issue'} is ${to} now${lasted === null ? '' : `, after ${lasted}`}${wasOf(issue)}`
    case 'cleared':
      if (endedBy === 'not-watched')
        return `${where}: ${issue?.type ?? 'an issue'} is not watched any more${lasted === null ? '' : `, after ${lasted}`}${wasOf(issue)}`
      return `${where}: ${issue?.type ?? 'an issue'} is over${lasted === null ? '' : `, it lasted ${lasted}`}${wasOf(issue)}`
    case 'session':
      return `${where}: a session ended${lasted === null ? '' : ` after ${lasted}`}: ${to}`
    case 'restart':
      return `${where}: the publisher restarted`
  }
}

const CHANGE_WORDS: Readonly<Record<AlertChange, (alert: Alert, timezone: string) => string>> = {
  firing: ({ issue, startsAt }, timezone) => `fires: ${withStart(issue, startsAt, timezone)}`,
  repeated: ({ issue, startsAt }, timezone) => `still fires: ${withStart(issue, startsAt, timezone)}`,
  updated: ({ issue, startsAt }, timezone) => `has changed: ${withStart(issue, startsAt, timezone)}`,
  acknowledged: ({ acknowledgedBy }) => `was acknowledged by ${acknowledgedBy ?? 'somebody'}`,
  silenced: ({ silencedUntil }, timezone) =>
    `is silenced until ${silencedUntil === undefined ? 'it ends' : clockTime(silencedUntil, timezone)}`,
  unsilenced: () => 'is no longer silenced',
  resolved: (alert) => `is over${lastingOf(alert)}${wasOf(alert.issue)}`,
}

/** The same for an alert. */
export function alertSentence(alert: Alert, timezone: string): string {
  const { severity, kind, target, alertname, change } = alert
  const where = [kind, target].filter((part) => part !== '').join(' ')
  // What the change is called comes from a message.
  const words = Object.hasOwn(CHANGE_WORDS, change) ? CHANGE_WORDS[change](alert, timezone) : change
  return `${severity === 'critical' ? 'Critical alert' : 'Alert'} ${alertname} of ${where} ${words}`
}

function withStart({ summary }: Issue, since: string, timezone: string): string {
  return `${summary} (since ${clockTime(since, timezone)})`
}

function wasOf(issue: Issue | undefined): string {
  return issue === undefined ? '' : `. It was: ${issue.summary}`
}

function lastingOf({ startsAt, endsAt }: Alert): string {
  return endsAt === undefined ? '' : `, it lasted ${durationInWords(Date.parse(endsAt) - Date.parse(startsAt))}`
}
