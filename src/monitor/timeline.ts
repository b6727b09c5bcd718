import type { HistoryEntry, TargetName } from '../history/records.ts'
import { LANES, type Lane } from '../observation/kind.ts'
import { iso } from '../observation/local-time.ts'
import type { Kind } from '../observation/observation.ts'
import { kindIn, shownEntry, type TargetHistory, targetHistory } from './history-document.ts'
import type { HistoryQuery } from './history-query.ts'
import type { MonitorState } from './state.ts'

/** Points of one measure on a time line: more than a screen shows beside each other. */
export const MOST_TIMELINE_POINTS = 600
/** Targets of a chain that one answer has, the stream itself first. */
const MOST_TARGETS = 20
/** Entries of each sort, the newest of more. */
const MOST_ENTRIES = 300

/** The answer of `GET /api/v1/timeline`: what a target and all that it needs were, on one time axis. */
export interface TimelineDocument {
  target: string
  kind: Kind
  /** ISO 8601, UTC. */
  from: string
  to: string
  /** Seconds that a point stands for. */
  step: number
  /** In this order, each also where nothing is on it. */
  lanes: { lane: Lane; targets: TargetHistory[] }[]
  /** Incidents that have one of these targets as a member, the oldest first. */
  incidents: object[]
  /** Alerts of these targets, and who was told of them. */
  alerts: object[]
  messages: object[]
  /** Targets that the chain has beyond those that are answered. */
  omitted: number
}

/** @throws MonitorError `unknown-target`, `no-history` */
export async function timelineDocument(state: MonitorState, query: HistoryQuery): Promise<TimelineDocument> {
  const { target, from, to, step } = query
  const kind = kindIn(state, query)
  const chain = chainOf(state, { kind, target })
  const shown = chain.slice(0, MOST_TARGETS)
  const stretch = { from, to, most: MOST_ENTRIES }
  const [histories, incidents, alerts, messages] = await Promise.all([
    Promise.all(shown.map((one) => targetHistory(state, one, query))),
    state.history.ask({ ask: 'entries', types: ['incident'], of: null, ...stretch }),
    state.history.ask({ ask: 'entries', types: ['alert'], of: shown, ...stretch }),
    state.history.ask({ ask: 'entries', types: ['message'], of: null, ...stretch }),
  ])
  const lanes = LANES.map((lane) => ({
    lane,
    targets: histories.filter((history) => state.kinds[history.kind].lane === lane),
  }))
  return {
    ...{ target, kind, from: iso(from), to: iso(to), step: step / 1000, lanes },
    incidents: incidents.filter((entry) => concerns(entry, 'members', shown)).map(shownEntry),
    alerts: alerts.map(shownEntry),
    messages: messages.filter((entry) => concerns(entry, 'alerts', shown)).map(shownEntry),
    omitted: chain.length - shown.length,
  }
}

/** A target, then all that it needs, directly or not. What is not watched any more has only itself. */
function chainOf(state: MonitorState, self: TargetName): TargetName[] {
  const { needs } = state.directory.relations
  const entry = needs.get(self.kind, self.target)
  if (entry === undefined) return [self]
  return [self, ...needs.causesOf(entry).map(({ kind, name }) => ({ kind, target: name }))]
}

/** Whether an entry of several targets is also of one of these. @param list the field of its content that names them */
function concerns({ content }: HistoryEntry, list: 'members' | 'alerts', targets: readonly TargetName[]): boolean {
  const named = (content as Readonly<Record<string, unknown>> | null)?.[list]
  if (!Array.isArray(named)) return false
  return named.some((one: { kind?: unknown; target?: unknown } | null) =>
    targets.some(({ kind, target }) => one?.kind === kind && one?.target === target),
  )
}
