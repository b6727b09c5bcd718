import type { NodeAPI, NodeMessage } from 'node-red'
import type { MonitorState } from '../../monitor/state.ts'
import { areStarted } from '../../node-red/events.ts'
import { catchable } from '../../node-red/input.ts'
import { registerMonitorNode } from '../../node-red/monitor-node.ts'
import { monitorNode } from '../../node-red/monitors.ts'
import { ANSWERS, type Answer, type AnswerName, problem, type ServeFields } from './answer.ts'
import { answerAny } from './answer-any.ts'
import { ONE_INCIDENT } from './answer-incidents.ts'
import { type Admission, admit, type Door, LOST_TOKEN, type Refused } from './bearer-auth.ts'
import { type HttpRequest, requestIn } from './request.ts'

/** Who may ask what, where it is not whoever may ask the API. */
const DOORS: Partial<Record<AnswerName, Door>> = { alerts: 'webhook', peer: 'peer' }

export default function register(RED: NodeAPI): void {
  registerMonitorNode<ServeFields>(RED, 'hmonitor-serve', ({ node, config, line }) => {
    let state: MonitorState | null = null
    let hasWarned = false

    /** Says the first of them in the log: a Prometheus that is refused shows no more than the number. */
    const refusal = ({ warning, ...answer }: Refused): Answer => {
      if (warning !== undefined && !hasWarned) node.warn(warning)
      hasWarned ||= warning !== undefined
      return answer
    }

    const answer = async (
      request: HttpRequest | null,
      payload: unknown,
      signal: AbortSignal,
    ): Promise<Answer & { admission?: Admission }> => {
      if (state === null) return problem(503, 'internal', 'The monitor is not there yet')
      const name = answerName(config.what, request)
      if (name === null)
        return problem(
          404,
          'not-found',
          'There are /metrics, /health, /api/v1/status, /inspect, /picture, /report, /history, /timeline, /incidents and /alerts',
        )
      let admission: Admission = 'without-token'
      if (request !== null && name !== 'health') {
        const token = monitorNode(RED, state.id)?.credentials?.token ?? ''
        const own = state.remembered.isTokenLost ? LOST_TOKEN : token
        const admitted = await admit(request, own, process.env, DOORS[name] ?? 'api')
        if (typeof admitted !== 'string') return refusal(admitted)
        admission = admitted
      }
      const asked = { request, payload, page: config.page, isStarted: areStarted(RED), signal }
      return { ...(await answerAny(name, state, asked)), admission }
    }

    return {
      begin(its) {
        state = its
        line.clear()
      },
      // A request is answered in any case: one that is not keeps whoever asked waiting.
      refused(msg, { send }, { code, message }) {
        send(Object.assign(msg, problem(503, code, message)))
      },
      async take(msg, { send, signal }) {
        let forAlerts: NodeMessage | null = null
        try {
          const { alerts, admission, ...response } = await answer(requestIn(msg.req), msg.payload, signal)
          Object.assign(msg, response)
          const isAuthenticated = admission === 'with-token'
          if (alerts !== undefined)
            forAlerts = Object.assign({ topic: 'alertmanager', payload: alerts }, { isAuthenticated })
        } catch (error) {
          const { code, message } = catchable(error)
          node.error(message)
          Object.assign(msg, problem(500, code, 'The monitor failed to answer; its log says more'))
        }
        send(msg)
        // Apart from the answer: of several messages that are sent at once Node-RED copies all but the first.
        if (forAlerts !== null) send([null, forAlerts])
      },
    }
  })
}

/** What to answer with: what the dialog says, or what the address ends in. Without a request: the status. */
function answerName(what: unknown, request: HttpRequest | null): AnswerName | null {
  const chosen = ANSWERS.find((name) => name === what)
  if (chosen !== undefined) return chosen
  if (request === null) return 'status'
  const path = typeof request.path === 'string' ? request.path.replace(/\/+$/, '') : ''
  if (ONE_INCIDENT.test(path)) return 'incidents'
  // A command changes something, and a view is for the dashboard: only a node whose dialog says so answers them.
  return ANSWERS.find((name) => name !== 'command' && name !== 'view' && path.endsWith(`/${name}`)) ?? null
}
