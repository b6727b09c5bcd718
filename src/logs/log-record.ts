import type { LogLevel } from '../observation/observation.ts'
import { ownEntry } from '../observation/shape.ts'
import { truncate } from '../observation/words.ts'

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
  dataset: 'rtmp_hmonitor.events' | 'rtmp_hmonitor.alerts' | 'rtmp_hmonitor.incidents' | 'rtmp_hmonitor.log'
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
  incident?: LoggedIncident
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
  /** Where the fault is, by which cause of docs/diagnosis.md, and how sure that is. */
  location?: string
  cause?: string
  confidence?: string
}

export interface LoggedIncident {
  id: string
  severity: string
  status: string
  startsAt: string
  endsAt?: string
  /** Targets, as `stream main`. */
  members: string[]
  by?: string
  /** Where the fault is, by which cause of docs/diagnosis.md, and how sure that is. */
  location?: string
  cause?: string
  confidence?: string
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

/** Bounds of what one line holds of a message, because a message may come from anywhere. */
export const LONGEST_TEXT = 2_000
export const MOST_ITEMS = 20
export const MOST_LABELS = 50
const LONGEST_LABEL = 100

/**
 * The line of a record, with its end. Each text is redacted by itself, because within JSON a secret may be written in
 * another way, and what is cut out there may be what keeps it JSON.
 *
 * @param sequence of the line in its file, from 1: it tells the order, and that one is missing
 * @param redact takes secrets out of a text
 */
export function logLine(record: LogRecord, sequence: number, redact: (text: string) => string): string {
  const shown = Object.entries(record.labels ?? {})
    .filter(([, value]) => typeof value === 'string')
    .slice(0, MOST_LABELS)
    // A dot would make a level of its own in an index: ECS asks for names without.
    .map(([name, value]) => [truncate(redact(name), LONGEST_LABEL).replaceAll('.', '_'), value] as const)
  const labels = shown.length === 0 ? undefined : Object.fromEntries(shown)
  const whole = { ...record, event: { ...record.event, sequence }, labels }
  return `${JSON.stringify(whole, (_name, value: unknown) => bounded(value, redact))}\n`
}

function bounded(value: unknown, redact: (text: string) => string): unknown {
  if (Array.isArray(value)) return value.slice(0, MOST_ITEMS)
  if (typeof value !== 'string') return value
  // Cut twice: what is searched is bounded, and a secret across the first cut is not within the second.
  return truncate(redact(value.slice(0, 2 * LONGEST_TEXT)), LONGEST_TEXT)
}
