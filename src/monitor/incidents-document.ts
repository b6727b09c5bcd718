import { MonitorError } from '../observation/errors.ts'
import type { Incident } from '../observation/incident.ts'
import { messageOrNull } from '../observation/messages.ts'
import { timeOf } from './history-query.ts'
import { newestFirst } from './incident-log.ts'
import type { MonitorState } from './state.ts'

/** Which incidents are asked for; null: whatever it is. */
export interface IncidentsQuery {
  readonly status: Incident['status'] | null
  /** Names of targets that are members. */
  readonly targets: readonly string[] | null
  /** Milliseconds since the epoch: those that were open at some time between. */
  readonly from: number | null
  readonly to: number | null
}

/** The answer of `GET /api/v1/incidents`. */
export interface IncidentsDocument {
  /** The newest first. */
  incidents: Incident[]
  /** Older ones that were asked for and for which there is no room. */
  omitted: number
}

/** Incidents of one answer. */
const MOST = 500
const STATUSES = ['open', 'ended'] as const

/**
 * Takes `?status=&target=&from=&to=` from a parsed query string; `target` also several times.
 *
 * @throws MonitorError `invalid-message` for whatever is not as it should be
 */
export function parseIncidentsQuery(query: unknown): IncidentsQuery {
  const { status, target, from, to } = (query ?? {}) as Readonly<Record<string, unknown>>
  const found = STATUSES.find((one) => one === status)
  if (status !== undefined && status !== '' && found === undefined) {
    throw new MonitorError('invalid-message', `the parameter status must be one of ${STATUSES.join(', ')}`)
  }
  const targets = target === undefined ? null : [target].flat()
  if (targets?.some((name) => typeof name !== 'string' || name === '')) {
    throw new MonitorError('invalid-message', 'the parameter target must be a name, as in ?target=main')
  }
  const [since, until] = [timeOf('from', from), timeOf('to', to)]
  if (since !== null && until !== null && since >= until) {
    throw new MonitorError('invalid-message', 'the parameter from must be before to')
  }
  return { status: found ?? null, targets: targets as string[] | null, from: since, to: until }
}

/**
 * What is open and what was, as the `incident` nodes know it, and before that from the history, where one is kept.
 *
 * @throws MonitorError `not-in-use` where nothing groups what fires
 */
export async function incidentsDocument(state: MonitorState, query: IncidentsQuery): Promise<IncidentsDocument> {
  const own = ownOf(state)
  const ids = new Set(own.map(({ id }) => id))
  const older = (await olderOf(state, query)).filter(({ id }) => !ids.has(id))
  const asked = [...own, ...older].filter((incident) => isAsked(incident, query)).sort(newestFirst)
  return { incidents: asked.slice(0, MOST), omitted: Math.max(0, asked.length - MOST) }
}

/** @throws MonitorError `unknown-incident`, and `not-in-use` where nothing groups what fires */
export async function incidentDocument(state: MonitorState, id: string): Promise<Incident> {
  const isAskedFor = (incident: Incident) => incident.id === id
  const found = ownOf(state).find(isAskedFor) ?? (await olderOf(state, EVER)).find(isAskedFor)
  if (found !== undefined) return found
  throw new MonitorError('unknown-incident', 'No incident with this id is known')
}

const EVER = { from: null, to: null }

/** @throws MonitorError `not-in-use` */
function ownOf({ incidents }: MonitorState): Incident[] {
  if (incidents.isGrouping) return incidents.all
  throw new MonitorError('not-in-use', 'Nothing groups alerts to incidents: the flows have no incident node')
}

/** What the history has, which is nothing where none is kept. */
async function olderOf({ history, clock }: MonitorState, { from, to }: Pick<IncidentsQuery, 'from' | 'to'>) {
  const stretch = { from: from ?? 0, to: to ?? clock.wall() + 1, most: MOST * 2 }
  const entries = await history.ask({ ask: 'entries', types: ['incident'], of: null, ...stretch }).catch((error) => {
    if (error instanceof MonitorError) return []
    throw error
  })
  return entries.flatMap(({ content }) => messageOrNull<Incident>('incident', content) ?? [])
}

function isAsked(incident: Incident, { status, targets, from, to }: IncidentsQuery): boolean {
  if (status !== null && incident.status !== status) return false
  if (targets !== null && !incident.members.some(({ target }) => targets.includes(target))) return false
  if (to !== null && Date.parse(incident.startsAt) >= to) return false
  return from === null || incident.endsAt === undefined || Date.parse(incident.endsAt) > from
}
