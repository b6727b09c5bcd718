import type { IncidentEvent, TimelineEvent } from '../observation/incident.ts'
import type { LogLevel } from '../observation/observation.ts'
import { type LoggedIncident, type LogRecord, type LogWriter, recordFrame, spanOf, timesOf } from './log-record.ts'

/** What each entry of a time line is called in a log. */
const ACTIONS: Readonly<Record<TimelineEvent, string>> = {
  opened: 'incident-opened',
  joined: 'incident-joined',
  left: 'incident-left',
  assessed: 'cause-assessed',
  severity: 'incident-escalated',
  notified: 'incident-notified',
  acknowledged: 'incident-acknowledged',
  silenced: 'incident-silenced',
  unsilenced: 'incident-unsilenced',
  noted: 'incident-noted',
  merged: 'incident-merged',
  ended: 'incident-ended',
  reopened: 'incident-reopened',
}

/** These tell of a fault; what else happens to an incident is news about it. */
const FAULTS: ReadonlySet<TimelineEvent> = new Set(['opened', 'severity', 'reopened'])

/** The line that an entry of a time line becomes. The entry itself says of which monitor it is. */
export function incidentRecord(entry: IncidentEvent, writer: LogWriter): LogRecord {
  const { event, incident, monitor, site, time, says, severity, startsAt, endsAt, by } = entry
  const level: LogLevel = FAULTS.has(event) ? (severity === 'critical' ? 'error' : 'warn') : 'info'
  const { status, members, location, cause, confidence } = entry
  const logged: LoggedIncident = {
    ...{ id: incident, severity, status, members: [...members] },
    ...timesOf({ startsAt, endsAt }),
    ...(by !== undefined && { by }),
    ...(location !== undefined && { location }),
    ...(cause !== undefined && { cause }),
    ...(confidence !== undefined && { confidence }),
  }
  return {
    ...recordFrame({ ...writer, monitor, site }, time, level, `Incident of ${namesOf(members)}: ${says}`),
    event: {
      kind: 'alert',
      category: ['process'],
      type: [event === 'opened' || event === 'reopened' ? 'start' : event === 'ended' ? 'end' : 'info'],
      action: ACTIONS[event],
      dataset: 'rtmp_hmonitor.incidents',
      provider: 'incident',
      ...spanOf(startsAt, event === 'ended' ? endsAt : undefined),
      ...(cause !== undefined && { reason: cause }),
    },
    hmonitor: { kind: 'incident', monitor, incident: logged },
  }
}

function namesOf([first, ...others]: readonly string[]): string {
  return others.length === 0 ? (first ?? 'the monitor') : `${first} and ${others.length} more`
}
