import { AT_ONCE, Cluster } from '../../cluster/cluster.ts'
import { Commands } from '../../monitor/commands.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { MonitorError } from '../../observation/errors.ts'
import { isRecord } from '../../observation/shape.ts'
import { ANSWER_WITH, type Answer, type Asked, json, noticeOf, problem } from './answer.ts'

/** Seconds and bytes that a peer has to do what it is told: it writes it down first. */
const DONE_WITHIN = 5 * AT_ONCE
const MOST_BYTES = 64 * 1024

/**
 * A command to whichever monitor of the cluster it concerns: here first, and else, or of a target that several watch, to
 * all others, who do it where it is their business.
 */
export async function commandInCluster(state: MonitorState, asked: Asked): Promise<Answer> {
  const cluster = state.part(Cluster)
  const { payload, signal } = asked
  if (!cluster.isJoined || isOfThisMonitor(payload)) return ANSWER_WITH.command(state, asked)
  try {
    const isDone = state.part(Commands).isTaken(payload)
    const own = json(200, { done: true, ...withNotice(noticeOf(state, payload)) })
    if (isDone && !isOfSeveral(cluster, payload)) return own
    const question = { path: '/api/v1/command', query: {}, command: payload }
    const { answers, faults } = await cluster.ask(question, { within: DONE_WITHIN, mostBytes: MOST_BYTES, signal })
    const done = answers.find(({ answer }) => answer.status === 200)
    if (isDone) return own
    if (done !== undefined) return { ...own, payload: done.answer.body.toString('utf8') }
    const missing = (state.shard?.count ?? 1) - 1 - answers.length
    if (missing <= 0) return ANSWER_WITH.command(state, asked)
    const why = faults.map(({ address, fault }) => `${address}: ${fault}`).join('; ')
    const silent = missing === 1 ? '1 monitor of the cluster does' : `${missing} monitors of the cluster do`
    return problem(503, 'silent-peer', `No monitor that answers takes that command, and ${silent} not answer: ${why}`)
  } catch (error) {
    if (error instanceof MonitorError) return problem(400, error.code, error.message)
    throw error
  }
}

/** What is set up or tried here is no other monitor's business, and it may hold passwords and stream keys. */
function isOfThisMonitor(payload: unknown): boolean {
  return isRecord(payload) && /^(set|try|remove)-/.test(String(payload.action))
}

/** Whether a command names a target that several monitors watch. */
function isOfSeveral(cluster: Cluster, payload: unknown): boolean {
  if (!isRecord(payload) || typeof payload.name !== 'string') return false
  return cluster.shardsOf(typeof payload.kind === 'string' ? payload.kind : null, payload.name).length > 1
}

function withNotice(notice: string | null): { notice?: string } {
  return notice === null ? {} : { notice }
}
