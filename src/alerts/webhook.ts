import { MonitorError } from '../observation/errors.ts'
import { type AlertLabels, alertId } from './alert.ts'
import { type AlertBook, type AlertRecord, NEW_RECORD, recordsOf } from './book.ts'
import { ended } from './follow.ts'
import { webLink } from './link.ts'
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
/** Characters of a label that says which alert it is. */
const LONGEST_IDENTITY = 256
const IDENTITY = ['alertname', 'severity', 'kind', 'target', 'monitor', 'site'] as const

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

/** Whose webhook it is, and how far its word counts. */
export interface Speaker {
  /** Who finds alerts; where nobody but the monitor itself does, no webhook is heard. */
  mode: 'direct' | 'prometheus'
  /** Whether it came with the token: anybody on this machine may have sent one that did not. */
  isAuthenticated: boolean
}

/**
 * Brings the book to what Alertmanager told. What the monitor sees itself, too, stays one alert, which Alertmanager
 * has told people of; but only its word on what this monitor has posted, or on what Prometheus finds, keeps the monitor
 * from telling.
 *
 * @returns the book, the records that are news, firing ones as told by Alertmanager, and how many found no room
 */
export function followWebhook(
  book: AlertBook,
  alerts: readonly WebhookAlert[],
  speaker: Speaker,
  at: number,
): { book: AlertBook; fired: AlertRecord[]; refused: number } {
  const records: Record<string, AlertRecord> = { ...book.records }
  const fired: AlertRecord[] = []
  const own = byWhatItIsAbout(book)
  let room = MOST_FOREIGN - recordsOf(book).filter(({ source }) => source === 'alertmanager').length
  let refused = 0
  for (const alert of alerts) {
    if (alert.labels.alertname === WATCHDOG) continue
    const labels = labelsOf(alert)
    const id = alertId(labels)
    const known = Object.hasOwn(records, id) ? records[id] : own(labels)
    if (known === undefined) {
      if (alert.status === 'resolved') continue
      if (room <= 0) {
        refused += 1
        continue
      }
      room -= 1
      const record = recordOf(alert, labels, at)
      records[id] = record
      fired.push(record)
      continue
    }
    const next = heardAgain(known, alert, speaker, at)
    records[known.id] = next
    if (known.told === null && next.told !== null) fired.push(next)
  }
  return { book: { ...book, records }, fired, refused }
}

/** An alert that is known already, after Alertmanager has spoken of it. */
function heardAgain(known: AlertRecord, { status }: WebhookAlert, speaker: Speaker, at: number): AlertRecord {
  if (known.source === 'monitor') return known
  if (known.source === 'alertmanager') {
    if (status === 'resolved') return known.status === 'firing' ? ended(known, 'cleared', at) : known
    return { ...known, told: { via: 'alertmanager', at, accepted: known.told?.accepted ?? at }, takenUp: false }
  }
  if (status === 'resolved') return known
  const confirmed = speaker.isAuthenticated ? ({ confirmed: true } as const) : {}
  if (speaker.mode === 'direct') {
    // Only of what an Alertmanager has taken from this monitor can it say that people were told.
    const isPosted = known.told?.via === 'alertmanager' && known.told.accepted !== null
    return isPosted && known.told !== null ? { ...known, told: { ...known.told, at, ...confirmed } } : known
  }
  if (known.told === null) return { ...known, told: { via: 'alertmanager', at, accepted: at, ...confirmed } }
  if (known.told.via !== 'alertmanager') return known
  return { ...known, told: { ...known.told, at, accepted: known.told.accepted ?? at, ...confirmed } }
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

function recordOf({ annotations, labels: all, startsAt }: WebhookAlert, labels: AlertLabels, at: number): AlertRecord {
  const { summary = '', description = '', remedy = '' } = annotations
  const runbookUrl = webLink(annotations.runbook_url)
  const dashboardUrl = webLink(annotations.dashboard_url)
  const known = new Set(Object.keys(labels))
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
      summary: shortened([summary, description].filter((part) => part !== '').join(' '), LONGEST_SUMMARY),
      remedy: remedy
        .split('\n')
        .map((line) => shortened(line.replace(/^\s*\d+\.\s*/, ''), LONGEST_STEP))
        .filter((line) => line !== '')
        .slice(0, MOST_STEPS),
    },
    startsAt,
    raisedAt: at,
    told: { via: 'alertmanager', at, accepted: at },
    links: { ...(runbookUrl === null ? {} : { runbookUrl }), ...(dashboardUrl === null ? {} : { dashboardUrl }) },
  }
}

function shortened(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest - 1)}…` : text
}

function labelsOf({ labels }: WebhookAlert): AlertLabels {
  const { alertname = '', severity = '', kind = '', target = '', monitor = '', site = '' } = labels
  return { alertname, severity: severity === 'critical' ? 'critical' : 'warning', kind, target, monitor, site }
}

/** What was taken already, by the object that it was read from: the `alert` node gets what the `serve` node has read. */
const TAKEN = new WeakMap<object, { startsAt: unknown; alert: WebhookAlert }>()

function parseAlert(value: unknown): WebhookAlert {
  if (typeof value !== 'object' || value === null) return readAlert(value)
  const before = TAKEN.get(value)
  if (before !== undefined && isAsBefore(value, before)) return before.alert
  const alert = readAlert(value)
  TAKEN.set(value, { startsAt: (value as { startsAt?: unknown }).startsAt, alert })
  return alert
}

/** A flow may have changed it on its way. */
function isAsBefore(value: object, { startsAt, alert }: { startsAt: unknown; alert: WebhookAlert }): boolean {
  const now = value as Record<string, unknown>
  return (
    now.status === alert.status &&
    now.startsAt === startsAt &&
    areSame(now.labels, alert.labels) &&
    areSame(now.annotations ?? {}, alert.annotations)
  )
}

function areSame(value: unknown, texts: Record<string, string>): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const names = Object.keys(value)
  if (names.length !== Object.keys(texts).length) return false
  return names.every((name) => Object.hasOwn(texts, name) && (value as Record<string, unknown>)[name] === texts[name])
}

function readAlert(value: unknown): WebhookAlert {
  const { status, labels, annotations, startsAt } = (value ?? {}) as Record<string, unknown>
  if (status !== 'firing' && status !== 'resolved') throw invalid('the status of an alert must be firing or resolved')
  const parsed = texts('labels', labels)
  if (!parsed.alertname) throw invalid('an alert has no alertname')
  const long = IDENTITY.find((name) => (parsed[name]?.length ?? 0) > LONGEST_IDENTITY)
  if (long !== undefined) throw invalid(`${long} of an alert is longer than ${LONGEST_IDENTITY} characters`)
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
