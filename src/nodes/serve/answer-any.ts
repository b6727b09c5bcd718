import { Cluster } from '../../cluster/cluster.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { MonitorError } from '../../observation/errors.ts'
import { isRecord, ownEntry } from '../../observation/shape.ts'
import { ANSWER_WITH, type Answer, type AnswerName, type Asked, problem } from './answer.ts'
import { FOR_CLUSTER } from './answer-cluster.ts'
import { answerDiscovery } from './answer-discovery.ts'
import { answerPeer } from './answer-peer.ts'
import { answerView } from './answer-view.ts'
import { commandInCluster } from './command-cluster.ts'

/** Whose answer is asked for. `auto`: that of the cluster where there is one. */
const SCOPES = ['monitor', 'cluster', 'auto'] as const

/** Answers by itself, or for the cluster where `?scope=cluster` asks for that. */
export async function answerAny(name: AnswerName, state: MonitorState, asked: Asked): Promise<Answer> {
  if (name === 'peer') return answerPeer(state, asked)
  if (name === 'sd') return answerDiscovery(state, asked)
  if (name === 'command') return commandInCluster(state, asked)
  try {
    if (name === 'view') return await answerView(state, asked)
    const scope = scopeOf(asked)
    const forCluster = ownEntry<(typeof FOR_CLUSTER)['status']>(FOR_CLUSTER, name)
    const isWide = scope === 'cluster' || (scope === 'auto' && state.part(Cluster).isJoined)
    if (!isWide || forCluster === undefined) return await ANSWER_WITH[name](state, asked)
    return await forCluster(state, asked)
  } catch (error) {
    if (!(error instanceof MonitorError)) throw error
    const { code, message } = error
    return problem(STATUS_BY_CODE[code] ?? 400, code, state.secrets.redact(message))
  }
}

const STATUS_BY_CODE: Partial<Record<MonitorError['code'], number>> = {
  'not-in-use': 409,
  'missing-variable': 503,
  'unreadable-file': 503,
}

function scopeOf({ request, payload }: Asked): (typeof SCOPES)[number] {
  const said = request === null ? payload : request.query
  const { scope = 'monitor' } = isRecord(said) ? said : {}
  const found = SCOPES.find((one) => one === scope)
  if (found !== undefined) return found
  throw new MonitorError('invalid-message', `the parameter scope must be one of ${SCOPES.join(', ')}`)
}
