import { leavesStreamWell } from '../diagnosis/causes.ts'
import type { AlertSeverity } from '../observation/alert.ts'
import { type Diagnosis, LOCATIONS, type Location } from '../observation/diagnosis.ts'
import type { IncidentRecord, MemberAlert } from './book.ts'
import { targetKey } from './kinship.ts'
import { withEntry } from './timeline.ts'
import { TURN_AFTER } from './timing.ts'

/** Probability of what is possible at least (`WORDS` of the diagnosis). */
const POSSIBLE = 0.5

/** The worst of these. */
export function worstOf(alerts: readonly Pick<MemberAlert, 'severity'>[]): AlertSeverity {
  return alerts.some(({ severity }) => severity === 'critical') ? 'critical' : 'warning'
}

export function firingOf({ alerts }: Pick<IncidentRecord, 'alerts'>): MemberAlert[] {
  return Object.values(alerts).filter(({ endsAt }) => endsAt === null)
}

/** The gravest first, then what affects most, then the oldest. */
export function gravestFirst(one: MemberAlert, other: MemberAlert): number {
  const rank = ({ severity }: MemberAlert) => (severity === 'critical' ? 0 : 1)
  return (
    rank(one) - rank(other) ||
    other.effects.length - one.effects.length ||
    one.startsAt - other.startsAt ||
    (one.id < other.id ? -1 : 1)
  )
}

/** Whether it says that nothing is wrong with a stream that is gone. */
function isContradicted({ cause }: Diagnosis, alerts: readonly MemberAlert[]): boolean {
  return leavesStreamWell(cause) && alerts.some(({ kind, severity }) => kind === 'stream' && severity === 'critical')
}

/**
 * The diagnosis of an incident: of the gravest alerts, that location which explains most targets, as the surest of them
 * shows it. Null where none has any.
 */
export function diagnosisOf(
  alerts: readonly MemberAlert[],
  diagnosisBy: (id: string) => Diagnosis | undefined,
): Diagnosis | null {
  const known = [...alerts].sort(gravestFirst).flatMap((alert) => {
    const diagnosis = diagnosisBy(alert.id)
    return diagnosis === undefined ? [] : [{ alert, diagnosis }]
  })
  const located = known.filter(({ diagnosis }) => diagnosis.location !== null && !isContradicted(diagnosis, alerts))
  const worst = worstOf(located.map(({ alert }) => alert))
  const explained = new Map<Location, Set<string>>()
  for (const { alert, diagnosis } of located) {
    if (alert.severity !== worst || diagnosis.location === null) continue
    const targets = explained.get(diagnosis.location) ?? new Set()
    for (const target of [targetKey(alert.kind, alert.target), ...alert.effects]) targets.add(target)
    explained.set(diagnosis.location, targets)
  }
  const most = (location: Location) => explained.get(location)?.size ?? 0
  const surest = (location: Location | null) =>
    located
      .filter(({ alert, diagnosis }) => alert.severity === worst && diagnosis.location === location)
      .map(({ diagnosis }) => diagnosis)
      .reduce<Diagnosis | null>(
        (best, one) => (best !== null && best.probability >= one.probability ? best : one),
        null,
      )
  const likely = LOCATIONS.filter((location) => most(location) > 0).sort(
    (one, other) => most(other) - most(one) || (surest(other)?.probability ?? 0) - (surest(one)?.probability ?? 0),
  )
  return surest(likely[0] ?? null) ?? known.find(({ diagnosis }) => diagnosis.location === null)?.diagnosis ?? null
}

/**
 * The record with what is likely now. The first location counts at once; another one when it stays so, because evidence
 * comes in from probes of other paces; none never takes the place of one. While the fault goes away nothing is said anew: what is left of it, such as a
 * platform that has not noticed yet, would take the blame.
 */
export function assessed(
  record: IncidentRecord,
  diagnosisBy: (id: string) => Diagnosis | undefined,
  at: number,
): IncidentRecord {
  if (record.isReceding) return withoutTurn(record, at)
  const firing = firingOf(record)
  const next = diagnosisOf(firing, diagnosisBy)
  const before = record.diagnosis !== null && isContradicted(record.diagnosis, firing) ? null : record.diagnosis
  if (next === null) return before === record.diagnosis ? record : { ...record, diagnosis: null }
  if (before === null || before.location === null || before.location === next.location) {
    const isNews = next.cause !== null && next.cause !== before?.cause
    const timeline = isNews ? withEntry(record.timeline, at, 'assessed', causeSentence(next)) : record.timeline
    return { ...record, diagnosis: next, candidate: null, timeline }
  }
  const since = record.candidate?.location === next.location ? record.candidate.since : at
  if (at - since < TURN_AFTER) return { ...record, candidate: { location: next.location, since } }
  if (next.location === null) {
    if (before.confidence === 'possible') return record
    const kept = lessSure(before)
    const timeline = withEntry(record.timeline, at, 'assessed', `It is less sure now. ${causeSentence(kept)}`)
    return { ...record, diagnosis: kept, candidate: { location: null, since }, timeline }
  }
  const timeline = withEntry(record.timeline, at, 'assessed', causeSentence(next))
  const turnedFrom = record.told?.location === before.location ? before : record.turnedFrom
  return { ...record, diagnosis: next, candidate: null, turnedFrom, timeline }
}

/**
 * The record when the fault goes away: a turn that people were not told of yet is none. It came of what recovers first, such
 * as a stream that is back while the platform has not noticed.
 */
function withoutTurn(record: IncidentRecord, at: number): IncidentRecord {
  const { turnedFrom, elsewhereSince, candidate } = record
  if (turnedFrom === null || elsewhereSince === null)
    return candidate === null ? record : { ...record, candidate: null }
  const timeline = withEntry(record.timeline, at, 'assessed', `It was on the way out: ${causeSentence(turnedFrom)}`)
  return { ...record, diagnosis: turnedFrom, candidate: null, turnedFrom: null, elsewhereSince: null, timeline }
}

/**
 * What was found goes on where nothing is found now, since that names no other place: after a restart little is known yet,
 * and of what is over hardly anything. That it is less sure is said.
 */
function lessSure(before: Diagnosis): Diagnosis {
  return { ...before, confidence: 'possible', probability: Math.min(before.probability, POSSIBLE) }
}

function causeSentence({ says, confidence, orElse }: Diagnosis): string {
  return `Probable cause: ${says} (${confidence})${orElse ? `. Could as well be: ${orElse.says}` : ''}`
}
