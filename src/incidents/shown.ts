import { causesFirst } from '../health/precedence.ts'
import type { AlertEnd, Via } from '../observation/alert.ts'
import { type Location, remedyOf } from '../observation/diagnosis.ts'
import type {
  Incident,
  IncidentChange,
  IncidentEvent,
  IncidentMember,
  IncidentReason,
  TimelineEntry,
} from '../observation/incident.ts'
import { iso } from '../observation/local-time.ts'
import { withUnit } from '../observation/words.ts'
import { firingOf, gravestFirst, worstOf } from './assess.ts'
import type { IncidentRecord, MemberAlert } from './book.ts'
import { targetKey } from './kinship.ts'
import { whereOf } from './members.ts'

/** Steps at most. */
const MOST_STEPS = 4

/** Targets that an entry of the time line names. */
const MOST_NAMED = 50

/** What is said with a change. */
export interface Said {
  change: IncidentChange
  because?: IncidentReason
  correctedFrom?: Location
  /** Where it is not what the record says. */
  via?: Via
}

/** One moment of an incident, as it is sent. @param at milliseconds since the epoch */
export function incidentOf(record: IncidentRecord, said: Said, at: number): Incident {
  const { id, monitor, site, severity, status, startsAt, endsAt, diagnosis, mergedInto, timeline } = record
  const silencedUntil = silenceOf(record, at)
  const acknowledgedBy = acknowledgerOf(record)
  const endedBy = endOf(record)
  return {
    ...{ id, monitor, site, severity, status, via: record.via, ...said },
    startsAt: iso(startsAt),
    ...(status === 'ended' && endsAt !== null && { endsAt: iso(endsAt) }),
    members: membersOf(record, at),
    diagnosis,
    ...(record.assessments.length > 0 && { assessments: [...record.assessments] }),
    labels: labelsOf(record),
    remedy: stepsOf(record),
    ...(status === 'ended' && endedBy !== null && { endedBy }),
    ...(acknowledgedBy !== null && { acknowledgedBy }),
    ...(silencedUntil !== null && { silencedUntil: iso(silencedUntil) }),
    ...(mergedInto !== null && { mergedInto }),
    timeline: [...timeline],
    time: iso(at),
  }
}

/** An entry of its time line, as it goes to a log. */
export function eventOf(record: IncidentRecord, entry: TimelineEntry): IncidentEvent {
  const { id, monitor, site, severity, status, startsAt, endsAt, diagnosis } = record
  const { location = null, cause = null, confidence = null } = diagnosis ?? {}
  return {
    ...entry,
    ...{ incident: id, monitor, site, severity, status, startsAt: iso(startsAt) },
    ...(status === 'ended' && endsAt !== null && { endsAt: iso(endsAt) }),
    members: membersOf(record, Date.parse(entry.time)).slice(0, MOST_NAMED).map(whereOf),
    ...(location !== null && { location }),
    ...(location !== null && cause !== null && { cause }),
    ...(location !== null && confidence !== null && { confidence }),
  }
}

/** Who takes care of it: of the incident, or of each of its worst alerts. */
export function acknowledgerOf(record: IncidentRecord): string | null {
  if (record.acknowledged !== null) return record.acknowledged.by
  const firing = firingOf(record)
  const worst = firing.filter(({ severity }) => severity === worstOf(firing))
  return worst.every(({ acknowledgedBy }) => acknowledgedBy !== null) ? (worst[0]?.acknowledgedBy ?? null) : null
}

/** Until when nothing is said of it: by word of the incident, or of each of its alerts. */
export function silenceOf(record: IncidentRecord, at: number): number | null {
  if (record.silenced !== null && at < record.silenced.until) return record.silenced.until
  const firing = firingOf(record)
  const until = Math.min(...firing.map(({ silencedUntil }) => silencedUntil ?? 0))
  return firing.length > 0 && at < until ? until : null
}

/** The worst first; what fires before what is over. */
function membersOf(record: Pick<IncidentRecord, 'alerts'>, at: number): IncidentMember[] {
  const byTarget = new Map<string, MemberAlert[]>()
  for (const alert of Object.values(record.alerts).sort(gravestFirst)) {
    const key = targetKey(alert.kind, alert.target)
    byTarget.set(key, [...(byTarget.get(key) ?? []), alert])
  }
  const members = [...byTarget.values()].flatMap((all) => {
    const firing = all.filter(({ endsAt }) => endsAt === null)
    const shown = causesFirst(firing.length > 0 ? firing : all, ({ issue }) => issue)
    const [first] = shown
    if (first === undefined) return []
    const { kind, target } = first
    // Of what is over it counts whether it was silent when it ended.
    const until = Math.min(...shown.map(({ silencedUntil, endsAt }) => quietUntil(silencedUntil, endsAt ?? at)))
    const { summary, unit } = first.issue
    const [measured, expected] = [first.issue.measured, first.issue.expected].map((value) => withUnit(value, unit))
    const member: IncidentMember = {
      ...{ kind, target, severity: worstOf(shown), status: firing.length > 0 ? 'firing' : 'over' },
      since: iso(Math.min(...all.map(({ startsAt }) => startsAt))),
      alerts: [...new Set(shown.map(({ alertname }) => alertname))],
      summary,
      ...(measured !== undefined && { measured }),
      ...(expected !== undefined && { expected }),
      ...(until > 0 && { silencedUntil: iso(until) }),
    }
    return [member]
  })
  const rank = ({ status }: IncidentMember) => (status === 'firing' ? 0 : 1)
  // A sort keeps the order of what is alike: the gravest first.
  return members.sort((one, other) => rank(one) - rank(other))
}

/** 0 where a silence is over. */
function quietUntil(until: number | null, at: number): number {
  return until !== null && until > at ? until : 0
}

/** What to do now: against the cause, where that is sure enough, else against the worst of what is seen. */
function stepsOf(record: IncidentRecord): string[] {
  if (record.status === 'ended') return []
  const firing = firingOf(record).sort(gravestFirst)
  const [worst] = firing
  if (worst === undefined) return []
  const ofTarget = firing.filter(({ kind, target }) => kind === worst.kind && target === worst.target)
  const [first = worst] = causesFirst(ofTarget, ({ issue }) => issue)
  return remedyOf({ diagnosis: record.diagnosis, issue: first.issue }).slice(0, MOST_STEPS)
}

/** Those that all have alike. */
function labelsOf({ alerts }: IncidentRecord): Record<string, string> {
  const told = Object.values(alerts).filter(({ isTold }) => isTold)
  const [first, ...others] = told
  const alike = Object.entries(first?.labels ?? {}).filter(([name, value]) =>
    others.every(({ labels }) => labels[name] === value),
  )
  return Object.fromEntries(alike)
}

/** Why the last of them ended: what says least of the fault wins, since nothing was measured of it. */
function endOf({ alerts }: IncidentRecord): AlertEnd | null {
  const ends = new Set(Object.values(alerts).map(({ endedBy }) => endedBy))
  return (['not-watched', 'not-expected', 'cleared'] as const).find((end) => ends.has(end)) ?? null
}
