import { Cluster } from '../../cluster/cluster.ts'
import { identityHeaders } from '../../cluster/peer-identity.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { isRecord } from '../../observation/shape.ts'
import { ANSWER_WITH, type Answer, type Asked, type LocalAnswerName, problem } from './answer.ts'
import type { HttpRequest } from './request.ts'

/** What a peer may ask, by what its path ends in. */
const FOR_PEERS = [
  ...(['status', 'inspect', 'picture', 'report', 'history', 'timeline', 'incidents', 'command'] as const),
] as const satisfies readonly LocalAnswerName[]

const ONE_INCIDENT_OR_NAME = /\/(?:(incidents)\/[0-9a-f]{1,64}|([a-z]+))$/
const LONGEST_PATH = 200
const MOST_PARAMETERS = 50

/**
 * Answers another monitor of the cluster with what this one knows itself, and says which one this is. Whoever asks here is
 * never asked in turn, so that no question goes round.
 */
export async function answerPeer(state: MonitorState, asked: Asked): Promise<Answer> {
  const { identity } = state.part(Cluster)
  if (identity === null) return problem(409, 'not-in-use', 'PEERS is not set here, or is wrong: the log says why')
  const question = questionIn(asked.payload)
  const headers = identityHeaders(identity)
  if (question === null) {
    const refusal = problem(400, 'invalid-message', 'A question of a peer has a path, a query and perhaps a command')
    return { ...refusal, headers: { ...refusal.headers, ...headers } }
  }
  const { name, path, query, command } = question
  const request: HttpRequest = { path, query, headers: {} }
  const answer = await ANSWER_WITH[name](state, { ...asked, request, payload: command })
  return { ...answer, headers: { ...answer.headers, ...headers } }
}

function questionIn(
  payload: unknown,
): { name: (typeof FOR_PEERS)[number]; path: string; query: object; command: unknown } | null {
  if (!isRecord(payload)) return null
  const { path, query, command } = payload
  if (typeof path !== 'string' || path.length > LONGEST_PATH || !isRecord(query)) return null
  if (Object.keys(query).length > MOST_PARAMETERS) return null
  const [, incidents, last] = ONE_INCIDENT_OR_NAME.exec(path) ?? []
  const name = FOR_PEERS.find((known) => known === (incidents ?? last))
  return name === undefined ? null : { name, path, query, command }
}
