import type { Alert } from '../observation/alert.ts'
import type { AlertRecord } from './book.ts'
import { alertOf } from './decide.ts'
import { isWatchdog, recordOf, type WebhookAlert } from './webhook.ts'

/** What an alert of no severity is for: it keeps others silent, and nobody is told of it. */
const NOBODY = 'none'

/**
 * What Alertmanager says in a webhook as what people are to be told, for an outbox. Of a pair of Alertmanagers each may say
 * it, once or several times: the same fingerprint, start and status are the same message, so that an outbox which has it
 * passes it over. A repetition by Alertmanager is passed over with it.
 *
 * @param at milliseconds since the epoch
 */
export function newsInWebhook(alerts: readonly WebhookAlert[], at: number): Alert[] {
  const open = new Set(alerts.filter(({ status }) => status === 'firing').flatMap(incidentsOf))
  return alerts
    .filter((alert) => !isWatchdog(alert) && alert.labels.severity !== NOBODY)
    .filter((alert) => alert.status === 'firing' || !incidentsOf(alert).some((id) => open.has(id)))
    .map((alert) => newsOf(alert, at))
}

/** An incident whose place or severity turned out to be another is another alert: that one ends, and it goes on. */
function incidentsOf({ labels: { incident } }: WebhookAlert): string[] {
  return incident === undefined ? [] : [incident]
}

function newsOf(alert: WebhookAlert, at: number): Alert {
  const record = recordOf(alert, at)
  const id = alert.fingerprint ?? record.id
  return alert.status === 'firing'
    ? { ...alertOf({ ...record, id }, 'firing', at), via: 'notify' }
    : { ...alertOf({ ...record, id, ...ENDED, endsAt: at }, 'resolved', at), via: 'notify' }
}

const ENDED: Pick<AlertRecord, 'status' | 'endedBy'> = { status: 'resolved', endedBy: 'cleared' }
