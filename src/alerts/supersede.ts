import { alertName } from '../observation/alert.ts'
import type { Issue } from '../observation/observation.ts'
import type { AlertRecord } from './book.ts'

/** Whether another issue of the same observation says more: a flow may have made one that holds both. */
export function isSuperseded(issue: Issue, all: readonly Issue[]): boolean {
  return all.some(
    (other, index) =>
      other.supersedes?.includes(issue.type) && !(issue.supersedes?.includes(other.type) && all.indexOf(issue) < index),
  )
}

/**
 * Of the records of the same target, the alerts that fire and say less of the same fact as this issue. What came by
 * webhook is not among them: what somebody else says to have told must not be taken for told of this.
 */
export function supersededBy(ofTarget: readonly AlertRecord[], { supersedes = [] }: Issue): AlertRecord[] {
  if (supersedes.length === 0) return []
  const names = new Set(supersedes.map(alertName))
  return ofTarget.filter(
    ({ status, source, labels }) => status === 'firing' && source === 'observation' && names.has(labels.alertname),
  )
}

/**
 * One outage is one alert: this one goes on where the other stops. What people know of the other they know of this one,
 * unless this one is graver: then they are told of it, even where somebody had acknowledged or silenced the other.
 */
export function takeOver(record: AlertRecord, other: AlertRecord): AlertRecord {
  // What has been told has the moment of its beginning in its name.
  const startsAt = record.told === null ? Math.min(record.startsAt, other.startsAt) : record.startsAt
  const since = { ...record.issue, since: new Date(startsAt).toISOString() }
  const toldBefore = record.toldBefore ?? other.told ?? other.toldBefore ?? null
  const supersedes = [...new Set([...(record.supersedes ?? []), ...(other.supersedes ?? []), other.id])]
  const next = { ...record, startsAt, issue: since, toldBefore, supersedes }
  if (other.labels.severity !== record.labels.severity) return next
  const told = other.told && { via: other.told.via, at: other.told.at, accepted: null }
  return {
    ...next,
    told: record.told ?? told,
    acknowledged: record.acknowledged ?? other.acknowledged,
    silenced: record.silenced ?? other.silenced,
  }
}
