import type { AlertEnd, AlertSeverity, Via } from '../observation/alert.ts'
import type { Diagnosis, Location } from '../observation/diagnosis.ts'
import type { Assessment, Incident, TimelineEntry } from '../observation/incident.ts'
import { messageOrNull, messagesIn, wholeIssue } from '../observation/messages.ts'
import type { Issue } from '../observation/observation.ts'
import { isRecord } from '../observation/shape.ts'

/** All times here are milliseconds since the epoch, because they survive a restart. */
export interface MemberAlert {
  readonly id: string
  readonly alertname: string
  readonly severity: AlertSeverity
  readonly kind: string
  readonly target: string
  readonly issue: Issue
  readonly labels: Readonly<Record<string, string>>
  /** Targets that are affected because of this one. */
  readonly effects: readonly string[]
  readonly startsAt: number
  readonly endsAt: number | null
  /** As far as that was said. */
  readonly endedBy: AlertEnd | null
  /** People are to know of it: its own holds are over, and nothing mutes it. */
  readonly isTold: boolean
  /** An `alert` node of this monitor has it: what none has any more is over. */
  readonly isOwn: boolean
  /** It came by webhook: somebody else judges it, and tells people of it. */
  readonly isForeign: boolean
  /** When it last came by message. */
  readonly heardAt: number
  readonly acknowledgedBy: string | null
  readonly silencedUntil: number | null
}

/** What people were told, and when. */
export interface Told {
  readonly at: number
  readonly severity: AlertSeverity
  readonly location: Location | null
}

export interface IncidentRecord {
  readonly id: string
  readonly monitor: string
  readonly site: string
  readonly status: 'open' | 'ended'
  /** The worst of what fires; where nothing does, the worst there was. */
  readonly severity: AlertSeverity
  readonly startsAt: number
  /** When the last of its alerts ended; null while one fires. */
  readonly endsAt: number | null
  readonly alerts: Readonly<Record<string, MemberAlert>>
  readonly diagnosis: Diagnosis | null
  /** The causes that it had, the oldest first. */
  readonly assessments: readonly Assessment[]
  /** An alert of the worst severity has ended since one came last: what is left says less of the cause. */
  readonly isReceding: boolean
  readonly told: Told | null
  /** Another location that is more likely now, and since when: it is taken over when that lasts. */
  readonly candidate: { readonly location: Location | null; readonly since: number } | null
  /** What people were told of the cause, where another location has taken its place since. */
  readonly turnedFrom: Diagnosis | null
  /** Since when the likely location is another one than people were told. */
  readonly elsewhereSince: number | null
  readonly via: Via
  readonly acknowledged: { readonly by: string; readonly at: number } | null
  readonly silenced: { readonly by: string; readonly until: number } | null
  readonly mergedInto: string | null
  /** It was counted when it ended, and is not counted again. */
  readonly isCounted: boolean
  readonly timeline: readonly TimelineEntry[]
}

/** What was sent and might be lost if the process ended before the receiver has it on disk. */
interface RecentMessage {
  readonly incident: Incident
  readonly at: number
}

/** Everything that `incident` knows: plain JSON, so that it is kept over a restart as it is. */
export interface IncidentBook {
  readonly version: 1
  readonly records: Readonly<Record<string, IncidentRecord>>
  readonly recent: readonly RecentMessage[]
}

export const EMPTY_BOOK: IncidentBook = { version: 1, records: {}, recent: [] }

/** What every new record begins with. */
export const NEW_INCIDENT = {
  status: 'open',
  severity: 'warning',
  endsAt: null,
  alerts: {},
  diagnosis: null,
  assessments: [],
  isReceding: false,
  told: null,
  candidate: null,
  turnedFrom: null,
  elsewhereSince: null,
  via: 'notify',
  acknowledged: null,
  silenced: null,
  mergedInto: null,
  isCounted: false,
  timeline: [],
} as const satisfies Partial<IncidentRecord>

/** The oldest first, so that the book's own order says nothing. */
export function recordsOf(book: IncidentBook): IncidentRecord[] {
  return Object.values(book.records).sort((one, other) => one.startsAt - other.startsAt || (one.id < other.id ? -1 : 1))
}

/**
 * The book as it is when the clock was set: what is waited for is as near as before. When something began and ended stays,
 * since others know it by that; only what goes on has not ended in the future.
 *
 * @param by milliseconds, forward
 */
export function movedBook(book: IncidentBook, by: number): IncidentBook {
  const at = (time: number) => Math.max(0, time + by)
  const orNull = (time: number | null) => (time === null ? null : at(time))
  return mapped(book, at, (record) => ({
    ...record,
    endsAt: record.status === 'open' ? orNull(record.endsAt) : record.endsAt,
    told: record.told && { ...record.told, at: at(record.told.at) },
    candidate: record.candidate && { ...record.candidate, since: at(record.candidate.since) },
    elsewhereSince: orNull(record.elsewhereSince),
    silenced: record.silenced && { ...record.silenced, until: at(record.silenced.until) },
    alerts: mapValues(record.alerts, (alert) => ({
      ...alert,
      endsAt: record.status === 'open' ? orNull(alert.endsAt) : alert.endsAt,
      heardAt: at(alert.heardAt),
    })),
  }))
}

/** The book of an earlier process, whose clock may have been ahead: what would have been in the future was now. */
export function bookNotAfter(book: IncidentBook, now: number): IncidentBook {
  const at = (time: number) => Math.min(time, now)
  const orNull = (time: number | null) => (time === null ? null : at(time))
  return mapped(book, at, (record) => ({
    ...record,
    endsAt: orNull(record.endsAt),
    told: record.told && { ...record.told, at: at(record.told.at) },
    candidate: record.candidate && { ...record.candidate, since: at(record.candidate.since) },
    elsewhereSince: orNull(record.elsewhereSince),
    alerts: mapValues(record.alerts, (alert) => ({
      ...alert,
      endsAt: orNull(alert.endsAt),
      heardAt: at(alert.heardAt),
    })),
  }))
}

function mapped(
  book: IncidentBook,
  at: (time: number) => number,
  move: (record: IncidentRecord) => IncidentRecord,
): IncidentBook {
  return {
    ...book,
    records: mapValues(book.records, move),
    recent: book.recent.map((message) => ({ ...message, at: at(message.at) })),
  }
}

function mapValues<T>(table: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(table).map(([key, value]) => [key, change(value)]))
}

/** A book as it was read from disk, and how much of it could not be read. Null where it is none. */
export function parseBook(value: unknown): { book: IncidentBook; lost: number } | null {
  if (!isRecord(value) || value.version !== 1 || !isRecord(value.records)) return null
  const given = Object.entries(value.records)
  const records = given.flatMap(([id, record]) => recordFrom(id, record))
  return {
    book: {
      version: 1,
      records: Object.fromEntries(records.map((record) => [record.id, record])),
      recent: recordedIncidents(value.recent),
    },
    lost: given.length - records.length,
  }
}

/** The incidents of a list on disk with the time of each. What cannot be read is left out. */
function recordedIncidents(list: unknown): RecentMessage[] {
  return messagesIn<RecentMessage>('recordedIncident', list)
}

type GivenRecord = Pick<IncidentRecord, 'id' | 'monitor' | 'site' | 'status' | 'startsAt'> & Partial<IncidentRecord>

function recordFrom(id: string, value: unknown): IncidentRecord[] {
  const given = messageOrNull<GivenRecord>('incidentRecord', value)
  if (given === null || given.id !== id) return []
  const alerts = Object.values(given.alerts ?? {}).map((alert) => [
    alert.id,
    {
      ...alert,
      isForeign: alert.isForeign === true,
      issue: wholeIssue(alert.issue, new Date(alert.startsAt).toISOString()),
    },
  ])
  return [{ ...NEW_INCIDENT, ...given, alerts: Object.fromEntries(alerts) }]
}

/** What a restart must know. Numbers that change with every observation are not in it. */
export function outlineOf({ records, recent }: IncidentBook): string {
  const lives = Object.values(records).map((record) => {
    const { alerts, diagnosis, assessments, candidate, turnedFrom, elsewhereSince, ...life } = record
    const members = Object.values(alerts).map(({ issue, effects, heardAt, ...alert }) => alert)
    return [life, diagnosis?.cause, assessments.length, members]
  })
  return JSON.stringify([lives, recent.length])
}
