import { type Alert, type AlertLabels, alertId } from './alert.ts'
import type { PostableAlert } from './alertmanager.ts'
import { type AlertBook, type AlertRecord, recordsOf } from './book.ts'
import { PERHAPS_UNTOLD } from './timing.ts'

/** Notes what an Alertmanager has taken: when it first did, and which ends need not be posted again. */
export function acceptedBy(book: AlertBook, alerts: readonly PostableAlert[], at: number): AlertBook {
  const taken = new Set(alerts.map(({ labels, startsAt }) => keyOf(labels, startsAt)))
  const records: Record<string, AlertRecord> = {}
  for (const record of recordsOf(book)) {
    const isTaken = taken.has(keyOf({ ...record.labels }, new Date(record.startsAt).toISOString()))
    const { told } = record
    const isFirst = isTaken && told?.via === 'alertmanager' && told.accepted === null
    records[record.id] = isFirst ? { ...record, told: { ...told, accepted: at } } : record
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
export function retold(book: AlertBook): { book: AlertBook; ends: Alert[] } {
  const last = book.heard.alertmanager ?? 0
  const records: Record<string, AlertRecord> = {}
  for (const record of recordsOf(book)) {
    const { told, status } = record
    const isUntold =
      status === 'firing' &&
      told?.via === 'alertmanager' &&
      told.confirmed !== true &&
      (told.accepted === null || told.accepted > last - PERHAPS_UNTOLD)
    records[record.id] = isUntold ? { ...record, told: null } : record
  }
  return { book: { ...book, records, unpostedEnds: [] }, ends: [...book.unpostedEnds] }
}

function keyOf(labels: Readonly<Record<string, string>>, startsAt: string): string {
  const { alertname = '', severity = '', kind = '', target = '', monitor = '', site = '' } = labels
  const known = { alertname, severity, kind, target, monitor, site } as AlertLabels
  return `${alertId(known)} ${startsAt}`
}

function labelsOf({ alertname, severity, kind, target, monitor, site }: Alert): Record<string, string> {
  return { alertname, severity, kind, target, monitor, site }
}
