import type { Alert } from '../observation/alert.ts'
import { levelOfAlert } from './level.ts'
import { categoryOf, type LoggedAlert, type LogRecord, recordFrame } from './log-record.ts'
import { loggedIssue } from './logged-issue.ts'
import { alertSentence } from './sentence.ts'

/**
 * The line that one moment of an alert's life becomes. The alert itself says of which monitor it is.
 * @param version of the package
 */
export function alertRecord(alert: Alert, version: string): LogRecord {
  const { kind, target, monitor, site, change, status, startsAt, endsAt, time, labels, issue } = alert
  const duration = endsAt === undefined ? undefined : Date.parse(endsAt) - Date.parse(startsAt)
  return {
    ...recordFrame({ monitor, site, version }, time, levelOfAlert(alert), alertSentence(alert)),
    event: {
      kind: 'alert',
      category: categoryOf(kind),
      type: [change === 'firing' ? 'start' : status === 'resolved' ? 'end' : 'info'],
      action: `alert-${change}`,
      dataset: 'rtmp_hmonitor.alerts',
      ...(duration !== undefined && { duration: Math.max(0, duration) * 1e6 }),
    },
    labels,
    hmonitor: { kind, target, monitor, issue: loggedIssue(issue), alert: loggedAlert(alert) },
  }
}

function loggedAlert(alert: Alert): LoggedAlert {
  const { id, alertname, severity, status, change, startsAt, endsAt, endedBy, acknowledgedBy, silencedUntil } = alert
  return {
    ...{ id, alertname, severity, status, change, startsAt },
    ...(endsAt !== undefined && { endsAt }),
    ...(endedBy !== undefined && { endedBy }),
    ...(acknowledgedBy !== undefined && { acknowledgedBy }),
    ...(silencedUntil !== undefined && { silencedUntil }),
    ...(alert.effects.length > 0 && { effects: alert.effects }),
    ...(alert.supersedes?.length && { supersedes: alert.supersedes }),
  }
}
