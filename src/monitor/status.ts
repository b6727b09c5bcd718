import type { Alert } from '../observation/alert.ts'
import type { Instant } from '../observation/clock.ts'
import { MonitorError } from '../observation/errors.ts'
import type { Incident } from '../observation/incident.ts'
import { iso } from '../observation/local-time.ts'
import type { Kind, Observation } from '../observation/observation.ts'
import type { Rejection } from '../targets/rejection.ts'
import type { ClusterShard } from '../targets/shard.ts'
import type { DirectoryEntry } from './directory.ts'
import type { HealthReason } from './health-report.ts'
import { type Arrival, ageOf, isStale } from './newest.ts'
import { countNotWatched, type ToldRejection, tell } from './rejections.ts'

/** What the status is made from. */
export interface StatusInput {
  name: string
  site: string
  version: string
  startedAt: Instant
  at: Instant
  /** Null where this monitor watches all of its targets. */
  shard: ClusterShard | null
  entries: readonly DirectoryEntry[]
  arrivalOf(entry: DirectoryEntry): Arrival | undefined
  /** What fires now. */
  alerts: readonly Alert[]
  /** The newest first; null where nothing groups what fires. */
  incidents: readonly Incident[] | null
  /** What is said to be watched and is not, or not as it is written. */
  rejected: readonly Rejection[]
  /** What `/health` says until somebody has seen it. */
  lasting: readonly HealthReason[]
}

/** The answer of `GET /api/v1/status`. */
export interface StatusDocument {
  /** Times are ISO 8601, UTC. */
  instance: {
    name: string
    site: string
    version: string
    startedAt: string
    time: string
    /** Only of a monitor that shares its targets with others: which part of how many is here, from 0. */
    shard?: { cluster: string; index: number; count: number }
  }
  targets: Observation[]
  /** What fires now, of the targets that are asked for; with all of them also what the monitor says of itself. */
  alerts: Alert[]
  /**
   * What fires and belongs together, and what has ended: those with a target that is asked for, the open ones first, and of
   * many only some. Null where no `incident` node groups what fires.
   */
  incidents: Incident[] | null
  /** Of the targets that are asked for; with all of them, also what belongs to none. */
  rejected: {
    /** Targets that are not watched because of it. */
    targets: number
    /** Mistakes, however many `entries` there is room for. */
    total: number
    entries: ToldRejection[]
  }
  /** What was lost or went wrong in the monitor itself, until somebody has seen it, as `/health` says it. */
  lasting: HealthReason[]
}

/** Incidents that the status has. */
const MOST_OPEN = 100
const MOST_ENDED = 30

/** Mistakes that the status has, so that a file full of them does not fill it. */
const MOST_REJECTIONS = 100

/** Which targets are asked for; null: all. */
export interface StatusQuery {
  kinds: readonly Kind[] | null
  targets: readonly string[] | null
}

/**
 * Takes `?kind=` and `?target=`, each also several times, from a parsed query string.
 *
 * @throws MonitorError `invalid-message` for a kind that there is not and for other forms
 */
export function parseStatusQuery(query: unknown, known: readonly Kind[]): StatusQuery {
  const { kind, target } = (query ?? {}) as { kind?: unknown; target?: unknown }
  return {
    kinds: values('kind', kind)?.map((text) => parseKind(text, known)) ?? null,
    targets: values('target', target),
  }
}

/**
 * The newest observation of every watched target. What is too old is `unknown`, and so is what no observation has come
 * of: nobody may take it for healthy.
 */
export function statusDocument(input: StatusInput, { kinds, targets }: StatusQuery): StatusDocument {
  const { name, site, version, startedAt, at } = input
  const entries = input.entries.filter(
    (entry) => (kinds?.includes(entry.kind) ?? true) && (targets?.includes(entry.name) ?? true),
  )
  const rejected = input.rejected.filter(
    ({ kind, name }) =>
      (kinds?.some((one) => one === kind) ?? true) && (targets?.some((target) => target === name) ?? true),
  )
  return {
    instance: { name, site, version, startedAt: iso(startedAt.wall), time: iso(at.wall), ...shardOf(input) },
    targets: entries.map((entry) => present(entry, input.arrivalOf(entry), at)),
    alerts: input.alerts.filter(
      (alert) => (kinds?.some((kind) => kind === alert.kind) ?? true) && (targets?.includes(alert.target) ?? true),
    ),
    incidents: input.incidents && incidentsOf(input.incidents, { kinds, targets }),
    rejected: {
      targets: countNotWatched(rejected),
      total: rejected.length,
      entries: rejected.slice(0, MOST_REJECTIONS).map(tell),
    },
    lasting: [...input.lasting],
  }
}

function shardOf({ shard }: StatusInput): Pick<StatusDocument['instance'], 'shard'> {
  if (shard === null) return {}
  const { cluster, index, count } = shard
  return { shard: { cluster, index, count } }
}

function incidentsOf(all: readonly Incident[], { kinds, targets }: StatusQuery): Incident[] {
  const asked = all.filter(({ members }) =>
    members.some(
      ({ kind, target }) => (kinds?.some((one) => one === kind) ?? true) && (targets?.includes(target) ?? true),
    ),
  )
  const of = (status: Incident['status']) => asked.filter((incident) => incident.status === status)
  return [...of('open').slice(0, MOST_OPEN), ...of('ended').slice(0, MOST_ENDED)]
}

function present(entry: DirectoryEntry, arrival: Arrival | undefined, at: Instant): Observation {
  const shown = arrival?.observation ?? nothingYet(entry)
  if (!isStale(entry, arrival, at.monotonic)) return shown
  const age = Math.round(ageOf(entry, arrival, at.monotonic))
  const message = `No observation has come for ${age} s, expected is one every ${entry.interval} s: GET /health says why`
  return { ...shown, state: 'unknown', score: null, error: { code: 'stale', message } }
}

function nothingYet({ kind, name, since }: DirectoryEntry): Observation {
  return {
    kind,
    target: name,
    labels: {},
    time: iso(since.wall),
    sequence: 0,
    state: 'unknown',
    expected: false,
    score: null,
    measurements: {},
    issues: [],
  }
}

function values(parameter: string, value: unknown): string[] | null {
  if (value === undefined) return null
  const list = [value].flat()
  if (list.every((item) => typeof item === 'string')) return list
  throw new MonitorError('invalid-message', `the parameter ${parameter} must be text, as in ?${parameter}=…`)
}

function parseKind(text: string, known: readonly Kind[]): Kind {
  const kind = known.find((one) => one === text)
  if (kind !== undefined) return kind
  throw new MonitorError('invalid-message', `the parameter kind must be one of ${known.join(', ')}`)
}
