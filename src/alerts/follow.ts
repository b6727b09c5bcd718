import { type AlertEnd, type AlertLabels, alertId, alertName } from '../observation/alert.ts'
import type { Issue, Observation } from '../observation/observation.ts'
import { ownEntry } from '../observation/shape.ts'
import { type AlertBook, type AlertRecord, NEW_RECORD, recordsOf } from './book.ts'
import { describeTarget } from './dependencies.ts'
import { SETTLE, SETTLE_OFF } from './timing.ts'

/** Which monitor speaks. */
export interface Origin {
  monitor: string
  site: string
}

/** What observations bring: the book, and what follows from it. */
interface Followed {
  book: AlertBook
  /** Whether more than the numbers of what fires has changed. */
  isNews: boolean
  /** What another alert has taken over. */
  superseded: AlertRecord[]
}

/**
 * Brings the book to the level of observations, in their order: an issue that is on is an alert that fires, an issue that
 * is off is one that ended. Told the same twice it changes nothing. `unknown` ends nothing, since nothing was measured.
 * Many together cost little more than one, because the book is copied once.
 *
 * @param at milliseconds since the epoch
 */
export function followObservations(
  book: AlertBook,
  observations: readonly Observation[],
  origin: Origin,
  at: number,
): Followed {
  const draft = new Draft(book)
  const superseded: AlertRecord[] = []
  let isNews = false
  for (const observation of observations) isNews = follow(draft, observation, origin, at, superseded) || isNews
  return { book: draft.book, isNews, superseded }
}

/** The same of one. */
export function followObservation(book: AlertBook, observation: Observation, origin: Origin, at: number): Followed {
  return followObservations(book, [observation], origin, at)
}

/** @returns whether more than the numbers of what fires has changed */
function follow(
  draft: Draft,
  observation: Observation,
  origin: Origin,
  at: number,
  superseded: AlertRecord[],
): boolean {
  const { kind, target, state, issues, labels: userLabels } = observation
  let isNews = false
  const on = new Set<string>()
  for (const issue of issues) {
    if (isSuperseded(issue, issues)) continue
    const labels = labelsOf(issue, kind, target, origin)
    if (labels === null) continue
    const id = alertId(labels)
    on.add(id)
    const known = draft.get(id)
    const record = known?.status === 'firing' && known.source !== 'alertmanager' ? known : null
    const lesser = supersededBy(draft.of(kind, target), issue)
    isNews ||= record === null || record.takenUp || lesser.length > 0
    const own = record ? seenAgain(record, issue) : raised(labels, userLabels, issue, at)
    for (const { id: old } of lesser) draft.remove(old)
    draft.put(lesser.reduce(takeOver, own))
    superseded.push(...lesser)
  }
  if (state === 'unknown') return isNews
  for (const record of draft.of(kind, target)) {
    if (record.status !== 'firing' || record.source !== 'observation' || on.has(record.id)) continue
    const changed = withoutIssue(record, state, at)
    if (changed === record) continue
    isNews ||= changed.status === 'resolved'
    draft.put(changed)
  }
  return isNews
}

/** The records of a book while observations change them: copied at the first change, and found by what they are about. */
class Draft {
  readonly #book: AlertBook
  readonly #ids = new Map<string, Set<string>>()
  #records: Record<string, AlertRecord> | null = null

  constructor(book: AlertBook) {
    this.#book = book
    for (const record of recordsOf(book)) this.#enter(record)
  }

  get book(): AlertBook {
    return this.#records === null ? this.#book : { ...this.#book, records: this.#records }
  }

  get(id: string): AlertRecord | undefined {
    return ownEntry(this.#records ?? this.#book.records, id)
  }

  /** Those of one target. */
  of(kind: string, target: string): AlertRecord[] {
    const ids = this.#ids.get(describeTarget({ kind, name: target })) ?? []
    return [...ids].map((id) => this.get(id)).filter((record) => record !== undefined)
  }

  put(record: AlertRecord): void {
    this.#own()[record.id] = record
    this.#enter(record)
  }

  remove(id: string): void {
    delete this.#own()[id]
  }

  #own(): Record<string, AlertRecord> {
    this.#records ??= { ...this.#book.records }
    return this.#records
  }

  #enter({ id, labels: { kind, target } }: AlertRecord): void {
    const key = describeTarget({ kind, name: target })
    const ids = this.#ids.get(key)
    if (ids === undefined) this.#ids.set(key, new Set([id]))
    else ids.add(id)
  }
}

/** An alert that has ended, and why. */
export function endAlert(record: AlertRecord, by: AlertEnd, at: number): AlertRecord {
  return { ...record, status: 'resolved', endsAt: at, endedBy: by, takenUp: false }
}

function labelsOf(issue: Issue, kind: string, target: string, { monitor, site }: Origin): AlertLabels | null {
  if (issue.severity !== 'error' && issue.severity !== 'warning') return null
  const severity = issue.severity === 'error' ? 'critical' : 'warning'
  return { alertname: alertName(issue.type), severity, kind, target, monitor, site }
}

function raised(
  labels: AlertLabels,
  userLabels: Readonly<Record<string, string>>,
  issue: Issue,
  at: number,
): AlertRecord {
  const since = Date.parse(issue.since)
  return {
    ...NEW_RECORD,
    id: alertId(labels),
    source: 'observation',
    labels,
    userLabels,
    issue,
    startsAt: Number.isNaN(since) ? at : Math.min(since, at),
    raisedAt: at,
  }
}

/** It goes on: after a restart the check believes that it began just now, but it did not. */
function seenAgain(record: AlertRecord, issue: Issue): AlertRecord {
  return {
    ...record,
    issue: { ...issue, since: new Date(record.startsAt).toISOString() },
    takenUp: false,
    absentSince: null,
  }
}

function withoutIssue(record: AlertRecord, state: Observation['state'], at: number): AlertRecord {
  const isOff = state === 'off'
  if (!record.takenUp) return endAlert(record, isOff ? 'not-expected' : 'cleared', at)
  // The checks have begun anew: only time in which the target was seen to be up says that an issue is over.
  if (state === 'down') return record.absentSince === null ? record : { ...record, absentSince: null }
  const since = record.absentSince ?? at
  if (at - since >= (isOff ? SETTLE_OFF : SETTLE)) return endAlert(record, isOff ? 'not-expected' : 'cleared', at)
  return record.absentSince === since ? record : { ...record, absentSince: since }
}

/** Whether another issue of the same observation says more: a flow may have made one that holds both. */
function isSuperseded(issue: Issue, all: readonly Issue[]): boolean {
  return all.some(
    (other, index) =>
      other.supersedes?.includes(issue.type) && !(issue.supersedes?.includes(other.type) && all.indexOf(issue) < index),
  )
}

/**
 * Of the records of the same target, the alerts that fire and say less of the same fact as this issue. What came by
 * webhook is not among them: what somebody else says to have told must not be taken for told of this.
 */
function supersededBy(ofTarget: readonly AlertRecord[], { supersedes = [] }: Issue): AlertRecord[] {
  if (supersedes.length === 0) return []
  const names = new Set(supersedes.map(alertName))
  return ofTarget.filter(
    ({ status, source, labels }) => status === 'firing' && source === 'observation' && names.has(labels.alertname),
  )
}

/**
 * One outage is one alert: this one goes on where the other stops. What people know of the other they know of this one,
 * unless this one is graver: then they are told of it, even where somebody had acknowledged or silenced the other.
 */
export function takeOver(record: AlertRecord, other: AlertRecord): AlertRecord {
  // What has been told has the moment of its beginning in its name.
  const startsAt = record.notified === null ? Math.min(record.startsAt, other.startsAt) : record.startsAt
  const since = { ...record.issue, since: new Date(startsAt).toISOString() }
  const notifiedBefore = record.notifiedBefore ?? other.notified ?? other.notifiedBefore ?? null
  const supersedes = [...new Set([...(record.supersedes ?? []), ...(other.supersedes ?? []), other.id])]
  const next = { ...record, startsAt, issue: since, notifiedBefore, supersedes }
  if (other.labels.severity !== record.labels.severity) return next
  const notified = other.notified && { via: other.notified.via, at: other.notified.at, accepted: null }
  return {
    ...next,
    notified: record.notified ?? notified,
    acknowledged: record.acknowledged ?? other.acknowledged,
    silenced: record.silenced ?? other.silenced,
  }
}
