import { type Alert, type AlertChange, runbookUrl, type Via } from './alert.ts'
import { type AlertBook, type AlertRecord, recordsOf } from './book.ts'
import { affected, describeTarget, standingOf, type TargetView } from './dependencies.ts'
import { ended } from './follow.ts'
import { isSilenced } from './silence.ts'
import { AFTER_CAUSE, type AlertTiming, EFFECTS_WAIT, RECENT, UNWATCHED } from './timing.ts'

/** What the decision is made from besides the book. */
export interface World {
  /** Milliseconds since the epoch. */
  at: number
  /** Since when the flows have run: before that, targets are not watched yet. */
  runningSince: number
  targets: readonly TargetView[]
  /** Who tells people of what is new; null: somebody else finds and tells it, Prometheus for one. */
  teller: Via | null
  timing: AlertTiming
}

export interface Decision {
  book: AlertBook
  /** To be sent, in order. */
  alerts: Alert[]
}

/** What is to be told now. Asked again at the same moment it answers nothing. */
export function decide(book: AlertBook, world: World): Decision {
  const { at } = world
  const alerts: Alert[] = []
  let records: Record<string, AlertRecord> = {}
  const watched = withoutUnwatched(book, world)
  for (const record of inOrder(watched)) {
    const { next, change } = turn(record, watched, world)
    if (change !== null) alerts.push(alertOf(next, change, at))
    // What people were not told of needs no word that it ended, and who tells of it does so himself.
    if (next.status === 'firing') records = { ...records, [next.id]: next }
  }
  const recent = [
    ...book.recent.filter((message) => at - message.at < RECENT),
    ...alerts.map((alert) => ({ alert, at })),
  ]
  return { book: { ...watched, records, recent }, alerts }
}

/** One moment of an alert, as it is sent. */
export function alertOf(record: AlertRecord, change: AlertChange, at: number): Alert {
  const { id, labels, userLabels, issue, status, startsAt, endsAt, endedBy, effects, acknowledged, silenced } = record
  const runbook = runbookUrl(labels.alertname)
  return {
    id,
    ...labels,
    status,
    change,
    startsAt: iso(startsAt),
    ...(endsAt === null ? {} : { endsAt: iso(endsAt) }),
    ...(endedBy === null ? {} : { endedBy }),
    labels: { ...userLabels },
    issue,
    effects: [...effects],
    via: record.told?.via ?? 'notify',
    ...(acknowledged ? { acknowledgedBy: acknowledged.by } : {}),
    ...(silenced ? { silencedUntil: iso(silenced.until) } : {}),
    time: iso(at),
    ...(runbook === null ? {} : { runbookUrl: runbook }),
    ...record.links,
  }
}

function turn(record: AlertRecord, book: AlertBook, world: World): { next: AlertRecord; change: AlertChange | null } {
  const { at, teller, timing, targets } = world
  if (record.status === 'resolved') {
    const isQuiet = record.told === null || isQuietened(record, book, world)
    return { next: record, change: isQuiet ? null : 'resolved' }
  }
  const standing = record.source === 'observation' ? standingOf(record, book, targets, at) : ALONE
  const moved = withStanding(record, standing.standing === 'muted' ? standing.by.id : null, at)
  if (moved.told !== null) return again(moved, book, world)
  const hold = record.labels.severity === 'critical' ? timing.criticalHold : timing.warningHold
  const isDue = at >= Math.max(moved.raisedAt + hold, moved.notBefore)
  const via = moved.source === 'monitor' ? 'notify' : teller
  if (!isDue || via === null || standing.standing !== 'alone') return { next: moved, change: null }
  if (isQuietened(moved, book, world) || moved.acknowledged || isOvershadowed(moved, book)) {
    return { next: moved, change: null }
  }
  const { all, hit } = affected({ kind: moved.labels.kind, name: moved.labels.target }, book, targets)
  const waitsForEffects =
    moved.labels.severity === 'critical' && hit.length < all.length && at < moved.raisedAt + EFFECTS_WAIT
  if (waitsForEffects) return { next: moved, change: null }
  const effects = moved.labels.severity === 'critical' ? hit.map(describeTarget) : []
  return { next: { ...moved, effects, told: { via, at, accepted: null } }, change: 'firing' }
}

const ALONE = { standing: 'alone' } as const

/** Of what people know already: what else it affects now, and a reminder where nobody has acknowledged it. */
function again(record: AlertRecord, book: AlertBook, world: World) {
  const { at, timing, targets } = world
  const { hit } = affected({ kind: record.labels.kind, name: record.labels.target }, book, targets)
  const isCause = record.labels.severity === 'critical' && record.source === 'observation'
  const more = isCause ? hit.map(describeTarget).filter((name) => !record.effects.includes(name)) : []
  const next = more.length > 0 ? { ...record, effects: [...record.effects, ...more] } : record
  const isRepeat = timing.repeatAfter > 0 && next.told !== null && at - next.told.at >= timing.repeatAfter
  const mayTell = !next.acknowledged && next.mutedBy === null && !isQuietened(next, book, world)
  // An Alertmanager repeats by its own configuration.
  if (isRepeat && mayTell && next.told?.via === 'notify') {
    return { next: { ...next, told: { ...next.told, at } }, change: 'repeated' as const }
  }
  return { next, change: more.length > 0 ? ('updated' as const) : null }
}

function withStanding(record: AlertRecord, mutedBy: string | null, at: number): AlertRecord {
  if (record.mutedBy === mutedBy) return record
  return mutedBy === null ? { ...record, mutedBy, notBefore: at + AFTER_CAUSE } : { ...record, mutedBy }
}

/** By a command of this monitor, or, where `notify` tells, by a silence that an Alertmanager knows. */
function isQuietened(record: AlertRecord, book: AlertBook, { at, teller }: World): boolean {
  if (record.silenced !== null && at < record.silenced.until) return true
  const isOurs = (record.told?.via ?? teller) === 'notify'
  return isOurs && isSilenced(record.labels, book.silences, at)
}

/** A critical alert of a target says more than its warnings do. */
function isOvershadowed({ labels }: AlertRecord, book: AlertBook): boolean {
  if (labels.severity === 'critical') return false
  return recordsOf(book).some(
    (other) =>
      other.status === 'firing' &&
      other.labels.severity === 'critical' &&
      other.labels.kind === labels.kind &&
      other.labels.target === labels.target,
  )
}

/** Nobody measures a target that is not watched any more, so its alerts end, after a while in which it may come back. */
function withoutUnwatched(book: AlertBook, { at, runningSince, targets }: World): AlertBook {
  let records = book.records
  for (const record of recordsOf(book)) {
    if (record.source !== 'observation' || record.status !== 'firing') continue
    const isWatched = targets.some(({ kind, name }) => kind === record.labels.kind && name === record.labels.target)
    const goneSince = isWatched ? null : (record.goneSince ?? at)
    const isOver = goneSince !== null && at - Math.max(goneSince, runningSince) >= UNWATCHED
    if (isOver) records = { ...records, [record.id]: ended(record, 'not-watched', at) }
    else if (record.goneSince !== goneSince) records = { ...records, [record.id]: { ...record, goneSince } }
  }
  return records === book.records ? book : { ...book, records }
}

/** Causes before effects and old before new, so that the book's own order says nothing. */
function inOrder(book: AlertBook): AlertRecord[] {
  return recordsOf(book).sort((one, other) => one.startsAt - other.startsAt || (one.id < other.id ? -1 : 1))
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
