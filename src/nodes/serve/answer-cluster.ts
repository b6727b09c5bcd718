import type { PeerAnswer, PeerQuestion } from '../../cluster/ask-peer.ts'
import { AT_ONCE, Cluster, MOST_BYTES } from '../../cluster/cluster.ts'
import { clusterIncidents } from '../../cluster/cluster-incidents.ts'
import { chosenOf } from '../../cluster/cluster-status.ts'
import type { HeardAll } from '../../cluster/peers.ts'
import { incidentsDocument, parseIncidentsQuery } from '../../monitor/incidents-document.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { parseStatusQuery } from '../../monitor/status.ts'
import { MonitorError } from '../../observation/errors.ts'
import { kindsOf } from '../../observation/kind.ts'
import { plainCopy } from '../../observation/plain-copy.ts'
import { isRecord } from '../../observation/shape.ts'
import { ANSWER_WITH, type Answer, type Asked, json, problem } from './answer.ts'
import { ONE_INCIDENT } from './answer-incidents.ts'

/** What one of a cluster can answer for all: together, or as the one of them says that has the target. */
export const FOR_CLUSTER = {
  status: clusterStatusAnswer,
  incidents: incidentsAnswer,
  history: ofTarget('history', 5),
  timeline: ofTarget('timeline', 5),
  picture: ofTarget('picture', 15),
  report: ofTarget('report', 60),
  inspect: ofTarget('inspect', 30),
} as const satisfies Record<string, (state: MonitorState, asked: Asked) => Promise<Answer>>

/** Seconds; of a status that says how old it may be. */
const LONGEST_AGE = 300

async function clusterStatusAnswer(state: MonitorState, { request, payload }: Asked): Promise<Answer> {
  const said = request === null ? payload : request.query
  const query = parseStatusQuery(said, kindsOf(state.kinds))
  const maxAge = request === null && isRecord(payload) ? Number(payload.maxAge ?? AT_ONCE) : AT_ONCE
  const whole = await state.part(Cluster).status(Math.min(LONGEST_AGE, Math.max(0, maxAge || 0)))
  const unknown = query.targets?.find((name) => !whole.targets.some(({ target }) => target === name))
  if (unknown !== undefined) return problem(404, 'unknown-target', 'No target of that name is watched')
  const status = chosenOf(whole, query)
  if (request === null && isRecord(payload) && payload.as === 'object') {
    return { statusCode: 200, headers: {}, payload: plainCopy(status) }
  }
  return json(200, status)
}

async function incidentsAnswer(state: MonitorState, asked: Asked): Promise<Answer> {
  const { request, payload } = asked
  const path = typeof request?.path === 'string' ? request.path.replace(/\/+$/, '') : ''
  const bounds = { within: AT_ONCE, mostBytes: MOST_BYTES, signal: asked.signal }
  const [id] = ONE_INCIDENT.exec(path) ?? []
  if (id !== undefined) {
    const own = await ANSWER_WITH.incidents(state, asked)
    if (own.statusCode === 200) return own
    return best(own, await state.part(Cluster).ask({ path: `/api/v1${id}`, query: {} }, bounds))
  }
  const query = request === null ? payload : request.query
  const wanted = parseIncidentsQuery(query)
  const [own, heard] = await Promise.all([
    incidentsDocument(state, wanted).catch(unlessInUse),
    state.part(Cluster).ask({ path: '/api/v1/incidents', query: withoutScope(query) }, bounds),
  ])
  return json(200, clusterIncidents(own, heard, state.shard ?? { index: 0, count: 1 }))
}

function unlessInUse(error: unknown): null {
  if (error instanceof MonitorError && error.code === 'not-in-use') return null
  throw error
}

/** What one monitor answers of a target: this one where it watches it, else the one that does. @param within seconds */
function ofTarget(name: 'history' | 'timeline' | 'picture' | 'report' | 'inspect', within: number) {
  return async (state: MonitorState, asked: Asked): Promise<Answer> => {
    const said = asked.request === null ? asked.payload : asked.request.query
    const { target, kind } = isRecord(said) ? said : {}
    const cluster = state.part(Cluster)
    const shards = typeof target === 'string' ? cluster.shardsOf(typeof kind === 'string' ? kind : null, target) : []
    const isOwn = shards.includes(state.shard?.index ?? 0)
    if (typeof target !== 'string' || isOwn) return ANSWER_WITH[name](state, asked)
    const question: PeerQuestion = { path: `/api/v1/${name}`, query: withoutScope(said) }
    const bounds = { within, mostBytes: MOST_BYTES, signal: asked.signal }
    const heard = await cluster.ask(
      ...([question, bounds] as const),
      (identity) => shards.length === 0 || identity === undefined || shards.includes(identity.index),
    )
    const [shard] = shards
    if (shard !== undefined && heard.answers.length === 0) return silent(state, shard, heard)
    return best(problem(404, 'unknown-target', 'No target of that name is watched'), heard)
  }
}

/** @param shard which has it, and does not answer */
function silent({ shard: own }: MonitorState, shard: number, { faults }: HeardAll): Answer {
  const why = faults.map(({ address, fault }) => `${address}: ${fault}`).join('; ')
  const name = `${own?.cluster ?? 'shard'}-${shard}`
  return problem(503, 'silent-peer', `${name}, which watches it, does not answer${why === '' ? '' : `: ${why}`}`)
}

/** The first that has it, else what somebody says that is more than not to know it. */
function best(otherwise: Answer, { answers }: HeardAll): Answer {
  const [found] = [
    ...answers.filter(({ answer }) => answer.status === 200),
    ...answers.filter(({ answer }) => answer.status !== 404),
  ]
  return found === undefined ? otherwise : passedOn(found.answer)
}

const PASSED_ON = [
  ...['cache-control', 'content-security-policy', 'content-type', 'last-modified', 'picture-age'],
  ...['referrer-policy', 'x-content-type-options', 'x-frame-options'],
]

function passedOn({ status, headers, body }: PeerAnswer): Answer {
  const kept = PASSED_ON.flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]]))
  const isText = /^(?:text\/|application\/json)/.test(headers['content-type'] ?? '')
  return { statusCode: status, headers: Object.fromEntries(kept), payload: isText ? body.toString('utf8') : body }
}

function withoutScope(query: unknown): Record<string, unknown> {
  const { scope: _, ...rest } = isRecord(query) ? query : {}
  return rest
}
