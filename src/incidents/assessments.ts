import type { Assessment } from '../observation/incident.ts'
import { iso } from '../observation/local-time.ts'
import type { IncidentRecord } from './book.ts'

/** Assessments that are kept: of more, the newest. */
const MOST = 20

/**
 * The record with the cause that it has now among those that it had. Each begins when it was first found; what is found of
 * the same cause later takes its place. When an incident has come back, its cause begins anew.
 *
 * @param isReopened whether it has come back since it was last asked
 * @param at milliseconds since the epoch
 */
export function withAssessment(record: IncidentRecord, isReopened: boolean, at: number): IncidentRecord {
  const { diagnosis, assessments } = record
  if (diagnosis === null || diagnosis.location === null) return record
  const last = assessments.at(-1)
  if (last?.diagnosis === diagnosis && !isReopened) return record
  if (last?.diagnosis.cause === diagnosis.cause && !isReopened) {
    return { ...record, assessments: [...assessments.slice(0, -1), { time: last.time, diagnosis }] }
  }
  const next: Assessment = { time: iso(at), diagnosis }
  return { ...record, assessments: [...withoutUndoneTurn(record, isReopened), next].slice(-MOST) }
}

/** While a fault goes away, a turn that people were not told of is undone: then it was none. */
function withoutUndoneTurn(
  { assessments, diagnosis, isReceding }: IncidentRecord,
  isReopened: boolean,
): readonly Assessment[] {
  const isUndone = isReceding && !isReopened && assessments.at(-2)?.diagnosis.cause === diagnosis?.cause
  return isUndone ? assessments.slice(0, -2) : assessments
}
