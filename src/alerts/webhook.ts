import { type Alert, type AlertLabels, alertId, CLUSTER_LABEL, webLinks } from '../observation/alert.ts'
import { parseMessage } from '../observation/messages.ts'
import { truncate } from '../observation/words.ts'
import { type AlertBook, type AlertRecord, NEW_RECORD, recordsOf } from './book.ts'
import { alertOf } from './decide.ts'
import { endAlert } from './follow.ts'

/** One alert of Alertmanager's webhook (payload version 4). Milliseconds since the epoch. */
export interface WebhookAlert {
  status: 'firing' | 'resolved'
  labels: Record<string, string>
  annotations: Record<string, string>
  startsAt: number
  /** 16 hexadecimal digits that only these labels have; absent where who posts it gives none. */
  fingerprint?: string
}

/** Bytes of a body that is read at all. */
export const LONGEST_BODY = 1_000_000

/** Alerts of others that are kept at once, and what is kept of each: together they stay below some megabytes. */
export const MOST_FOREIGN = 500
const MOST_KEPT_LABELS = 20
const LONGEST_KEPT_LABEL = 200
const LONGEST_SUMMARY = 1000
const MOST_STEPS = 10
const LONGEST_STEP = 300

/** Why a webhook is refused in the mode `none`. */
export const WEBHOOK_NOT_IN_USE =
  'This monitor sends its alerts itself and listens to no Alertmanager. To use one, set ALERTMANAGER_URLS, and ALERT_SOURCE=prometheus where the rules of Prometheus find the alerts'

/** The alert that Prometheus raises always, so that its absence says that something is broken. */
const WATCHDOG = 'Watchdog'

/**
 * Takes the body of Alertmanager's webhook. Fields that a newer Alertmanager adds are passed over.
 *
 * @throws MonitorError `invalid-message`
 */
export function parseWebhook(body: unknown): WebhookAlert[] {
  const { alerts } = parseMessage<{ alerts: WebhookBodyAlert[] }>('webhook', body, 'webhook of Alertmanager')
  return alerts.map(({ annotations, startsAt, ...alert }) => ({
    ...alert,
    annotations: annotations ?? {},
    startsAt: Date.parse(startsAt),
  }))
}

type WebhookBodyAlert = Omit<WebhookAlert, 'annotations' | 'startsAt'> & {
  annotations?: Record<string, string> | null
  startsAt: string
}

/** Whether a payload is Alertmanager's webhook and not something else that an `alert` node takes. */
export function looksLikeWebhook(payload: unknown): boolean {
  return typeof payload === 'object' && payload !== null && Array.isArray((payload as { alerts?: unknown }).alerts)
}

/** Whether the webhook carries a sign of life of Prometheus. */
function hasWatchdog(alerts: readonly WebhookAlert[]): boolean {
  return alerts.some((alert) => isWatchdog(alert) && alert.status === 'firing')
}

export function isWatchdog({ labels }: WebhookAlert): boolean {
  return labels.alertname === WATCHDOG
}

/** Whose webhook it is, and how far its word counts. */
export interface Speaker {
  /** Who finds alerts; where nobody but the monitor itself does, no webhook is heard. */
  mode: 'direct' | 'prometheus'
  /** Whether it came with the token: anybody on this machine may have sent one that did not. */
  isAuthenticated: boolean
  /** Whether this monitor itself judges what such an alert says: then only its own judgement counts. */
  judges(labels: AlertLabels): boolean
}

/**
 * Brings the book to what Alertmanager told. What the monitor sees itself, too, stays one alert, which Alertmanager
 * has told people of; but only its word on what this monitor has posted, or on what Prometheus finds, keeps the monitor
 * from telling. What this monitor judges and sees as well is taken from nobody: Prometheus carries on for a minute what
 * fired before a restart, and the word that it is over is never said of what is inhibited.
 *
 * @returns the book, what is news, firing as told by Alertmanager, and how many found no room
 */
export function followWebhook(
  book: AlertBook,
  alerts: readonly WebhookAlert[],
  speaker: Speaker,
  at: number,
): { book: AlertBook; news: Alert[]; refused: number } {
  const records: Record<string, AlertRecord> = { ...book.records }
  const fired: AlertRecord[] = []
  const own = byWhatItIsAbout(book)
  let room = MOST_FOREIGN - recordsOf(book).filter(({ source }) => source === 'alertmanager').length
  let refused = 0
  for (const alert of alerts) {
    if (isWatchdog(alert)) continue
    const labels = labelsOf(alert)
    const id = alertId(labels)
    const known = Object.hasOwn(records, id) ? records[id] : own(labels)
    if (known === undefined) {
      if (alert.status === 'resolved' || speaker.judges(labels)) continue
      if (room <= 0) {
        refused += 1
        continue
      }
      room -= 1
      const record = recordOf(alert, at)
      records[id] = record
      fired.push(record)
      continue
    }
    const next = heardAgain(known, alert, speaker, at)
    records[known.id] = next
    if (known.notified === null && next.notified !== null) fired.push(next)
  }
  const news = fired.map((record) => alertOf(record, 'firing', at))
  // Of Alertmanager itself only its own answers are signs of life: a webhook can come from anybody.
  const isAlive = hasWatchdog(alerts) && (speaker.mode === 'prometheus' || speaker.isAuthenticated)
  const heard = isAlive ? { ...book.heard, prometheus: at } : book.heard
  const recent = [...book.recent, ...news.map((alert) => ({ alert, at }))]
  return { book: { ...book, records, recent, heard }, news, refused }
}

/** An alert that is known already, after Alertmanager has spoken of it. */
function heardAgain(known: AlertRecord, { status }: WebhookAlert, speaker: Speaker, at: number): AlertRecord {
  if (known.source === 'monitor') return known
  if (known.source === 'alertmanager') {
    if (status === 'resolved') return known.status === 'firing' ? endAlert(known, 'cleared', at) : known
    return { ...known, notified: { via: 'alertmanager', at, accepted: known.notified?.accepted ?? at }, takenUp: false }
  }
  if (status === 'resolved') return known
  const confirmed = speaker.isAuthenticated ? ({ confirmed: true } as const) : {}
  if (speaker.mode === 'direct') {
    // Only of what an Alertmanager has taken from this monitor can it say that people were told.
    const isPosted = known.notified?.via === 'alertmanager' && known.notified.accepted !== null
    return isPosted && known.notified !== null ? { ...known, notified: { ...known.notified, at, ...confirmed } } : known
  }
  if (known.notified === null) return { ...known, notified: { via: 'alertmanager', at, accepted: at, ...confirmed } }
  if (known.notified.via !== 'alertmanager') return known
  return { ...known, notified: { ...known.notified, at, accepted: known.notified.accepted ?? at, ...confirmed } }
}

/** What the monitor sees itself, by what it is about: a Prometheus may name monitor and site in its own way. */
function byWhatItIsAbout(book: AlertBook): (labels: AlertLabels) => AlertRecord | undefined {
  const keyOf = ({ alertname, severity, kind, target }: AlertLabels) =>
    JSON.stringify([alertname, severity, kind, target])
  const own = new Map<string, AlertRecord>()
  for (const record of recordsOf(book)) if (record.source === 'observation') own.set(keyOf(record.labels), record)
  return (labels) => {
    const found = own.get(keyOf(labels))
    return labels.monitor === '' || found?.labels.monitor === labels.monitor ? found : undefined
  }
}

/** An alert of others that fires, as Alertmanager tells of it. @param at milliseconds since the epoch */
export function recordOf(alert: WebhookAlert, at: number): AlertRecord {
  const { annotations, labels: all, startsAt } = alert
  const labels = labelsOf(alert)
  const { summary = '', description = '', remedy = '' } = annotations
  const known = new Set([...Object.keys(labels), CLUSTER_LABEL])
  const userLabels = Object.entries(all)
    .filter(
      ([name, text]) => !known.has(name) && name.length <= LONGEST_KEPT_LABEL && text.length <= LONGEST_KEPT_LABEL,
    )
    .slice(0, MOST_KEPT_LABELS)
  return {
    ...NEW_RECORD,
    id: alertId(labels),
    source: 'alertmanager',
    labels,
    userLabels: Object.fromEntries(userLabels),
    issue: {
      type: labels.alertname.replace(/^Hmonitor/, ''),
      severity: labels.severity === 'critical' ? 'error' : 'warning',
      since: new Date(startsAt).toISOString(),
      summary: truncate([summary, description].filter((part) => part !== '').join(' '), LONGEST_SUMMARY),
      remedy: remedy
        .split('\n')
        .map((line) => truncate(line.replace(/^\s*\d+\.\s*/, ''), LONGEST_STEP))
        .filter((line) => line !== '')
        .slice(0, MOST_STEPS),
    },
    startsAt,
    raisedAt: at,
    notified: { via: 'alertmanager', at, accepted: at },
    links: webLinks({ runbookUrl: annotations.runbook_url, dashboardUrl: annotations.dashboard_url }),
  }
}

function labelsOf({ labels }: WebhookAlert): AlertLabels {
  const { alertname = '', severity = '', kind = '', target = '', monitor = '', site = '' } = labels
  return { alertname, severity: severity === 'critical' ? 'critical' : 'warning', kind, target, monitor, site }
}
