import { type Alert, alertId, webLinks } from '../observation/alert.ts'
import { messageOrNull, messagesIn, wholeAlert, wholeIssue } from '../observation/messages.ts'
import { isRecord } from '../observation/shape.ts'
import { type AlertBook, type AlertRecord, EMPTY_BOOK, NEW_RECORD, type RecentMessage } from './book.ts'
import { knownSilences } from './silence.ts'

/**
 * A book as it was read from disk, and how much of it could not be read. Null where it is none. Everything in it waits
 * to be seen again. Nothing is taken over but what a book has: a file may have been edited, or belong to something else.
 */
export function parseBook(value: unknown): { book: AlertBook; lost: number } | null {
  if (!isRecord(value) || value.version !== 1 || !isRecord(value.records)) return null
  const given = Object.entries(value.records)
  const records = given.flatMap(([id, record]) => recordFrom(id, record))
  const frame = { version: 1, records: {}, heard: value.heard ?? {} }
  const book: AlertBook = {
    version: 1,
    records: Object.fromEntries(records.map((record) => [record.id, record])),
    recent: recordedAlerts(value.recent),
    unpostedEnds: messagesIn<Alert>('alert', value.unpostedEnds).map(wholeAlert),
    silences: knownSilences(value.silences),
    heard: { ...EMPTY_BOOK.heard, ...messageOrNull<AlertBook>('alertBook', frame)?.heard },
  }
  return { book, lost: given.length - records.length }
}

/** The alerts of a list on disk with the time of each, whole. What cannot be read is left out. */
export function recordedAlerts(list: unknown): RecentMessage[] {
  return messagesIn<RecentMessage>('recordedAlert', list).map(({ alert, at }) => ({ alert: wholeAlert(alert), at }))
}

/** What every version has written; the rest has begun to be written since. */
type GivenRecord = Pick<AlertRecord, 'id' | 'source' | 'labels' | 'issue' | 'status' | 'startsAt'> &
  Partial<AlertRecord>

function recordFrom(id: string, value: unknown): AlertRecord[] {
  const given = messageOrNull<GivenRecord>('alertRecord', value)
  if (given === null || given.id !== id || alertId(given.labels) !== id) return []
  const { startsAt, raisedAt = startsAt, links = {} } = given
  const issue = wholeIssue(given.issue, new Date(startsAt).toISOString())
  return [{ ...NEW_RECORD, ...given, raisedAt, issue, takenUp: true, links: webLinks(links) }]
}
