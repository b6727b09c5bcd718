import type { Diagnosis } from '../observation/diagnosis.ts'
import { type Interval, sum, union, within } from './accounting.ts'
import { causeOf } from './interruptions.ts'
import type { Degradation, Remedy } from './report.ts'
import type { IncidentInput, IssueInput, ReportInput } from './report-input.ts'

/** What was wrong, by issue and target: the worst first, then what lasted longest. Information is none. */
export function degradationsOf({ issues, span }: ReportInput): Degradation[] {
  const groups = new Map<string, IssueInput[]>()
  for (const each of issues) {
    if (each.issue.severity === 'info') continue
    const key = JSON.stringify([each.kind, each.target, each.issue.type])
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  const found = [...groups.values()].flatMap((group) => degradationOf(group, span))
  return found.sort((one, other) => rank(one) - rank(other) || other.seconds - one.seconds)
}

const rank = ({ severity }: Degradation) => (severity === 'error' ? 0 : 1)

function degradationOf(group: readonly IssueInput[], span: Interval): Degradation[] {
  const times = union(within(group.map(closed(span)), span))
  const worst = [...group].sort((one, other) => distance(other) - distance(one))[0]
  if (worst === undefined || times.length === 0) return []
  const { kind, target, issue } = worst
  const lengths = times.map(({ from, to }) => to - from)
  return [
    {
      ...{ kind, target, issue: issue.type, severity: issue.severity },
      ...{ times: times.length, seconds: sum(lengths) / 1000, longest: Math.max(...lengths) / 1000 },
      ...{ worst: issue.measured ?? null, expected: issue.expected ?? null, unit: issue.unit ?? null },
      says: issue.summary,
    },
  ]
}

const closed =
  (span: Interval) =>
  ({ from, to }: { from: number; to: number | null }): Interval => ({ from, to: to ?? span.to })

/** How far what was measured is from what was expected; without numbers, how long it lasted says it. */
function distance({ issue, from, to }: IssueInput): number {
  const { measured, expected } = issue
  if (typeof measured === 'number' && typeof expected === 'number') return Math.abs(measured - expected)
  return to === null ? Number.MAX_VALUE : to - from
}

/** Steps at most: a longer list is not read. */
const MOST_STEPS = 10

/**
 * What to do before the next event: what helps against the causes, then what helps against issues that no cause explains,
 * the worst first. A step that helps against several stands once.
 */
export function remediesOf({ incidents, issues }: ReportInput): Remedy[] {
  const known = incidents.filter((incident) => sureCauses(incident).length > 0)
  const explained = (each: IssueInput) => known.some((incident) => covers(incident, each))
  const causes = known.flatMap(sureCauses).map(({ says, remedy }) => ({ against: says, steps: remedy }))
  const seen = issues
    .filter((each) => each.issue.severity !== 'info' && !explained(each))
    .sort((one, other) => Number(other.issue.severity === 'error') - Number(one.issue.severity === 'error'))
    .map(({ target, issue }) => ({ against: `${target}: ${issue.type}`, steps: issue.remedy }))
  const steps = new Map<string, Set<string>>()
  for (const { against, steps: own } of [...causes, ...seen]) {
    for (const step of own) steps.set(step, (steps.get(step) ?? new Set()).add(against))
  }
  return [...steps].slice(0, MOST_STEPS).map(([step, against]) => ({ step, against: [...against] }))
}

/** The causes of an incident that are more than possible. */
function sureCauses({ diagnosis, assessments }: IncidentInput): Diagnosis[] {
  const all = assessments.length > 0 ? assessments.map((each) => each.diagnosis) : diagnosis === null ? [] : [diagnosis]
  return all.filter((each) => causeOf(each) !== null && each.confidence !== 'possible')
}

function covers(incident: IncidentInput, { kind, target, from }: IssueInput): boolean {
  const isMember = incident.members.some((member) => member.kind === kind && member.target === target)
  return isMember && from >= incident.from - COINCIDES && (incident.to === null || from <= incident.to)
}

/** Milliseconds before an incident in which what it is about may have begun. */
const COINCIDES = 60_000
