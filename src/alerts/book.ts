import { type Alert, type AlertEnd, type AlertLabels, alertId, type Via, webLinks } from '../observation/alert.ts'
import type { Diagnosis, Location } from '../observation/diagnosis.ts'
import { messageOrNull, messagesIn, wholeAlert, wholeIssue } from '../observation/messages.ts'
import type { Issue } from '../observation/observation.ts'
import { isRecord } from '../observation/shape.ts'
import type { JsonFile } from '../storage/json-file.ts'
import { type KnownSilence, knownSilences } from './silence.ts'
import { AFTER_CAUSE } from './timing.ts'

/** All times here are milliseconds since the epoch, because they survive a restart. */
export interface AlertRecord {
  readonly id: string
  /** `observation`: of a watched target; `alertmanager`: came by webhook; `monitor`: the dead-man's switch. */
  readonly source: 'observation' | 'alertmanager' | 'monitor'
  readonly labels: AlertLabels
  readonly userLabels: Readonly<Record<string, string>>
  readonly issue: Issue
  /** Where the fault was when that was last asked; absent where it was not. */
  readonly diagnosis?: Diagnosis
  readonly status: 'firing' | 'resolved'
  /** When the fault began. */
  readonly startsAt: number
  readonly endsAt: number | null
  readonly endedBy: AlertEnd | null
  /** When this monitor first saw it: the holds count from here. */
  readonly raisedAt: number
  /** Nothing is told before: an effect whose cause has just ended is given time to end as well. */
  readonly notBefore: number
  /** When people were last told that it fires, and by whom. */
  readonly notified: Notified | null
  /** The same of an alert that this one superseded: where people know of that, they are told when it is over. */
  readonly notifiedBefore?: Notified | null
  /** The ids of the alerts that this one superseded. */
  readonly supersedes?: readonly string[]
  /** Where the fault was when it was last said. */
  readonly toldLocation?: Location | null
  readonly acknowledged: { readonly by: string; readonly at: number } | null
  readonly silenced: { readonly by: string; readonly until: number } | null
  /** The id of the alert that mutes this one. */
  readonly mutedBy: string | null
  readonly effects: readonly string[]
  /** It was read from disk, and no observation has said anything of it since. */
  readonly takenUp: boolean
  /** Taken up and not among the issues since then, while its target was measured. */
  readonly absentSince: number | null
  /** Since when its target has not been watched. */
  readonly goneSince: number | null
  readonly links: { readonly runbookUrl?: string; readonly dashboardUrl?: string }
}

export interface Notified {
  readonly via: Via
  readonly at: number
  /** When an Alertmanager took it; null until then, and where `notify` tells. */
  readonly accepted: number | null
  /** The Alertmanager has told its receivers: its webhook came here. */
  readonly confirmed?: true
}

/** What was sent and might be lost if the process ended before the receiver has it on disk. */
interface RecentMessage {
  readonly alert: Alert
  readonly at: number
}

/** Everything that `alert` knows: plain JSON, so that it is kept over a restart as it is. */
export interface AlertBook {
  readonly version: 1
  readonly records: Readonly<Record<string, AlertRecord>>
  readonly recent: readonly RecentMessage[]
  /** Resolved, and no Alertmanager has taken that yet. */
  readonly unpostedEnds: readonly Alert[]
  /** As Alertmanager last listed them. */
  readonly silences: readonly KnownSilence[]
  /** When something was last heard of each; null: never. */
  readonly heard: { readonly prometheus: number | null; readonly alertmanager: number | null }
}

/** Ids of what came by webhook: somebody else judges it, and tells people of it. */
export function foreignIn(book: AlertBook): ReadonlySet<string> {
  const foreign = Object.values(book.records).filter(({ source }) => source === 'alertmanager')
  return new Set(foreign.map(({ id }) => id))
}

export const EMPTY_BOOK: AlertBook = {
  version: 1,
  records: {},
  recent: [],
  unpostedEnds: [],
  silences: [],
  heard: { prometheus: null, alertmanager: null },
}

/** What every new record begins with. */
export const NEW_RECORD = {
  userLabels: {},
  status: 'firing',
  endsAt: null,
  endedBy: null,
  notBefore: 0,
  notified: null,
  acknowledged: null,
  silenced: null,
  mutedBy: null,
  effects: [],
  takenUp: false,
  absentSince: null,
  goneSince: null,
  links: {},
} as const satisfies Partial<AlertRecord>

/** Puts a record in the place of the one with its id. */
export function withRecord(book: AlertBook, record: AlertRecord): AlertBook {
  return { ...book, records: { ...book.records, [record.id]: record } }
}

/**
 * The book as it is when the clock was set: holds, reminders, silences and what was heard last are as long ago, or as
 * near, as before. When a fault began stays, since others know it by that.
 *
 * @param by milliseconds, forward
 */
export function movedBook(book: AlertBook, by: number): AlertBook {
  const at = (time: number) => Math.max(0, time + by)
  const orNull = (time: number | null) => (time === null ? null : at(time))
  const moved = (notified: Notified | null) =>
    notified === null ? null : { ...notified, at: at(notified.at), accepted: orNull(notified.accepted) }
  const records = recordsOf(book).map((record): [string, AlertRecord] => [
    record.id,
    {
      ...record,
      raisedAt: at(record.raisedAt),
      notBefore: at(record.notBefore),
      notified: moved(record.notified),
      ...(record.notifiedBefore !== undefined && { notifiedBefore: moved(record.notifiedBefore) }),
      silenced: record.silenced && { ...record.silenced, until: at(record.silenced.until) },
      absentSince: orNull(record.absentSince),
      goneSince: orNull(record.goneSince),
    },
  ])
  return {
    ...book,
    records: Object.fromEntries(records),
    recent: book.recent.map((message) => ({ ...message, at: at(message.at) })),
    heard: { prometheus: orNull(book.heard.prometheus), alertmanager: orNull(book.heard.alertmanager) },
  }
}

/**
 * The book to begin with: the one that a node before left, or the one on disk.
 *
 * @param now milliseconds since the epoch
 */
export function bookAtStart(left: AlertBook | null, file: JsonFile, now: number): AlertBook {
  const onDisk = () => file.readPart(parseBook, 'alerts in it', ({ book }) => book)?.book
  return bookNotAfter(left ?? onDisk() ?? EMPTY_BOOK, now)
}

/** The book of an earlier process, whose clock may have been ahead: what would have been in the future was now. */
function bookNotAfter(book: AlertBook, now: number): AlertBook {
  const at = (time: number) => Math.min(time, now)
  const orNull = (time: number | null) => (time === null ? null : at(time))
  const records = recordsOf(book).map((record): [string, AlertRecord] => [
    record.id,
    {
      ...record,
      raisedAt: at(record.raisedAt),
      notBefore: Math.min(record.notBefore, now + AFTER_CAUSE),
      notified: record.notified && {
        ...record.notified,
        at: at(record.notified.at),
        accepted: orNull(record.notified.accepted),
      },
      goneSince: orNull(record.goneSince),
    },
  ])
  const { prometheus, alertmanager } = book.heard
  return {
    ...book,
    records: Object.fromEntries(records),
    recent: book.recent.map((message) => ({ ...message, at: at(message.at) })),
    heard: { prometheus: orNull(prometheus), alertmanager: orNull(alertmanager) },
  }
}

export function recordsOf(book: AlertBook): AlertRecord[] {
  return Object.values(book.records)
}

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

/** An earlier version called `notified` and `notifiedBefore` `told` and `toldBefore`. */
function withNewNames(value: unknown): unknown {
  if (!isRecord(value)) return value
  const { told, toldBefore, ...record } = value
  return {
    ...(told !== undefined && { notified: told }),
    ...(toldBefore !== undefined && { notifiedBefore: toldBefore }),
    ...record,
  }
}

function recordFrom(id: string, value: unknown): AlertRecord[] {
  const given = messageOrNull<GivenRecord>('alertRecord', withNewNames(value))
  if (given === null || given.id !== id || alertId(given.labels) !== id) return []
  const { startsAt, raisedAt = startsAt, links = {} } = given
  const issue = wholeIssue(given.issue, new Date(startsAt).toISOString())
  return [{ ...NEW_RECORD, ...given, raisedAt, issue, takenUp: true, links: webLinks(links) }]
}

/** What a restart must know. Numbers that change with every observation are not in it. */
export function outlineOf({ records, recent, silences, unpostedEnds, heard }: AlertBook): string {
  const lives = Object.values(records).map(
    ({ issue, diagnosis, userLabels, labels, links, absentSince, ...life }) => life,
  )
  const minute = (at: number | null) => at && Math.floor(at / 60_000)
  return JSON.stringify([
    lives,
    recent.length,
    silences,
    unpostedEnds.length,
    minute(heard.prometheus),
    minute(heard.alertmanager),
  ])
}
