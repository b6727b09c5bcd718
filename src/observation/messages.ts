import { type Alert, webLinks } from './alert.ts'
import { MonitorError } from './errors.ts'
import type { Incident, IncidentEvent } from './incident.ts'
import { type MessageName, messages, type Shape, shapes } from './messages.generated.js'
import type { Issue, MonitorEvent, Observation } from './observation.ts'
import { plainCopy } from './plain-copy.ts'
import { explainFaults } from './schema-faults.ts'
import { isRecord } from './shape.ts'

/** The observation that a message holds; null where it holds something else. @throws MonitorError `invalid-message` */
export function parseObservation(payload: unknown): Observation | null {
  if (!isRecord(payload) || !('measurements' in payload)) return null
  return wholeObservation(parseMessage<Observation>('observation', payload))
}

/** The same for who only reads it at once: no copy, and what it holds is the message's own. */
export function readObservation(payload: unknown): Observation | null {
  if (!isRecord(payload) || !('measurements' in payload)) return null
  checkMessage('observation', payload)
  return wholeObservation(payload as unknown as Observation)
}

function wholeObservation(observation: Observation): Observation {
  return { ...observation, issues: observation.issues.map((issue) => wholeIssue(issue, observation.time)) }
}

/** The event that a message holds; null where it holds something else. @throws MonitorError `invalid-message` */
export function parseEvent(payload: unknown): MonitorEvent | null {
  if (!isRecord(payload) || !('event' in payload)) return null
  const event = parseMessage<MonitorEvent>('event', payload)
  return event.issue === undefined ? event : { ...event, issue: wholeIssue(event.issue, event.time) }
}

/** The alert that a message holds; null where it holds something else. @throws MonitorError `invalid-message` */
export function parseAlert(payload: unknown): Alert | null {
  if (!isRecord(payload) || !('alertname' in payload)) return null
  return wholeAlert(parseMessage<Alert>('alert', payload))
}

/** The incident that a message holds; null where it holds something else. @throws MonitorError `invalid-message` */
export function parseIncident(payload: unknown): Incident | null {
  if (!isRecord(payload) || !('members' in payload) || 'incident' in payload) return null
  const incident = parseMessage<Incident>('incident', payload)
  return { ...incident, labels: incident.labels ?? {} }
}

/** The entry of a time line that a message holds; null where it holds something else. @throws MonitorError `invalid-message` */
export function parseIncidentEvent(payload: unknown): IncidentEvent | null {
  if (!isRecord(payload) || !('incident' in payload)) return null
  return parseMessage<IncidentEvent>('incidentEvent', payload)
}

/** An alert with what a flow may have left out. */
export function wholeAlert({ runbookUrl, dashboardUrl, ...alert }: Alert): Alert {
  return {
    ...alert,
    issue: wholeIssue(alert.issue, alert.startsAt),
    effects: alert.effects ?? [],
    labels: alert.labels ?? {},
    via: alert.via ?? 'notify',
    ...webLinks({ runbookUrl, dashboardUrl }),
  }
}

/** An issue with what a flow may have left out. @param time since when it is, where it does not say so: ISO 8601 */
export function wholeIssue(issue: Partial<Issue> & Pick<Issue, 'type'>, time: string): Issue {
  return { severity: 'info', since: time, summary: issue.type, remedy: [], ...issue }
}

/**
 * What a message holds, checked by its definition in `messages.schema.json`: a copy of what the definition names and
 * nothing else, because what comes after may change the message, and a message may hold anything, as deep as it likes.
 *
 * @param label what it is called in the error, where that is not the name of the definition
 * @throws MonitorError `invalid-message` that names the field and says why
 */
export function parseMessage<T>(name: MessageName, value: unknown, label: string = name): T {
  checkMessage(name, value, label)
  try {
    return copyOf(value, shapes[name]) as T
  } catch {
    throw new MonitorError('invalid-message', `${label}: it holds something that is no data, such as a function`)
  }
}

function checkMessage(name: MessageName, value: unknown, label: string = name): void {
  const validate = messages[name]
  if (validate(value)) return
  const known = Object.keys(shapes[name].keys ?? {})
  const present = isRecord(value) ? Object.keys(value) : []
  // A key that is mistyped is missing as well: what was written is the better word.
  const unknown = shapes[name].isClosed ? present.find((key) => !known.includes(key)) : undefined
  const faults =
    unknown === undefined
      ? (validate.errors ?? [])
      : [{ instancePath: '', keyword: 'additionalProperties', params: { additionalProperty: unknown } }]
  const keysAt = (path: readonly string[]) => (path.length === 0 ? known : [])
  const { message, suggestion } = explainFaults(faults, value, { forms: FORMS, keysAt })
  throw new MonitorError('invalid-message', `${label}: ${message}`, { suggestion })
}

/** The same of what stands in a file or an answer, where what is wrong is left out. */
export function messageOrNull<T>(name: MessageName, value: unknown): T | null {
  return messages[name](value) ? (copyOf(value, shapes[name]) as T) : null
}

/** Those of a list that are what they should be. What is no list has none. */
export function messagesIn<T>(name: MessageName, list: unknown): T[] {
  if (!Array.isArray(list)) return []
  return list.map((value) => messageOrNull<T>(name, value)).filter((value) => value !== null)
}

const FORMS = {
  until: 'a time such as "2026-01-31T11:30:00Z", or milliseconds since 1970',
  oneOf: 'give either the name of a watched stream or a url',
}

function copyOf(value: unknown, shape: Shape): unknown {
  const { keys, rest, items } = shape
  if (Array.isArray(value)) return items ? value.map((item) => copyOf(item, items)) : plainCopy(value)
  if (!isRecord(value)) return value
  if (keys === undefined && rest === undefined) return plainCopy(value)
  const copy: Record<string, unknown> = {}
  // Of an observation this takes 4 µs, and through lists of entries it took 14: with hundreds a second that counts.
  for (const name of rest === undefined ? namesOf(shape) : Object.keys(value)) {
    const known = keys !== undefined && Object.hasOwn(keys, name) ? keys[name] : rest
    const inner = value[name]
    if (known === undefined || inner === undefined) continue
    const copied = copyOf(inner, known)
    // Under this name an assignment would set what the copy inherits from.
    if (name === '__proto__') Object.defineProperty(copy, name, { ...PLAIN, value: copied })
    else copy[name] = copied
  }
  return copy
}

const PLAIN = { configurable: true, enumerable: true, writable: true } as const

const namesByShape = new WeakMap<Shape, readonly string[]>()

function namesOf(shape: Shape): readonly string[] {
  const known = namesByShape.get(shape) ?? Object.keys(shape.keys ?? {})
  namesByShape.set(shape, known)
  return known
}
