import { type Alert, messageKey } from '../observation/alert.ts'
import { type Incident, incidentKey } from '../observation/incident.ts'
import { messageOrNull, messagesIn } from '../observation/messages.ts'
import { isRecord, ownEntry } from '../observation/shape.ts'
import { recordedAlerts } from './book.ts'

/** What waits to be told to one receiver, and what it was told: plain JSON, kept over a restart. Milliseconds. */
export interface Outbox {
  readonly version: 1
  readonly waiting: readonly WaitingNews[]
  /** Keys of what was delivered or given up, so that nothing is told twice. */
  readonly done: Readonly<Record<string, number>>
  /** When messages went out within the last hour. */
  readonly sent: readonly number[]
  /** Messages in a row without a pause between them. */
  readonly streak: number
  /** Those of them with something urgent: only these make what is urgent wait. */
  readonly urgent: { readonly streak: number; readonly last: number }
  /** Failures in a row. */
  readonly failures: number
  /** Not tried again before; 0: no reason to wait. */
  readonly notBefore: number
  /** Why the last try failed; null where it did not. */
  readonly error: string | null
  /** When the failures in a row began. */
  readonly failingSince: number | null
}

/** What people are told of. */
export type News = Alert | Incident

/** By its own name each, as it is kept on disk. */
export type WaitingNews = { readonly at: number } & ({ readonly alert: Alert } | { readonly incident: Incident })

export function isIncident(news: News): news is Incident {
  return 'members' in news
}

export function newsIn(item: WaitingNews): News {
  return 'alert' in item ? item.alert : item.incident
}

/** What tells one message from every other one, over restarts. */
function keyOf(news: News): string {
  return isIncident(news) ? incidentKey(news) : messageKey(news)
}

export const EMPTY_OUTBOX: Outbox = {
  version: 1,
  waiting: [],
  done: {},
  sent: [],
  streak: 0,
  urgent: { streak: 0, last: 0 },
  failures: 0,
  notBefore: 0,
  error: null,
  failingSince: null,
}

/**
 * How long the first alert of a message waits for others, by how many messages went out just before: the first two are
 * quick, and two hundred streams that fail over some seconds make three messages.
 */
export const GATHER = [1_000, 1_000, 15_000, 30_000] as const

/** What is not urgent waits at least this long for others. */
export const GATHER_CALM = 5_000

/** After a pause as long as this the next message is quick again. */
export const PAUSE = 10_000

/** Waits between tries: doubled each time, within these. */
export const FIRST_RETRY = 2_000
export const LONGEST_RETRY = 300_000

/** What could not be delivered for as long as this is given up: it is history by then. */
export const GIVE_UP_AFTER = 24 * 3_600_000

/** What is kept at most; the oldest goes first and is given up. */
export const MOST_WAITING = 5_000

const HOUR = 3_600_000
/** As long as the same message may come again, after a crash or from an Alertmanager. */
const REMEMBER = 48 * HOUR

/** Takes an alert or an incident in, unless it was told already or waits. */
export function enqueue(outbox: Outbox, news: News, at: number): Outbox {
  const key = keyOf(news)
  // Most have another id: of a thousand that come at once, to make the key of each for each takes a third of a second.
  const isSame = (waiting: News) => waiting.id === news.id && keyOf(waiting) === key
  if (ownEntry(outbox.done, key) !== undefined || outbox.waiting.some((item) => isSame(newsIn(item)))) return outbox
  const item = isIncident(news) ? { incident: news, at } : { alert: news, at }
  return { ...outbox, waiting: [...outbox.waiting, item] }
}

/** What waits of an incident that turned out to be a part of another one is told as of that. */
export function withoutMerged(outbox: Outbox, { id }: Incident, at: number): Outbox {
  const gone = outbox.waiting.filter((item) => 'incident' in item && item.incident.id === id)
  return gone.length === 0 ? outbox : withoutNews(outbox, gone, at)
}

/** When the next message is due; null where nothing waits. @param perHour messages that the receiver takes in an hour */
export function dueAt(outbox: Outbox, perHour: number): number | null {
  const { waiting, urgent, streak, sent, notBefore } = outbox
  const [first] = waiting
  if (first === undefined) return null
  const calm = Math.max(GATHER_CALM, gatherAfter(streak, sent.at(-1) ?? 0, first.at))
  const firstUrgent = waiting.find((item) => isUrgent(newsIn(item)))
  const dues = [first.at + calm]
  if (firstUrgent) dues.push(firstUrgent.at + gatherAfter(urgent.streak, urgent.last, firstUrgent.at))
  return Math.max(Math.min(...dues), notBefore, freeAt(outbox, perHour))
}

function gatherAfter(streak: number, last: number, at: number): number {
  return GATHER[Math.min(at - last > PAUSE ? 0 : streak, GATHER.length - 1)] ?? 0
}

/** The receiver has taken these. */
export function markDelivered(outbox: Outbox, taken: readonly WaitingNews[], at: number): Outbox {
  const { sent, streak, urgent } = outbox
  const after = (count: number, last: number, first: WaitingNews | undefined) =>
    first === undefined || first.at - last > PAUSE ? 1 : count + 1
  const firstUrgent = taken.find((item) => isUrgent(newsIn(item)))
  return {
    ...withoutNews(outbox, taken, at),
    sent: [...sent.filter((time) => at - time < HOUR), at],
    streak: after(streak, sent.at(-1) ?? 0, taken[0]),
    urgent: firstUrgent ? { streak: after(urgent.streak, urgent.last, firstUrgent), last: at } : urgent,
    failures: 0,
    notBefore: 0,
    error: null,
    failingSince: null,
  }
}

/** The try failed; it is made again. @param retryAfter milliseconds, as the receiver asked for, or null */
export function markFailed(outbox: Outbox, error: string, retryAfter: number | null, at: number): Outbox {
  const wait = Math.min(FIRST_RETRY * 2 ** Math.min(outbox.failures, 20), LONGEST_RETRY)
  return {
    ...outbox,
    failures: outbox.failures + 1,
    notBefore: at + Math.max(wait, Math.min(retryAfter ?? 0, HOUR)),
    error,
    failingSince: outbox.failingSince ?? at,
  }
}

/** What nobody will be told any more: the receiver will never take it, or it is too old. */
export function withoutNews(outbox: Outbox, gone: readonly WaitingNews[], at: number): Outbox {
  const keys = new Set(gone.map((item) => keyOf(newsIn(item))))
  const done = Object.fromEntries(Object.entries(outbox.done).filter(([, time]) => at - time < REMEMBER))
  const gained = Object.fromEntries([...keys].map((key) => [key, at]))
  const waiting = outbox.waiting.filter((item) => !keys.has(keyOf(newsIn(item))))
  return { ...outbox, waiting, done: { ...done, ...gained } }
}

/** What is too old or too much to be told. */
export function overdue({ waiting }: Outbox, at: number): WaitingNews[] {
  const surplus = Math.max(0, waiting.length - MOST_WAITING)
  return waiting.filter((item, index) => index < surplus || at - item.at >= GIVE_UP_AFTER)
}

/** An outbox as it was read from disk, and how much of it could not be read. Null where it is none. */
export function parseOutbox(value: unknown): { outbox: Outbox; lost: number } | null {
  if (!isRecord(value) || value.version !== 1 || !Array.isArray(value.waiting)) return null
  const waiting = value.waiting.flatMap((item: unknown) => [
    ...recordedAlerts([item]),
    ...messagesIn<{ incident: Incident; at: number }>('recordedIncident', [item]),
  ])
  // What has to be sent is worth more than what was noted of the sending.
  const frame = messageOrNull<Partial<Outbox>>('outbox', { ...value, waiting: [] }) ?? {}
  // Tries begin at once: what was wrong may be repaired.
  return { outbox: { ...EMPTY_OUTBOX, ...frame, waiting, notBefore: 0 }, lost: value.waiting.length - waiting.length }
}

/**
 * The outbox as it is when the clock was set: what waits is as old as before, and the next try as near.
 *
 * @param by milliseconds, forward
 */
export function shiftTimes(outbox: Outbox, by: number): Outbox {
  const { waiting, done, sent, urgent, notBefore, failingSince } = outbox
  const at = (time: number) => Math.max(0, time + by)
  return {
    ...outbox,
    waiting: waiting.map((item) => ({ ...item, at: at(item.at) })),
    done: Object.fromEntries(Object.entries(done).map(([key, time]) => [key, at(time)])),
    sent: sent.map(at),
    urgent: { ...urgent, last: at(urgent.last) },
    notBefore: at(notBefore),
    failingSince: failingSince === null ? null : at(failingSince),
  }
}

/** The newest time that is noted of what has happened: none of it can have been later than now. */
export function newestIn({ waiting, sent, failingSince }: Outbox): number {
  return Math.max(0, failingSince ?? 0, sent.at(-1) ?? 0, waiting.at(-1)?.at ?? 0)
}

function isUrgent({ severity, change }: News): boolean {
  return severity === 'critical' && (change === 'firing' || change === 'opened' || change === 'changed')
}

function freeAt({ sent }: Outbox, perHour: number): number {
  const within = sent.slice(-perHour)
  const [oldest] = within
  return within.length < perHour || oldest === undefined ? 0 : oldest + HOUR
}
