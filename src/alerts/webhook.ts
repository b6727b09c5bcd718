import { MonitorError } from '../observation/errors.ts'
import { type AlertLabels, alertId } from './alert.ts'
import { type AlertBook, type AlertRecord, NEW_RECORD, recordsOf, withRecord } from './book.ts'
import { ended } from './follow.ts'
import { moment } from './moment.ts'

/** One alert of Alertmanager's webhook (payload version 4). Milliseconds since the epoch. */
export interface WebhookAlert {
  status: 'firing' | 'resolved'
  labels: Record<string, string>
  annotations: Record<string, string>
  startsAt: number
}

/** Bytes of a body that is read at all. */
export const LONGEST_BODY = 1_000_000

/** Bounds on what is taken from outside. */
const MOST_ALERTS = 1000
const MOST_LABELS = 64
const LONGEST_LABEL = 4096

/** The alert that Prometheus raises always, so that its absence says that something is broken. */
export const WATCHDOG = 'Watchdog'

/**
 * Takes the body of Alertmanager's webhook. Fields that a newer Alertmanager adds are passed over.
 *
 * @throws MonitorError `invalid-message`
 */
export function parseWebhook(body: unknown): WebhookAlert[] {
  const { alerts, version } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  if (!Array.isArray(alerts)) throw invalid('it has no list of alerts')
  if (version !== undefined && version !== '4') throw invalid('its version must be 4')
  if (alerts.length > MOST_ALERTS) throw invalid(`it has more than ${MOST_ALERTS} alerts`)
  return alerts.map(parseAlert)
}

/** Whether a payload is Alertmanager's webhook and not something else that an `alert` node takes. */
export function looksLikeWebhook(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && Array.isArray((payload as { alerts?: unknown }).alerts)
}

/** Whether the webhook carries a sign of life of Prometheus. */
export function hasWatchdog(alerts: readonly WebhookAlert[]): boolean {
  return alerts.some(({ labels, status }) => labels.alertname === WATCHDOG && status === 'firing')
}

/**
 * Brings the book to what Alertmanager told. What the monitor sees itself, too, stays one alert, which Alertmanager
 * has told people of.
 *
 * @returns the book and the records that are news, firing ones as told by Alertmanager
 */
export function followWebhook(
  book: AlertBook,
  alerts: readonly WebhookAlert[],
  at: number,
): { book: AlertBook; fired: AlertRecord[] } {
  let next = book
  const fired: AlertRecord[] = []
  for (const alert of alerts) {
    if (alert.labels.alertname === WATCHDOG) continue
    const labels = labelsOf(alert)
    const known = find(next, labels)
    if (alert.status === 'resolved') {
      if (known?.status === 'firing' && known.source === 'alertmanager')
        next = withRecord(next, ended(known, 'cleared', at))
    } else if (known === undefined) {
      const record = recordOf(alert, labels, at)
      next = withRecord(next, record)
      fired.push(record)
    } else if (known.told === null) {
      const record: AlertRecord = { ...known, told: { via: 'alertmanager', at, accepted: at, confirmed: true } }
      next = withRecord(next, record)
      fired.push(record)
    } else if (known.told.via === 'alertmanager') {
      next = withRecord(next, {
        ...known,
        told: { ...known.told, at, accepted: known.told.accepted ?? at, confirmed: true },
        takenUp: known.source === 'observation' && known.takenUp,
      })
    }
  }
  return { book: next, fired }
}

/** By what it is about: a Prometheus may name monitor and site in its own way. */
function find(book: AlertBook, labels: AlertLabels): AlertRecord | undefined {
  return (
    book.records[alertId(labels)] ??
    recordsOf(book).find(
      ({ source, labels: own }) =>
        source === 'observation' &&
        own.alertname === labels.alertname &&
        own.severity === labels.severity &&
        own.kind === labels.kind &&
        own.target === labels.target &&
        (labels.monitor === '' || own.monitor === labels.monitor),
    )
  )
}

function recordOf({ annotations, labels: all, startsAt }: WebhookAlert, labels: AlertLabels, at: number): AlertRecord {
  const {
    summary = '',
    description = '',
    runbook_url: runbookUrl,
    dashboard_url: dashboardUrl,
    remedy = '',
  } = annotations
  const known = new Set(Object.keys(labels))
  return {
    ...NEW_RECORD,
    id: alertId(labels),
    source: 'alertmanager',
    labels,
    userLabels: Object.fromEntries(Object.entries(all).filter(([name]) => !known.has(name))),
    issue: {
      type: labels.alertname.replace(/^Hmonitor/, ''),
      severity: labels.severity === 'critical' ? 'error' : 'warning',
      since: new Date(startsAt).toISOString(),
      summary: [summary, description].filter((part) => part !== '').join(' '),
      remedy: remedy
        .split('\n')
        .map((line) => line.replace(/^\s*\d+\.\s*/, ''))
        .filter((line) => line !== ''),
    },
    startsAt,
    raisedAt: at,
    told: { via: 'alertmanager', at, accepted: at },
    links: { ...(runbookUrl ? { runbookUrl } : {}), ...(dashboardUrl ? { dashboardUrl } : {}) },
  }
}

function labelsOf({ labels }: WebhookAlert): AlertLabels {
  const { alertname = '', severity = '', kind = '', target = '', monitor = '', site = '' } = labels
  return { alertname, severity: severity === 'critical' ? 'critical' : 'warning', kind, target, monitor, site }
}

function parseAlert(value: unknown): WebhookAlert {
  const { status, labels, annotations, startsAt } = (value ?? {}) as Record<string, unknown>
  if (status !== 'firing' && status !== 'resolved') throw invalid('the status of an alert must be firing or resolved')
  const parsed = texts('labels', labels)
  if (!parsed.alertname) throw invalid('an alert has no alertname')
  const start = moment(startsAt)
  if (Number.isNaN(start)) throw invalid('startsAt of an alert must be a time in ISO 8601')
  return { status, labels: parsed, annotations: texts('annotations', annotations ?? {}), startsAt: start }
}

function texts(name: string, value: unknown): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`${name} must be an object of texts`)
  const entries = Object.entries(value)
  if (entries.length > MOST_LABELS) throw invalid(`${name} has more than ${MOST_LABELS} entries`)
  for (const [, text] of entries) {
    if (typeof text !== 'string' || text.length > LONGEST_LABEL) {
      throw invalid(`${name} must be an object of texts of at most ${LONGEST_LABEL} characters`)
    }
  }
  return Object.fromEntries(entries) as Record<string, string>
}

function invalid(reason: string): MonitorError {
  return new MonitorError('invalid-message', `This is no webhook of Alertmanager: ${reason}`)
}
