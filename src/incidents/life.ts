import type { Alert } from '../observation/alert.ts'
import type { Diagnosis } from '../observation/diagnosis.ts'
import type { Incident, IncidentEvent } from '../observation/incident.ts'
import type { Across } from './across.ts'
import { assessed, firingOf, worstOf } from './assess.ts'
import { withAssessment } from './assessments.ts'
import type { IncidentBook, IncidentRecord } from './book.ts'
import { Draft } from './draft.ts'
import type { Affected } from './grouping.ts'
import { type Ends, type Known, knownAlerts } from './members.ts'
import { eventOf, incidentOf } from './shown.ts'
import { tell, toldNow } from './tell.ts'
import { withEntry } from './timeline.ts'
import { KEPT_FOR, MOST_ENDED, OVER_AFTER, RECENT } from './timing.ts'

/** What is known at one moment, besides the book. */
export interface Moment {
  /** Milliseconds since the epoch. */
  at: number
  /** Everything that fires in the `alert` nodes of this monitor, whether people were told or not. */
  firing: readonly Alert[]
  /** Ids of those of it that came by webhook. */
  foreign: ReadonlySet<string>
  /** When and why alerts of them have just ended, by id: of those of which people were not told nothing comes by message. */
  ends: Ends
  /** Ids of those of it that people are to know of although nothing came by message. */
  told: ReadonlySet<string>
  /** Whether people are told by message; else Prometheus and its Alertmanager find it and tell them. */
  comesByMessage: boolean
  /** There was no book: people know already what fires, and are told when it is over. */
  isTakingUp: boolean
  /** Alerts that came by message, in order. */
  news: readonly Alert[]
  /** Of this monitor's own targets: what belongs together. */
  group(affected: readonly Affected[]): string[][]
  /** Which monitor speaks. */
  origin: { readonly monitor: string; readonly site: string }
  /** Milliseconds; 0: never. */
  repeatAfter: number
  /** What an incident is together with those of other monitors. @param openedAt milliseconds since the epoch */
  across(id: string, openedAt: number): Across
}

export interface Lived {
  book: IncidentBook
  /** To be sent, in order. */
  incidents: Incident[]
  /** New entries of time lines, in order. */
  events: IncidentEvent[]
  /** Those that have ended, each once in its life. */
  ended: IncidentRecord[]
}

/**
 * The life of all incidents from one moment to the next. Asked again at the same moment it answers nothing. An incident
 * opens with an alert of which people are to know; everything that fires and belongs to it joins, and stays until it is over.
 */
export function live(book: IncidentBook, moment: Moment): Lived {
  const { at } = moment
  const known = knownAlerts(moment)
  const draft = new Draft(book, known, moment)
  draft.bring()
  draft.gather()
  const ended: IncidentRecord[] = []
  const incidents: Incident[] = []
  for (const id of draft.touched) {
    const before = book.records[id]
    const told = turn(draft.get(id), before, known, moment, draft.reopened.has(id))
    if (told.record.status === 'ended' && told.record.mergedInto === null && !told.record.isCounted) {
      told.record = { ...told.record, isCounted: true }
      ended.push(told.record)
    }
    draft.put(told.record)
    incidents.push(...told.incidents)
  }
  const events = draft.touched.flatMap((id) => newEntries(draft.get(id), book.records[id]))
  const recent = [
    ...book.recent.filter((message) => at - message.at < RECENT),
    ...incidents.map((incident) => ({ incident, at })),
  ]
  return { book: { ...book, records: recordsToKeep(draft.all, at), recent }, incidents, events, ended }
}

function newEntries(record: IncidentRecord, before: IncidentRecord | undefined): IncidentEvent[] {
  const old = new Set(before?.timeline)
  return record.timeline.filter((entry) => !old.has(entry)).map((entry) => eventOf(record, entry))
}

/** What has ended goes when it is old, or when there is too much of it. */
function recordsToKeep(records: readonly IncidentRecord[], at: number): Record<string, IncidentRecord> {
  const ended = records
    .filter(({ status }) => status === 'ended')
    .sort((one, other) => (other.endsAt ?? 0) - (one.endsAt ?? 0))
  const gone = new Set(ended.filter(({ endsAt }, index) => index >= MOST_ENDED || at - (endsAt ?? at) >= KEPT_FOR))
  return Object.fromEntries(records.filter((record) => !gone.has(record)).map((record) => [record.id, record]))
}

/** Severity, cause, end, and what people are told of it. */
function turn(
  record: IncidentRecord,
  before: IncidentRecord | undefined,
  known: Known,
  moment: Moment,
  isReopened: boolean,
): { record: IncidentRecord; incidents: Incident[] } {
  const { at } = moment
  // People hear of what was merged as of the one that goes on.
  if (record.mergedInto !== null) {
    const isNew = before === undefined || before.mergedInto === null
    return { record, incidents: isNew ? [incidentOf(record, { change: 'merged' }, at)] : [] }
  }
  const diagnosisBy = (id: string): Diagnosis | undefined => known.alerts.get(id)?.alert.diagnosis
  let next = withAssessment(assessed(weighed(record, before, at), diagnosisBy, at), isReopened, at)
  const firing = firingOf(next)
  if (firing.length > 0) next = { ...next, endsAt: null }
  else next = overSince(next)
  const across = moment.across(next.id, openedAt(next))
  if (across.isTakenOver && next.told === null) next = takenOver(next, at)
  // Who leads says that it is over when it is over everywhere.
  const goesOn = across.role === 'leads' && next.told !== null && across.firesElsewhere
  if (next.endsAt !== null && at - next.endsAt >= OVER_AFTER && !goesOn) next = { ...next, status: 'ended' }
  const isNews = Object.keys(next.alerts).some((id) => known.alerts.get(id)?.isHeard === true)
  if (before === undefined && moment.isTakingUp && next.via === 'notify' && !isNews) {
    return { record: { ...next, told: toldNow(next, at) }, incidents: [] }
  }
  return tell(next, before, { at, repeatAfter: moment.repeatAfter, isReopened, across })
}

/** People know of it by a monitor that does not answer any more. */
function takenOver(record: IncidentRecord, at: number): IncidentRecord {
  const says = 'People know of it already, by a monitor that does not answer any more'
  return { ...record, told: toldNow(record, at), timeline: withEntry(record.timeline, at, 'notified', says) }
}

/** When it was written down: the fault itself may have begun long before. Milliseconds since the epoch. */
export function openedAt({ timeline, startsAt }: IncidentRecord): number {
  return Date.parse(timeline[0]?.time ?? '') || startsAt
}

function weighed(record: IncidentRecord, before: IncidentRecord | undefined, at: number): IncidentRecord {
  const firing = firingOf(record)
  const severity = worstOf(firing.length > 0 ? firing : Object.values(record.alerts))
  const isRisen = before !== undefined && before.severity === 'warning' && severity === 'critical'
  const timeline = isRisen ? withEntry(record.timeline, at, 'severity', 'It is critical now') : record.timeline
  return { ...record, severity, timeline }
}

/** When the last of its alerts ended; its severity is the worst that it has had. */
function overSince(record: IncidentRecord): IncidentRecord {
  const alerts = Object.values(record.alerts)
  return { ...record, endsAt: Math.max(...alerts.map(({ endsAt }) => endsAt ?? 0)) }
}
