import type { Incident } from '../observation/incident.ts'
import { durationInWords } from '../observation/words.ts'
import type { Across } from './across.ts'
import { firingOf, worstOf } from './assess.ts'
import type { IncidentRecord, Told } from './book.ts'
import { acknowledgerOf, incidentOf, type Said, silenceOf } from './shown.ts'
import { withEntry } from './timeline.ts'
import { CORRECT_AFTER } from './timing.ts'

export interface Telling {
  /** Milliseconds since the epoch. */
  at: number
  /** Milliseconds; 0: never. */
  repeatAfter: number
  isReopened: boolean
  across: Across
}

/**
 * What is said of an incident now: once when it opens, once when the likely location turns out to be another or the severity
 * rises, once when it ends, and again where nobody has acknowledged it. Everything else is for display.
 *
 * @param before what the record was a moment ago; absent where it has just opened
 */
export function tell(
  record: IncidentRecord,
  before: IncidentRecord | undefined,
  { at, repeatAfter, isReopened, across }: Telling,
): { record: IncidentRecord; incidents: Incident[] } {
  const located = withElsewhere(record, at)
  const isOver = located.status === 'ended'
  const isUnheardOf = record.told === null && record.via === 'notify'
  const isElsewhere = across.role !== 'leads' && record.via === 'notify'
  const own = isOver ? (isUnheardOf ? null : END) : newsOf(located, before, { at, repeatAfter, isReopened })
  const news = isElsewhere ? null : own
  let next = across.role === 'followed' ? withTeller(located, across.toldBy, at) : located
  if (across.role === 'leads' && across.toldBy !== '' && !isOver) next = withAlertmanager(next, at)
  if (isOver) next = { ...next, timeline: withEntry(next.timeline, at, 'ended', `It is over${lastedOf(next)}`) }
  if (news === null) {
    const isChanged = before !== undefined && isOther(before, next)
    const isShown = isChanged || (before === undefined && across.role === 'followed')
    return { record: next, incidents: isShown ? [incidentOf(next, { change: 'updated' }, at)] : [] }
  }
  const isQuiet = silenceOf(next, at) !== null
  if (isQuiet) return { record: next, incidents: [] }
  if (next.via === 'notify' && !isOver)
    next = { ...next, told: toldNow(next, at), turnedFrom: null, elsewhereSince: null }
  const isTelling = next.via === 'notify'
  if (isTelling)
    next = { ...next, timeline: withEntry(next.timeline, at, 'notified', NOTIFIED[news.change] ?? 'People are told') }
  const told = incidentOf(next, news, at)
  return { record: next, incidents: [{ ...told, members: [...told.members, ...across.members] }] }
}

const END: Said = { change: 'ended' }

const NOTIFIED: Partial<Record<Said['change'], string>> = {
  opened: 'People are told that it has begun',
  changed: 'People are told what has changed',
  repeated: 'People are reminded of it',
  ended: 'People are told that it is over',
}

/** Null where people are told nothing. */
function newsOf(
  record: IncidentRecord,
  before: IncidentRecord | undefined,
  telling: Omit<Telling, 'across'>,
): Said | null {
  const { at, repeatAfter, isReopened } = telling
  const { told, via, elsewhereSince } = record
  if (isReopened) return { change: 'opened', because: 'again' }
  if (before === undefined) return { change: 'opened' }
  // It was silenced, or an Alertmanager had it that does not answer any more.
  if (told === null) return via === 'notify' ? { change: 'opened' } : null
  if (told.severity === 'warning' && toldSeverity(record) === 'critical')
    return { change: 'changed', because: 'severity' }
  if (elsewhereSince !== null && at - elsewhereSince >= CORRECT_AFTER) {
    const correctedFrom = told.location
    return { change: 'changed', because: 'location', ...(correctedFrom !== null && { correctedFrom }) }
  }
  const isDue = repeatAfter > 0 && at - told.at >= repeatAfter
  return isDue && acknowledgerOf(record) === null && firingOf(record).length > 0 ? { change: 'repeated' } : null
}

/** The worst of what people are to know of: what still waits for its hold does not count. */
function toldSeverity(record: IncidentRecord) {
  return worstOf(firingOf(record).filter(({ isTold }) => isTold))
}

/** What people know when they are told now. @param at milliseconds since the epoch */
export function toldNow(record: IncidentRecord, at: number): Told {
  const severity = toldSeverity(record)
  const isCritical = severity === 'critical' || record.told?.severity === 'critical'
  return { at, severity: isCritical ? 'critical' : 'warning', location: record.diagnosis?.location ?? null }
}

/** Says once that an Alertmanager tells people of it: by that the other monitors of the cluster know who leads. */
function withAlertmanager(record: IncidentRecord, at: number): IncidentRecord {
  const isKnown = record.timeline.some(({ event }) => event === 'notified')
  if (isKnown || record.via !== 'alertmanager') return record
  return { ...record, timeline: withEntry(record.timeline, at, 'notified', 'It is for an Alertmanager to tell people') }
}

/** Says once which other monitor tells people of it. */
function withTeller(record: IncidentRecord, toldBy: string, at: number): IncidentRecord {
  const says = `${toldBy} tells people of it: it is the same fault there`
  if (record.timeline.some((entry) => entry.says === says)) return record
  return { ...record, timeline: withEntry(record.timeline, at, 'assessed', says) }
}

/** That nothing was said of the location is no mistake to correct, and neither is that nothing can be said any more. */
function withElsewhere(record: IncidentRecord, at: number): IncidentRecord {
  const { told, diagnosis, elsewhereSince } = record
  const location = diagnosis?.location ?? null
  const isElsewhere = told !== null && told.location !== null && location !== null && location !== told.location
  if (!isElsewhere) return elsewhereSince === null ? record : { ...record, elsewhereSince: null }
  return elsewhereSince === null ? { ...record, elsewhereSince: at } : record
}

function lastedOf({ startsAt, endsAt }: IncidentRecord): string {
  return endsAt === null ? '' : `; it lasted ${durationInWords(endsAt - startsAt)}`
}

/** Whether more than the numbers of what fires has changed. */
function isOther(before: IncidentRecord, now: IncidentRecord): boolean {
  return (
    before.timeline !== now.timeline ||
    before.severity !== now.severity ||
    before.diagnosis?.cause !== now.diagnosis?.cause
  )
}
