import type { Diagnosis } from '../observation/diagnosis.ts'
import { iso } from '../observation/local-time.ts'
import type { Account, CountedInterval, Interval } from './accounting.ts'
import type { Cause, Interruption } from './report.ts'
import type { IncidentInput, MessageInput, ReportInput } from './report-input.ts'
import { MOST_PICTURED, picturesAround } from './report-pictures.ts'

/**
 * Milliseconds by which what belongs to an interruption may begin before it or come after it: an alert is raised after
 * its hold time, and an incident waits 20 s before it ends.
 */
const NEAR = 30_000

/** Every stretch that counts as down; their lengths add up to it. */
export function interruptionsOf(input: ReportInput, { intervals }: Account): Interruption[] {
  const found = intervals.flatMap((each, index) => {
    if (each.counted !== 'down') return []
    const next = intervals[index + 1]
    return [{ during: each, told: interruptionOf(input, each, next?.from === each.to ? next : null) }]
  })
  const longest = [...found].sort((one, other) => other.told.seconds - one.told.seconds).slice(0, MOST_PICTURED)
  return found.map(({ during, told }) => {
    const isPictured = longest.some((each) => each.told === told)
    return isPictured ? { ...told, pictures: picturesAround(input.pictures, during) } : told
  })
}

function interruptionOf(input: ReportInput, during: Interval, next: CountedInterval | null): Interruption {
  const { kind, target, issues } = input
  const incident = incidentOf(input, during)
  const seen = issues.filter((each) => each.kind === kind && each.target === target && touches(each, during))
  return {
    from: iso(during.from),
    to: iso(during.to),
    seconds: (during.to - during.from) / 1000,
    seen: [...new Set(seen.map(({ issue }) => issue.summary))],
    issues: [...new Set(seen.map(({ issue }) => issue.type))],
    cause: causeOf(incident === null ? null : diagnosisDuring(incident, during)),
    told: toldOf(input, during),
    acknowledged: acknowledgedOf(incident),
    pictures: [],
    endedBy: next === null ? 'end' : next.counted === 'unknown' ? 'unmeasured' : 'media',
  }
}

/** The incident that the target was in meanwhile: of several, the one that began nearest to it. */
function incidentOf({ kind, target, incidents }: ReportInput, during: Interval): IncidentInput | null {
  const own = incidents.filter(
    (incident) =>
      incident.members.some((member) => member.kind === kind && member.target === target) && touches(incident, during),
  )
  const distance = ({ from }: IncidentInput) => Math.abs(from - during.from)
  return own.sort((one, other) => distance(one) - distance(other))[0] ?? null
}

/** The cause that it had when the interruption ended: it may have come back since, from another one. */
function diagnosisDuring({ diagnosis, assessments }: IncidentInput, { to }: Interval): Diagnosis | null {
  // Of a short one the cause is found when it is over already.
  return (assessments.findLast(({ at }) => at < to) ?? assessments[0])?.diagnosis ?? diagnosis
}

function touches({ from, to }: { from: number; to: number | null }, during: Interval): boolean {
  return from < during.to + NEAR && (to === null || to > during.from)
}

export function causeOf(diagnosis: Diagnosis | null): Cause | null {
  if (diagnosis === null) return null
  const { location, confidence, says, orElse, evidenceFor, answersFor = [] } = diagnosis
  if (location === null || confidence === null) return null
  const other = orElse && { orElse: { location: orElse.location, says: orElse.says } }
  return { location, says, confidence, ...other, evidence: [...evidenceFor], answers: [...answersFor] }
}

/** The first message that told of the target and came while it was away, or soon after. */
function toldOf({ kind, target, messages }: ReportInput, during: Interval): Interruption['told'] {
  const about = (message: MessageInput) => message.about.some((each) => each.kind === kind && each.target === target)
  const meanwhile = messages.filter((each) => about(each) && each.at >= during.from && each.at < during.to + NEAR)
  const first = meanwhile.sort((one, other) => rank(one) - rank(other) || one.at - other.at)[0]
  if (first === undefined) return null
  const { at, receiver, result } = first
  return { at: iso(at), after: (at - during.from) / 1000, receiver, result }
}

/** What was delivered tells more than what was given up. */
const rank = ({ result }: MessageInput) => (result === 'delivered' ? 0 : 1)

function acknowledgedOf(incident: IncidentInput | null): Interruption['acknowledged'] {
  if (incident === null || incident.acknowledgedBy === null) return null
  const { acknowledgedBy, acknowledgedAt } = incident
  return { by: acknowledgedBy, at: acknowledgedAt === null ? null : iso(acknowledgedAt) }
}
