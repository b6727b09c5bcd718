import { type Issue, SEVERITIES } from '../observation/observation.ts'
import { wordsOf } from '../observation/words.ts'
import type { CheckRow, OtherIssue } from './check.ts'
import type { Cause } from './other.ts'

/** How a row of the table stands after one reading, as far as other rows are concerned. */
export interface Standing {
  row: Pick<CheckRow, 'type' | 'supersedes'>
  isActive: boolean
  /** The reading itself showed the fault; an issue that is still active without it waits to be cleared or measured. */
  isAtFault: boolean
}

/** Steps of the advice of a cause that come before the own ones: what to do first, and what to try next. */
const STEPS_OF_CAUSE = 2

/** The active row that says more of the same fact than this one; undefined where there is none. Pure. */
export function supersederOf(standing: Standing, all: readonly Standing[]): Standing | undefined {
  const { type } = standing.row
  return all.find((other) => other.isActive && other.row.supersedes?.includes(type) && !yields(other, standing, all))
}

/** Of two that name each other: whether this one gives way to the other. */
function yields(one: Standing, other: Standing, all: readonly Standing[]): boolean {
  if (!other.isActive || !other.row.supersedes?.includes(one.row.type)) return false
  if (one.isAtFault !== other.isAtFault) return other.isAtFault
  return all.indexOf(other) < all.indexOf(one)
}

/** The issues of one target in the order in which to see to them: causes before what follows, then the gravest, then the oldest. */
export function inOrder(issues: readonly Issue[]): Issue[] {
  return causesFirst([...issues].sort(gravestFirst), (issue) => issue)
}

/** The same items, each behind those whose issue explains its own, and else in the order that they have. Pure. */
export function causesFirst<T>(items: readonly T[], issueOf: (item: T) => Pick<Issue, 'type' | 'explains'>): T[] {
  const waiting = [...items]
  const ordered: T[] = []
  while (waiting.length > 0) {
    const free = waiting.findIndex(
      (item) => !waiting.some((other) => issueOf(other).explains?.includes(issueOf(item).type)),
    )
    // In a circle nobody is free: then the first goes first.
    ordered.push(...waiting.splice(Math.max(0, free), 1))
  }
  return ordered
}

/**
 * What to do about an issue where a target that the judged one depends on says why: what helps there, and then the own
 * steps.
 */
export function advice(
  own: readonly string[],
  explainedBy: readonly OtherIssue[] | undefined,
  causes: () => readonly Cause[],
): string[] {
  if (explainedBy === undefined) return [...own]
  const known = causes()
  for (const { kind, type } of explainedBy) {
    for (const cause of known) {
      const issue = cause.kind === kind ? cause.issues.find((found) => found.type === type) : undefined
      const [first, ...next] = issue?.remedy.slice(0, STEPS_OF_CAUSE) ?? []
      if (first === undefined) continue
      const named = `${first} (Probable cause: ${cause.name}, ${wordsOf(type)}.)`
      return [named, ...next, ...own.filter((step) => step !== first && !next.includes(step))]
    }
  }
  return [...own]
}

function gravestFirst(a: Issue, b: Issue): number {
  return SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) || a.since.localeCompare(b.since)
}
