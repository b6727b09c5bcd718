import type { LogLine } from './log-line.ts'

/**
 * What a field holds, as an index has to keep it: `keyword` to find and count, `text` to read and search, a time, a whole
 * number, a fraction. `labels` is an object whose names are the user's, each a keyword whatever it is called. A list holds
 * many of the same.
 */
export type FieldType = 'keyword' | 'text' | 'date' | 'long' | 'double' | 'labels'

/** The paths of all fields that a line may have, with dots between the levels. */
type Paths<T> = {
  [K in keyof T & string]-?: NonNullable<T[K]> extends readonly unknown[] | string | number
    ? K
    : K extends 'labels'
      ? K
      : `${K}.${Paths<NonNullable<T[K]>>}`
}[keyof T & string]

/** Every field that is written, and no other: the mapping of an index is made of it, and `docs/logs.md` describes it. */
export const LOG_FIELDS: Readonly<Record<Paths<LogLine>, FieldType>> = {
  '@timestamp': 'date',
  'log.level': 'keyword',
  message: 'text',
  'ecs.version': 'keyword',
  'service.name': 'keyword',
  'service.version': 'keyword',
  'service.node.name': 'keyword',
  'observer.type': 'keyword',
  'observer.name': 'keyword',
  'observer.version': 'keyword',
  'host.name': 'keyword',
  'event.kind': 'keyword',
  'event.category': 'keyword',
  'event.type': 'keyword',
  'event.action': 'keyword',
  'event.module': 'keyword',
  'event.dataset': 'keyword',
  'event.provider': 'keyword',
  'event.id': 'keyword',
  'event.sequence': 'long',
  'event.start': 'date',
  'event.end': 'date',
  'event.duration': 'long',
  'event.outcome': 'keyword',
  'event.reason': 'keyword',
  'data_stream.type': 'keyword',
  'data_stream.dataset': 'keyword',
  'data_stream.namespace': 'keyword',
  labels: 'labels',
  'hmonitor.kind': 'keyword',
  'hmonitor.target': 'keyword',
  'hmonitor.monitor': 'keyword',
  'hmonitor.from': 'keyword',
  'hmonitor.to': 'keyword',
  'hmonitor.issue.type': 'keyword',
  'hmonitor.issue.severity': 'keyword',
  'hmonitor.issue.since': 'date',
  'hmonitor.issue.measured': 'double',
  'hmonitor.issue.measuredText': 'keyword',
  'hmonitor.issue.expected': 'double',
  'hmonitor.issue.expectedText': 'keyword',
  'hmonitor.issue.unit': 'keyword',
  'hmonitor.issue.summary': 'text',
  'hmonitor.issue.remedy': 'text',
  'hmonitor.issue.supersedes': 'keyword',
  'hmonitor.alert.id': 'keyword',
  'hmonitor.alert.alertname': 'keyword',
  'hmonitor.alert.severity': 'keyword',
  'hmonitor.alert.status': 'keyword',
  'hmonitor.alert.change': 'keyword',
  'hmonitor.alert.startsAt': 'date',
  'hmonitor.alert.endsAt': 'date',
  'hmonitor.alert.endedBy': 'keyword',
  'hmonitor.alert.acknowledgedBy': 'keyword',
  'hmonitor.alert.silencedUntil': 'date',
  'hmonitor.alert.effects': 'keyword',
  'hmonitor.alert.supersedes': 'keyword',
  'hmonitor.alert.location': 'keyword',
  'hmonitor.alert.cause': 'keyword',
  'hmonitor.alert.confidence': 'keyword',
  'hmonitor.incident.id': 'keyword',
  'hmonitor.incident.severity': 'keyword',
  'hmonitor.incident.status': 'keyword',
  'hmonitor.incident.startsAt': 'date',
  'hmonitor.incident.endsAt': 'date',
  'hmonitor.incident.members': 'keyword',
  'hmonitor.incident.by': 'keyword',
  'hmonitor.incident.location': 'keyword',
  'hmonitor.incident.cause': 'keyword',
  'hmonitor.incident.confidence': 'keyword',
  'hmonitor.lost': 'long',
}
