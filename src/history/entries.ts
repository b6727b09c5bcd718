import { type Alert, messageKey } from '../observation/alert.ts'
import type { Incident } from '../observation/incident.ts'
import type { Kind, MonitorEvent } from '../observation/observation.ts'
import type { HistoryEntry, TargetName } from './records.ts'

/** What somebody was told, as it is kept. */
export interface ToldMessage {
  readonly receiver: string
  readonly subject: string
  readonly tone: 'critical' | 'warning' | 'resolved'
  readonly alerts: readonly Pick<Alert, 'id' | 'alertname' | 'kind' | 'target' | 'change' | 'startsAt'>[]
  /** Absent where it told of none. */
  readonly incidents?: readonly {
    readonly id: string
    readonly members: readonly { readonly kind: string; readonly target: string }[]
  }[]
}

/** What the log gets of a target: a state, an issue, a session. */
export function eventEntry(event: MonitorEvent): HistoryEntry {
  const { kind, target, time } = event
  return { type: 'event', of: { kind, target }, time: Date.parse(time), ended: null, key: null, content: event }
}

/** One moment of an alert's life; said again it is the same. */
export function alertEntry(alert: Alert, isKind: (kind: string) => kind is Kind): HistoryEntry {
  const { kind, target, time } = alert
  // What the monitor says of itself, and what Alertmanager tells of others, is of no target.
  const of: TargetName | null = isKind(kind) ? { kind, target } : null
  return { type: 'alert', of, time: Date.parse(time), ended: null, key: messageKey(alert), content: alert }
}

/** An incident as it is now. */
export function incidentEntry(incident: Incident): HistoryEntry {
  const { id, startsAt, endsAt } = incident
  return {
    ...{ type: 'incident', of: null, time: Date.parse(startsAt), key: id, content: incident },
    ended: endsAt === undefined ? null : Date.parse(endsAt),
  }
}

/** A receiver has taken a message. @param time milliseconds since the epoch */
export function messageEntry(
  receiver: string,
  message: { subject: string; tone: ToldMessage['tone']; alerts: readonly Alert[]; incidents?: readonly Incident[] },
  time: number,
): HistoryEntry {
  const alerts = message.alerts.map(({ id, alertname, kind, target, change, startsAt }) => ({
    ...{ id, alertname, kind, target, change, startsAt },
  }))
  const incidents = (message.incidents ?? []).map(({ id, members }) => ({
    id,
    members: members.map(({ kind, target }) => ({ kind, target })),
  }))
  const told = { receiver, subject: message.subject, tone: message.tone, alerts }
  const content: ToldMessage = incidents.length === 0 ? told : { ...told, incidents }
  return { type: 'message', of: null, time, ended: null, key: null, content }
}
