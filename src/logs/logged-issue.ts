import type { Issue } from '../observation/observation.ts'
import type { LoggedIssue } from './log-record.ts'

/** @param issue of a message; what an alert brings in it may be anything but summary and remedy */
export function loggedIssue(issue: Issue): LoggedIssue {
  const { type, severity, since, measured, expected, unit, summary, remedy, supersedes } = issue
  return {
    type: String(type),
    severity: String(severity),
    since: String(since),
    ...reading('measured', measured),
    ...reading('expected', expected),
    ...(unit !== undefined && { unit }),
    summary,
    remedy: [...remedy],
    ...(supersedes?.length && { supersedes: [...supersedes] }),
  }
}

function reading(name: 'measured' | 'expected', value: unknown): Partial<LoggedIssue> {
  if (typeof value === 'number' && Number.isFinite(value)) return { [name]: value }
  return typeof value === 'string' ? { [`${name}Text`]: value } : {}
}
