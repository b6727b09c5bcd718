import type { Alert, AlertChange, AlertSeverity } from '../observation/alert.ts'
import { LOG_LEVELS, type LogLevel, type MonitorEvent, type Severity } from '../observation/observation.ts'
import type { OwnCounter } from '../observation/own-metric.ts'
import { ownEntry } from '../observation/shape.ts'

export const LOG_EVENTS: OwnCounter<'level'> = {
  name: 'hmonitor_log_events_total',
  type: 'counter',
  help: 'Events and alerts that log nodes took for their file, by level.',
  labels: ['level'],
  zeros: LOG_LEVELS.map((level) => ({ level })),
}

/** A state that a target comes into. What cannot be measured is a warning: nobody knows whether it is well. */
const LEVEL_OF_STATE: Readonly<Record<string, LogLevel>> = {
  ok: 'info',
  off: 'info',
  unknown: 'warn',
  degraded: 'warn',
  down: 'error',
}

/** An issue that is raised. */
const LEVEL_OF_SEVERITY: Readonly<Record<Severity, LogLevel>> = { info: 'info', warning: 'warn', error: 'error' }

/** An alert that fires, or goes on. */
const LEVEL_OF_ALERT: Readonly<Record<AlertSeverity, LogLevel>> = { warning: 'warn', critical: 'error' }

/** These tell of a fault; what else happens to an alert is news about it. */
const FAULT_CHANGES: ReadonlySet<AlertChange> = new Set(['firing', 'repeated'])

/** Sessions end and begin by the hundred while a server is away: they are for a search. */
export function levelOfEvent({ event, to, issue }: MonitorEvent): LogLevel {
  if (event === 'session') return 'debug'
  if (event === 'state') return ownEntry(LEVEL_OF_STATE, to ?? '') ?? 'info'
  if (event === 'raised') return LEVEL_OF_SEVERITY[issue?.severity ?? 'info']
  return 'info'
}

export function levelOfAlert({ change, severity }: Alert): LogLevel {
  return FAULT_CHANGES.has(change) ? (ownEntry(LEVEL_OF_ALERT, severity) ?? 'warn') : 'info'
}

/** Whether this is to be written where `least` is asked for. */
export function isAtLeast(level: LogLevel, least: LogLevel): boolean {
  return LOG_LEVELS.indexOf(level) >= LOG_LEVELS.indexOf(least)
}

export function isLogLevel(value: unknown): value is LogLevel {
  return LOG_LEVELS.some((level) => level === value)
}
