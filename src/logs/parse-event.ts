import { MonitorError } from '../observation/errors.ts'
import { moment } from '../observation/moment.ts'
import { type Issue, KINDS, type MonitorEvent, SEVERITIES } from '../observation/observation.ts'
import { isRecord, isText } from '../observation/shape.ts'

const EVENTS: readonly MonitorEvent['event'][] = ['state', 'raised', 'cleared', 'session', 'restart']

/**
 * The event that a message holds, as a copy of what an event has and nothing else, because what comes after this node
 * may change the message. Null where it holds something else.
 *
 * @throws MonitorError `invalid-message` for what says that it is an event and is not
 */
export function parseEvent(payload: unknown): MonitorEvent | null {
  if (!isRecord(payload) || !('event' in payload)) return null
  const said = payload as Record<keyof MonitorEvent, unknown>
  const fault = faultOf(said)
  if (fault !== null) throw new MonitorError('invalid-message', `This is no event: ${fault}`)
  const { event, kind, target, labels, time, from, to, issue, duration } = payload as unknown as MonitorEvent
  return {
    ...{ event, kind, target, labels: { ...labels }, time },
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(issue !== undefined && { issue: issueCopy(issue) }),
    ...(duration !== undefined && { duration }),
  }
}

function faultOf(said: Record<keyof MonitorEvent, unknown>): string | null {
  const { event, kind, target, labels, time, from, to, issue, duration } = said
  if (!EVENTS.some((known) => known === event)) return `event must be one of ${EVENTS.join(', ')}`
  if (!KINDS.some((known) => known === kind)) return `kind must be one of ${KINDS.join(', ')}`
  if (!isText(target) || target === '') return 'target must be a name'
  if (!isRecord(labels) || !Object.values(labels).every(isText)) return 'labels must be an object of texts'
  if (Number.isNaN(moment(time))) return 'time must be a time in ISO 8601'
  if (from !== undefined && !isText(from)) return 'from must be text'
  if (to !== undefined && !isText(to)) return 'to must be text'
  if ((event === 'state' || event === 'session') && to === undefined) return `an event ${event} must say to what`
  if (duration !== undefined && !isDuration(duration)) return 'duration must be a number of seconds from 0'
  const needsIssue = event === 'raised' || event === 'cleared'
  return needsIssue || issue !== undefined ? faultOfIssue(issue) : null
}

function faultOfIssue(issue: unknown): string | null {
  if (!isRecord(issue)) return 'issue must be an issue'
  const { type, severity, since, summary, remedy, measured, expected, unit, supersedes, explains } = issue
  if (!isText(type) || !isText(summary)) return 'issue must have a type and a summary'
  if (!SEVERITIES.some((known) => known === severity)) return `its severity must be one of ${SEVERITIES.join(', ')}`
  if (Number.isNaN(moment(since))) return 'since when the issue is must be a time in ISO 8601'
  if (!isTexts(remedy)) return 'the remedy of the issue must be a list of texts'
  if (![measured, expected].every(isReading)) return 'measured and expected of the issue must be numbers or texts'
  if (unit !== undefined && !isText(unit)) return 'the unit of the issue must be text'
  for (const types of [supersedes, explains]) {
    if (types !== undefined && !isTexts(types)) return 'supersedes and explains of the issue must be lists of types'
  }
  return null
}

function issueCopy(issue: Issue): Issue {
  const { type, severity, since, measured, expected, unit, summary, remedy, supersedes, explains } = issue
  return {
    ...{ type, severity, since, summary, remedy: [...remedy] },
    ...(measured !== undefined && { measured }),
    ...(expected !== undefined && { expected }),
    ...(unit !== undefined && { unit }),
    ...(supersedes !== undefined && { supersedes: [...supersedes] }),
    ...(explains !== undefined && { explains: [...explains] }),
  }
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(isText)
}

function isDuration(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isReading(value: unknown): boolean {
  return value === undefined || isText(value) || (typeof value === 'number' && Number.isFinite(value))
}
