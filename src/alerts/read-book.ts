import { type Alert, type AlertEnd, type AlertLabels, alertId } from '../observation/alert.ts'
import { isRecord, isText } from '../observation/shape.ts'
import { type AlertBook, type AlertRecord, NEW_RECORD, type RecentMessage, type Told } from './book.ts'
import { wholeIssue } from './follow.ts'
import { webLink } from './link.ts'
import { parseAlert } from './parse-alert.ts'
import type { KnownSilence } from './silence.ts'

/**
 * A book as it was read from disk, and how much of it could not be read. Null where it is none. Everything in it waits
 * to be seen again. Nothing is taken over but what a book has: a file may have been edited, or belong to something else.
 */
export function parseBook(value: unknown): { book: AlertBook; lost: number } | null {
  if (!isRecord(value) || value.version !== 1 || !isRecord(value.records)) return null
  const given = Object.entries(value.records)
  const records = given.flatMap(([id, record]) => recordFrom(id, record))
  const heard = isRecord(value.heard) ? value.heard : {}
  const book: AlertBook = {
    version: 1,
    records: Object.fromEntries(records.map((record) => [record.id, record])),
    recent: listOf(value.recent).flatMap(recentFrom),
    unpostedEnds: listOf(value.unpostedEnds).flatMap(alertFrom),
    silences: listOf(value.silences).flatMap(silenceFrom),
    heard: { prometheus: timeOr(heard.prometheus, null), alertmanager: timeOr(heard.alertmanager, null) },
  }
  return { book, lost: given.length - records.length }
}

const ENDS: readonly AlertEnd[] = ['cleared', 'not-expected', 'not-watched', 'superseded']

function recordFrom(id: string, value: unknown): AlertRecord[] {
  if (!isRecord(value) || !isRecord(value.issue)) return []
  const { source, status, startsAt } = value
  const labels = labelsFrom(value.labels)
  if (labels === null || alertId(labels) !== id || value.id !== id || !isTime(startsAt)) return []
  if (source !== 'observation' && source !== 'alertmanager' && source !== 'monitor') return []
  if (status !== 'firing' && status !== 'resolved') return []
  const { endedBy, mutedBy, acknowledged, silenced, links } = value
  const by = (said: unknown): string => (isRecord(said) && isText(said.by) ? said.by : '')
  const link = (name: string) => (isRecord(links) ? webLink(links[name]) : null)
  const [runbookUrl, dashboardUrl] = [link('runbookUrl'), link('dashboardUrl')]
  const record: AlertRecord = {
    ...NEW_RECORD,
    ...{ id, source, labels, status, startsAt, userLabels: textsFrom(value.userLabels) },
    issue: wholeIssue(value.issue, startsAt),
    endsAt: timeOr(value.endsAt, null),
    endedBy: ENDS.find((end) => end === endedBy) ?? null,
    raisedAt: timeOr(value.raisedAt, startsAt),
    notBefore: timeOr(value.notBefore, 0),
    told: toldFrom(value.told),
    ...(value.toldBefore !== undefined && { toldBefore: toldFrom(value.toldBefore) }),
    ...(Array.isArray(value.supersedes) && { supersedes: value.supersedes.filter(isText) }),
    acknowledged: isRecord(acknowledged) ? { by: by(acknowledged), at: timeOr(acknowledged.at, startsAt) } : null,
    silenced: isRecord(silenced) && isTime(silenced.until) ? { by: by(silenced), until: silenced.until } : null,
    mutedBy: isText(mutedBy) ? mutedBy : null,
    effects: listOf(value.effects).filter(isText),
    takenUp: true,
    goneSince: timeOr(value.goneSince, null),
    links: { ...(runbookUrl === null ? {} : { runbookUrl }), ...(dashboardUrl === null ? {} : { dashboardUrl }) },
  }
  return [record]
}

function toldFrom(value: unknown): Told | null {
  if (!isRecord(value) || !isTime(value.at) || (value.via !== 'notify' && value.via !== 'alertmanager')) return null
  const told = { via: value.via, at: value.at, accepted: timeOr(value.accepted, null) } as const
  return value.confirmed === true ? { ...told, confirmed: true } : told
}

function labelsFrom(value: unknown): AlertLabels | null {
  if (!isRecord(value)) return null
  const { alertname, severity, kind, target, monitor, site } = value
  if (severity !== 'critical' && severity !== 'warning') return null
  if (!isText(alertname) || !isText(kind) || !isText(target) || !isText(monitor) || !isText(site)) return null
  return { alertname, severity, kind, target, monitor, site }
}

function recentFrom(value: unknown): RecentMessage[] {
  if (!isRecord(value) || !isTime(value.at)) return []
  const { at } = value
  return alertFrom(value.alert).map((alert) => ({ alert, at }))
}

function alertFrom(value: unknown): Alert[] {
  try {
    const alert = parseAlert(value)
    return alert === null ? [] : [alert]
  } catch {
    return []
  }
}

function silenceFrom(value: unknown): KnownSilence[] {
  if (!isRecord(value)) return []
  const { id, matchers, startsAt, endsAt } = value
  if (!isText(id) || !isTime(startsAt) || !isTime(endsAt) || !Array.isArray(matchers) || matchers.length === 0)
    return []
  const parsed = matchers.flatMap((matcher: unknown) => {
    if (!isRecord(matcher) || !isText(matcher.name) || !isText(matcher.value)) return []
    const { name, value: text, isRegex, isEqual } = matcher
    return [{ name, value: text, isRegex: isRegex === true, isEqual: isEqual !== false }]
  })
  // One that is not understood whole would mute more than it should.
  return parsed.length === matchers.length ? [{ id, matchers: parsed, startsAt, endsAt }] : []
}

function textsFrom(value: unknown): Record<string, string> {
  const entries = Object.entries(isRecord(value) ? value : {})
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => isText(entry[1])))
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

/** Milliseconds since the epoch, within what a date can hold. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 8.64e15
}

function timeOr<T>(value: unknown, otherwise: T): number | T {
  return isTime(value) ? value : otherwise
}
