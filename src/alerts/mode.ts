import { type Alert, type AlertLabels, alertId } from '../observation/alert.ts'
import { MonitorError } from '../observation/errors.ts'
import { type Environment, variable } from '../secrets/variables.ts'
import type { PostableAlert } from './alertmanager.ts'
import { type AlertBook, type AlertRecord, recordsOf } from './book.ts'
import { PERHAPS_UNSENT } from './timing.ts'

/**
 * Who finds and tells alerts: `none`: the monitor both; `direct`: the monitor finds, Alertmanager tells; `prometheus`:
 * Prometheus finds, Alertmanager tells, and the monitor shows.
 */
export type AlertMode =
  | { mode: 'none' }
  | { mode: 'direct'; alertmanagers: string[] }
  /** Without addresses nothing is known of silences, and nobody notices that Alertmanager stops but by its silence. */
  | { mode: 'prometheus'; alertmanagers: string[] }

/**
 * Reads ALERT_SOURCE and ALERTMANAGER_URLS.
 *
 * @throws MonitorError `invalid-alerting` that names the variable
 */
export function readMode(variables: Environment): AlertMode {
  const source = variable(variables, 'ALERT_SOURCE').toLowerCase() || 'direct'
  if (source !== 'direct' && source !== 'prometheus') {
    throw new MonitorError('invalid-alerting', 'ALERT_SOURCE must be direct or prometheus')
  }
  const alertmanagers = variable(variables, 'ALERTMANAGER_URLS')
    .split(/[\s,]+/)
    .filter((url) => url !== '')
  for (const url of alertmanagers) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? '')) {
      throw new MonitorError(
        'invalid-alerting',
        'ALERTMANAGER_URLS must hold addresses that begin with http:// or https://',
      )
    }
  }
  if (source === 'prometheus') return { mode: 'prometheus', alertmanagers }
  return alertmanagers.length > 0 ? { mode: 'direct', alertmanagers } : { mode: 'none' }
}

/** Notes what an Alertmanager has taken: when it first did, and which ends need not be posted again. */
export function acceptedBy(book: AlertBook, alerts: readonly PostableAlert[], at: number): AlertBook {
  const taken = new Set(alerts.map(({ labels, startsAt }) => keyOf(labels, startsAt)))
  const records: Record<string, AlertRecord> = {}
  for (const record of recordsOf(book)) {
    const isTaken = taken.has(keyOf({ ...record.labels }, new Date(record.startsAt).toISOString()))
    const { notified } = record
    const isFirst = isTaken && notified?.via === 'alertmanager' && notified.accepted === null
    records[record.id] = isFirst ? { ...record, notified: { ...notified, accepted: at } } : record
  }
  const ended = new Set(
    alerts.filter(({ endsAt }) => Date.parse(endsAt) <= at).map((alert) => keyOf(alert.labels, alert.startsAt)),
  )
  const unpostedEnds = book.unpostedEnds.filter((alert) => !ended.has(keyOf(labelsOf(alert), alert.startsAt)))
  return { ...book, records, unpostedEnds }
}

/**
 * When no Alertmanager answers any more: what none has taken, or took just before it fell silent and so perhaps told
 * nobody, is to be told by `notify`. Of the latter people may hear twice, unless its webhook said that it told them.
 */
export function returnToNotify(book: AlertBook): { book: AlertBook; ends: Alert[] } {
  const last = book.heard.alertmanager ?? 0
  const records: Record<string, AlertRecord> = {}
  for (const record of recordsOf(book)) {
    const { notified, status } = record
    const isUnsent =
      status === 'firing' &&
      notified?.via === 'alertmanager' &&
      notified.confirmed !== true &&
      (notified.accepted === null || notified.accepted > last - PERHAPS_UNSENT)
    records[record.id] = isUnsent ? { ...record, notified: null } : record
  }
  return { book: { ...book, records, unpostedEnds: [] }, ends: [...book.unpostedEnds] }
}

/**
 * When Prometheus is quiet: what only a webhook without the token said is told of was perhaps told nobody, and `notify`
 * tells it.
 */
export function withoutUnconfirmed(book: AlertBook): AlertBook {
  const isUnsure = ({ source, status, notified }: AlertRecord) =>
    source === 'observation' && status === 'firing' && notified?.via === 'alertmanager' && notified.confirmed !== true
  return forgetNotified(book, isUnsure)
}

/** For a monitor that tells itself: no Alertmanager tells of anything any more, and what came from one is not kept. */
export function withoutAlertmanager(book: AlertBook): AlertBook {
  const own = recordsOf(book).filter(({ source }) => source !== 'alertmanager')
  const records = Object.fromEntries(own.map((record) => [record.id, record]))
  return forgetNotified({ ...book, records, unpostedEnds: [] }, ({ notified }) => notified?.via === 'alertmanager')
}

function forgetNotified(book: AlertBook, isForgotten: (record: AlertRecord) => boolean): AlertBook {
  if (!recordsOf(book).some(isForgotten)) return book
  const entries = recordsOf(book).map((record) => [
    record.id,
    isForgotten(record) ? { ...record, notified: null } : record,
  ])
  return { ...book, records: Object.fromEntries(entries) }
}

function keyOf(labels: Readonly<Record<string, string>>, startsAt: string): string {
  const { alertname = '', severity = '', kind = '', target = '', monitor = '', site = '' } = labels
  const known = { alertname, severity, kind, target, monitor, site } as AlertLabels
  return `${alertId(known)} ${startsAt}`
}

function labelsOf({ alertname, severity, kind, target, monitor, site }: Alert): Record<string, string> {
  return { alertname, severity, kind, target, monitor, site }
}
