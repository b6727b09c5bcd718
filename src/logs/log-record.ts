import type { LogLevel } from '../observation/observation.ts'
import { ownEntry } from '../observation/shape.ts'

/**
 * The version of the Elastic Common Schema whose names the fields have.
 * https://www.elastic.co/guide/en/ecs/8.11/ecs-field-reference.html
 */
export const ECS_VERSION = '8.11.0'

/** One line of the log, but for its place in the file: fields of the Elastic Common Schema, and under `hmonitor` what it has no names for. */
export interface LogRecord {
  /** When it happened: ISO 8601, UTC. */
  '@timestamp': string
  log: { level: LogLevel }
  /** One sentence for a person. */
  message: string
  ecs: { version: string }
  service: { name: string; version: string; node?: { name: string } }
  event: EcsEvent
  /** The user's own labels of the target. */
  labels?: Record<string, string>
  hmonitor: Hmonitor
}

interface EcsEvent {
  kind: 'event' | 'alert'
  /** Allowed values: https://www.elastic.co/guide/en/ecs/8.11/ecs-allowed-values-event-category.html */
  category: readonly string[]
  type: readonly ('start' | 'end' | 'info')[]
  action: string
  dataset: 'rtmp_hmonitor.events' | 'rtmp_hmonitor.alerts' | 'rtmp_hmonitor.log'
  /** Nanoseconds. */
  duration?: number
  outcome?: 'success' | 'failure' | 'unknown'
}

interface Hmonitor {
  /** Of the target; `monitor` for what the monitor says of itself. */
  kind: string
  target?: string
  monitor: string
  from?: string
  to?: string
  issue?: LoggedIssue
  alert?: LoggedAlert
  /** Events that were not written. */
  lost?: number
}

/** A number and a text have fields of their own, because an index has one type per field. */
export interface LoggedIssue {
  type: string
  severity: string
  since: string
  measured?: number
  measuredText?: string
  expected?: number
  expectedText?: string
  /** Of the numbers. */
  unit?: string
  summary: string
  remedy: string[]
  /** Types of issues that say less of the same fact, and stop for it. */
  supersedes?: string[]
}

export interface LoggedAlert {
  id: string
  alertname: string
  severity: string
  status: string
  change: string
  startsAt: string
  endsAt?: string
  endedBy?: string
  acknowledgedBy?: string
  silencedUntil?: string
  /** What it mutes because it depends on this target. */
  effects?: string[]
  /** The ids of alerts that stopped for it. */
  supersedes?: string[]
}

/** Which monitor speaks, where it stands, and the version of its package. */
export interface LogOrigin {
  monitor: string
  site: string
  version: string
}

/** What every record has. */
export function recordFrame(
  { site, version }: LogOrigin,
  time: string,
  level: LogLevel,
  message: string,
): Pick<LogRecord, '@timestamp' | 'log' | 'message' | 'ecs' | 'service'> {
  return {
    '@timestamp': new Date(time).toISOString(),
    log: { level },
    message,
    ecs: { version: ECS_VERSION },
    service: { name: 'rtmp-hmonitor', version, ...(site !== '' && { node: { name: site } }) },
  }
}

/** By kind of target. Of a platform, the network too: that is how the monitor sees it. */
const CATEGORIES: Readonly<Record<string, string>> = { encoder: 'host', monitor: 'process' }

export function categoryOf(kind: string): readonly string[] {
  return [ownEntry(CATEGORIES, kind) ?? 'network']
}
