import { type Alert, type AlertChange, type AlertLabels, runbookUrl, type Via } from '../observation/alert.ts'
import type { Diagnosis } from '../observation/diagnosis.ts'
import { iso } from '../observation/local-time.ts'
import type { OwnCounter } from '../observation/own-metric.ts'
import { type AlertBook, type AlertRecord, recordsOf } from './book.ts'
import { Dependencies, describeTarget, type Targets } from './dependencies.ts'
import { endAlert } from './follow.ts'
import { isSilenced, silencedUntil } from './silence.ts'
import { AFTER_CAUSE, type AlertTiming, EFFECTS_WAIT, RECENT, UNHEARD, UNWATCHED } from './timing.ts'

const ALERT_STATUSES = ['firing', 'resolved'] as const

export const ALERTS: OwnCounter<'severity' | 'status'> = {
  name: 'hmonitor_alerts_total',
  type: 'counter',
  help: 'Alerts that began to fire or were resolved, as alert nodes sent them.',
  labels: ['severity', 'status'],
  zeros: (['critical', 'warning'] as const).flatMap((severity) =>
    ALERT_STATUSES.map((status) => ({ severity, status })),
  ),
}

/** What the decision is made from besides the book. */
export interface World {
  /** Milliseconds since the epoch. */
  at: number
  /** Since when the flows have run: before that, targets are not watched yet. */
  runningSince: number
  targets: Targets
  /** Who tells people of what is new; null: somebody else finds and tells it, Prometheus for one. */
  teller: Via | null
  timing: AlertTiming
  /** Whether this monitor itself judges what such an alert says. */
  judges(labels: AlertLabels): boolean
  /** Where the fault is; null where that is not known of such a target. */
  diagnose(labels: AlertLabels): Diagnosis | null
}

export interface Decision {
  book: AlertBook
  /** To be sent, in order. */
  alerts: Alert[]
  /** Ids of those of which people would be told now, if it were not for Prometheus to find and tell them. */
  foundByOthers: ReadonlySet<string>
  /** Those that are over and go, whether people were told of them or not. */
  ended: AlertRecord[]
}

/** What one decision is made from. */
interface Moment extends World {
  silences: AlertBook['silences']
  dependencies: Dependencies
}

/** What is to be told now. Asked again at the same moment it answers nothing. */
export function decide(book: AlertBook, world: World): Decision {
  const { at } = world
  const dependencies = new Dependencies(book, world.targets)
  const moment: Moment = { ...world, silences: book.silences, dependencies }
  const alerts: Alert[] = []
  const foundByOthers = new Set<string>()
  const records: Record<string, AlertRecord> = {}
  const ended: AlertRecord[] = []
  for (const record of inOrder(book)) {
    const { next, change, isFoundByOthers } = turn(diagnosed(watchedStill(record, moment), moment), moment)
    if (change !== null) alerts.push(alertOf(next, change, at))
    if (isFoundByOthers === true) foundByOthers.add(next.id)
    // What people were not told of needs no word that it ended, and who tells of it does so himself.
    if (next.status === 'firing') records[next.id] = next
    else ended.push(next)
  }
  const recent = [
    ...book.recent.filter((message) => at - message.at < RECENT),
    ...alerts.map((alert) => ({ alert, at })),
  ]
  return { book: { ...book, records, recent }, alerts, foundByOthers, ended }
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
    ...(record.diagnosis !== undefined && { diagnosis: record.diagnosis }),
    effects: [...effects],
    ...(record.supersedes?.length ? { supersedes: [...record.supersedes] } : {}),
    via: (record.notified ?? record.notifiedBefore)?.via ?? 'notify',
    ...(acknowledged ? { acknowledgedBy: acknowledged.by } : {}),
    ...(silenced ? { silencedUntil: iso(silenced.until) } : {}),
    time: iso(at),
    ...(runbook === null ? {} : { runbookUrl: runbook }),
    ...record.links,
  }
}

/** Everything that fires at a moment, whether people were told or not. */
export function firingAlerts(book: AlertBook, at: number): Alert[] {
  const firing = recordsOf(book).filter(({ status }) => status === 'firing')
  return firing.map((record) => {
    const alert = alertOf(record, 'firing', at)
    const until = Math.max(record.silenced?.until ?? 0, silencedUntil(record.labels, book.silences, at))
    return until > at ? { ...alert, silencedUntil: iso(until) } : alert
  })
}

/** What an Alertmanager should know at a moment: what fires and was given to it, and the ends that it has not taken. */
export function alertsToPost(book: AlertBook, at: number): Alert[] {
  const firing = recordsOf(book).filter(
    ({ source, status, notified }) =>
      source !== 'alertmanager' && status === 'firing' && notified?.via === 'alertmanager',
  )
  return [...firing.map((record) => alertOf(record, 'firing', at)), ...book.unpostedEnds]
}

/** What is wrong where is asked anew while it fires. What came by webhook is somebody else's to explain. */
function diagnosed(record: AlertRecord, { diagnose }: Moment): AlertRecord {
  if (record.status !== 'firing' || record.source !== 'observation') return record
  const { diagnosis: before, ...rest } = record
  const diagnosis = diagnose(record.labels) ?? before
  return diagnosis === undefined ? rest : { ...rest, diagnosis }
}

interface Turn {
  next: AlertRecord
  change: AlertChange | null
  isFoundByOthers?: true
}

function turn(record: AlertRecord, moment: Moment): Turn {
  const { at, teller, timing, dependencies } = moment
  if (record.status === 'resolved') {
    const isKnown = record.notified !== null || (record.notifiedBefore ?? null) !== null
    const isQuiet = !isKnown || isQuietened(record, moment)
    return { next: record, change: isQuiet ? null : 'resolved' }
  }
  const standing = record.source === 'observation' ? dependencies.standingOf(record, at) : ALONE
  const next = withStanding(record, standing.standing === 'muted' ? standing.by.id : null, at)
  if (next.notified !== null) return again(next, moment)
  const isCritical = next.labels.severity === 'critical'
  const hold = isCritical ? timing.criticalHold : timing.warningHold
  const isDue = at >= Math.max(next.raisedAt + hold, next.notBefore)
  const via = next.source === 'monitor' ? 'notify' : teller
  if (!isDue || standing.standing !== 'alone') return { next, change: null }
  // A critical alert of a target says more than its warnings do.
  const isOvershadowed = !isCritical && dependencies.hasCritical(next.labels)
  if (isOvershadowed || next.acknowledged || isQuietened(next, moment)) return { next, change: null }
  const { all, hit } = isCritical ? dependencies.affectedBy(next.labels) : NOTHING_AFFECTED
  if (hit.length < all.length && at < next.raisedAt + EFFECTS_WAIT) return { next, change: null }
  if (via === null) return { next, change: null, isFoundByOthers: true }
  return {
    next: {
      ...{ ...next, effects: hit.map(describeTarget), notified: { via, at, accepted: null } },
      toldLocation: next.diagnosis?.location ?? null,
    },
    change: 'firing',
  }
}

const ALONE = { standing: 'alone' } as const
const NOTHING_AFFECTED = { all: [], hit: [] }

/** Of what people know already: what else it affects now, and a reminder where nobody has acknowledged it. */
function again(record: AlertRecord, moment: Moment): { next: AlertRecord; change: AlertChange | null } {
  const { at, timing, dependencies } = moment
  const isCause = record.labels.severity === 'critical' && record.source === 'observation'
  const { hit } = isCause ? dependencies.affectedBy(record.labels) : NOTHING_AFFECTED
  const more = hit.map(describeTarget).filter((name) => !record.effects.includes(name))
  const isElsewhere = (record.diagnosis?.location ?? null) !== (record.toldLocation ?? null)
  const located = isElsewhere ? { ...record, toldLocation: record.diagnosis?.location ?? null } : record
  const next = more.length > 0 ? { ...located, effects: [...located.effects, ...more] } : located
  const { notified } = next
  // An Alertmanager repeats by its own configuration.
  const isRepeat = timing.repeatAfter > 0 && notified?.via === 'notify' && at - notified.at >= timing.repeatAfter
  if (isRepeat && !next.acknowledged && next.mutedBy === null && !isQuietened(next, moment)) {
    return { next: { ...next, notified: { ...notified, at } }, change: 'repeated' }
  }
  return { next, change: more.length > 0 || isElsewhere ? 'updated' : null }
}

function withStanding(record: AlertRecord, mutedBy: string | null, at: number): AlertRecord {
  if (record.mutedBy === mutedBy) return record
  return mutedBy === null ? { ...record, mutedBy, notBefore: at + AFTER_CAUSE } : { ...record, mutedBy }
}

/** By a command of this monitor, or, where `notify` tells, by a silence that an Alertmanager knows. */
function isQuietened(record: AlertRecord, { at, teller, silences }: Moment): boolean {
  if (record.silenced !== null && at < record.silenced.until) return true
  return (record.notified?.via ?? teller) === 'notify' && isSilenced(record.labels, silences, at)
}

/** Nobody measures a target that is not watched any more, so its alerts end, after a while in which it may come back. */
function watchedStill(record: AlertRecord, { at, runningSince, dependencies, judges }: Moment): AlertRecord {
  if (record.status !== 'firing' || record.source === 'monitor') return record
  if (record.source === 'alertmanager') {
    // It came while its target was not watched yet.
    if (judges(record.labels)) return endAlert(record, 'cleared', at)
    return at - (record.notified?.at ?? record.raisedAt) >= UNHEARD ? endAlert(record, 'not-watched', at) : record
  }
  const goneSince = dependencies.isWatched(record.labels) ? null : (record.goneSince ?? at)
  if (goneSince !== null && at - Math.max(goneSince, runningSince) >= UNWATCHED)
    return endAlert(record, 'not-watched', at)
  return record.goneSince === goneSince ? record : { ...record, goneSince }
}

/** Old before new, so that the book's own order says nothing. */
function inOrder(book: AlertBook): AlertRecord[] {
  return recordsOf(book).sort((one, other) => one.startsAt - other.startsAt || (one.id < other.id ? -1 : 1))
}
