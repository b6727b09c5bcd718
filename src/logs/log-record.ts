import type { LogLevel } from '../observation/observation.ts'
import { ownEntry } from '../observation/shape.ts'

/**
 * The version of the Elastic Common Schema whose names the fields have.
 * https://www.elastic.co/guide/en/ecs/8.11/ecs-field-reference.html
 */
const ECS_VERSION = '8.11.0'

/** One line of the log, but for its place in the file: fields of the Elastic Common Schema, and under `hmonitor` what it has no names for. */
export interface LogRecord {
  /** When it happened: ISO 8601, UTC. */
  '@timestamp': string
  log: { level: LogLevel }
  /** One sentence for a person. */
  message: string
  ecs: { version: string }
  /** What writes: the package, and the site where it stands. */
  service: { name: string; version: string; node?: { name: string } }
  /** Who watches: the monitor. Of an alert that came from elsewhere, the one that found it. */
  observer: { type: 'sensor'; name?: string; version: string }
  /** The computer that writes. */
  host: { name: string }
  event: EcsEvent
  /** The user's own labels of the target. */
  labels?: Record<string, string>
  hmonitor: Hmonitor
}

export interface EcsEvent {
  kind: 'event' | 'alert'
  /** Allowed values: https://www.elastic.co/guide/en/ecs/8.11/ecs-allowed-values-event-category.html */
  category: readonly string[]
  type: readonly ('start' | 'end' | 'info')[]
  action: string
  dataset: 'rtmp_hmonitor.events' | 'rtmp_hmonitor.alerts' | 'rtmp_hmonitor.incidents' | 'rtmp_hmonitor.log'
  /** The part of the monitor that says it: what watches a target, what follows alerts and incidents, the log itself. */
  provider: 'probe' | 'alert' | 'incident' | 'log'
  /** Of what has lasted: when it began and ended, ISO 8601, UTC. */
  start?: string
  end?: string
  /** Nanoseconds. */
  duration?: number
  outcome?: 'success' | 'failure' | 'unknown'
  /** The cause of docs/diagnosis.md, where one is known. */
  reason?: string
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
  incident?: LoggedIncident
  /** Events that were not written. */
  lost?: number
}

/** A number and a text have fields of their own, because an index has one type per field. */
export interface LoggedIssue {
  type: string
  severity: string
  since?: string
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
  startsAt?: string
  endsAt?: string
  endedBy?: string
  acknowledgedBy?: string
  silencedUntil?: string
  /** What it mutes because it depends on this target. */
  effects?: string[]
  /** The ids of alerts that stopped for it. */
  supersedes?: string[]
  /** Where the fault is, by which cause of docs/diagnosis.md, and how sure that is. */
  location?: string
  cause?: string
  confidence?: string
}

export interface LoggedIncident {
  id: string
  severity: string
  status: string
  startsAt?: string
  endsAt?: string
  /** Targets, as `stream main`. */
  members: string[]
  by?: string
  /** Where the fault is, by which cause of docs/diagnosis.md, and how sure that is. */
  location?: string
  cause?: string
  confidence?: string
}

/** What writes: the version of its package, and the name of its computer. */
export interface LogWriter {
  version: string
  host: string
}

/** Which monitor speaks, where it stands, and what writes. */
export interface LogOrigin extends LogWriter {
  monitor: string
  site: string
}

/** What every record has. */
export function recordFrame(
  { monitor, site, version, host }: LogOrigin,
  time: string,
  level: LogLevel,
  message: string,
): Pick<LogRecord, '@timestamp' | 'log' | 'message' | 'ecs' | 'service' | 'observer' | 'host'> {
  return {
    '@timestamp': new Date(time).toISOString(),
    log: { level },
    message,
    ecs: { version: ECS_VERSION },
    service: { name: 'rtmp-hmonitor', version, ...(site !== '' && { node: { name: site } }) },
    observer: { type: 'sensor', ...(monitor !== '' && { name: monitor }), version },
    host: { name: host },
  }
}

/** Times as an index takes them; what a message has brought that is none is left out. */
export function timesOf<K extends string>(given: Readonly<Record<K, unknown>>): { [name in K]?: string } {
  const known = Object.entries(given).flatMap(([name, text]) => {
    const time = text === undefined ? Number.NaN : new Date(String(text)).getTime()
    return Number.isNaN(time) ? [] : [[name, new Date(time).toISOString()]]
  })
  return Object.fromEntries(known) as { [name in K]?: string }
}

/**
 * From when to when something lasted, as far as both are known.
 *
 * @param start ISO 8601
 * @param end the same; absent while it goes on
 */
export function spanOf(start: unknown, end?: unknown): Pick<EcsEvent, 'start' | 'end' | 'duration'> {
  const span = timesOf({ start, end })
  const lasted =
    span.start !== undefined && span.end !== undefined ? Date.parse(span.end) - Date.parse(span.start) : null
  return { ...span, ...(lasted !== null && { duration: Math.max(0, lasted) * 1e6 }) }
}

/** By kind of target. Of a platform, the network too: that is how the monitor sees it. */
const CATEGORIES: Readonly<Record<string, string>> = { encoder: 'host', monitor: 'process' }

export function categoryOf(kind: string): readonly string[] {
  return [ownEntry(CATEGORIES, kind) ?? 'network']
}
