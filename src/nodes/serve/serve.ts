import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red'
import { areStarted } from '../../node-red/events.ts'
import { catchable, handleInput } from '../../node-red/input.ts'
import { tidyAfterDeploys } from '../../node-red/lifecycle.ts'
import { monitorState } from '../../node-red/monitor-states.ts'
import { followMonitor, monitorNode } from '../../node-red/monitors.ts'
import { usableMonitor } from '../../node-red/refusal.ts'
import { StatusLine } from '../../node-red/status.ts'
import { MonitorError } from '../../observation/errors.ts'
import { ANSWER_WITH, type Answer, problem } from './answer.ts'
import { type Admission, admit } from './door.ts'
import { type HttpRequest, requestIn } from './request.ts'
import { ANSWERS, type AnswerName, type ServeFields } from './serve.types.ts'
import { LOST_TOKEN } from './token.ts'

export default function register(RED: NodeAPI): void {
  tidyAfterDeploys(RED)

  function Serve(this: Node, config: NodeDef & ServeFields): void {
    RED.nodes.createNode(this, config)
    const line = new StatusLine(this)
    let monitor: string | MonitorError = ''
    followMonitor(RED, this, config.monitor, (id) => {
      monitor = usableMonitor(RED, this, config, id, line)
      if (typeof monitor === 'string') line.clear()
    })

    const answer = async (
      request: HttpRequest | null,
      payload: unknown,
      signal: AbortSignal,
    ): Promise<Answer & { admission?: Admission }> => {
      if (monitor instanceof MonitorError) return problem(503, monitor.code, monitor.message)
      const name = answerName(config.what, request)
      if (name === null)
        return problem(404, 'not-found', 'There are /metrics, /health, /api/v1/status, /inspect and /alerts')
      let admission: Admission = 'without-token'
      if (request !== null && name !== 'health') {
        const token = monitorNode(RED, monitor)?.credentials?.token ?? ''
        const own = monitorState(monitor).remembered.isTokenLost ? LOST_TOKEN : token
        const admitted = await admit(request, own, process.env, name === 'alerts' ? 'webhook' : 'api')
        if (typeof admitted !== 'string') return admitted
        admission = admitted
      }
      const asked = { request, payload, isStarted: areStarted(RED), signal }
      return { ...(await ANSWER_WITH[name](monitorState(monitor), asked)), admission }
    }

    // A request is answered in any case: one that is not keeps whoever asked waiting.
    handleInput(this, async (msg, { send, signal }) => {
      let forAlerts: NodeMessage | null = null
      try {
        const { alerts, admission, ...response } = await answer(requestIn(msg.req), msg.payload, signal)
        Object.assign(msg, response)
        const isAuthenticated = admission === 'with-token'
        if (alerts !== undefined)
          forAlerts = Object.assign({ topic: 'alertmanager', payload: alerts }, { isAuthenticated })
      } catch (error) {
        const { code, message } = catchable(error)
        this.error(message)
        Object.assign(msg, problem(500, code, 'The monitor failed to answer; its log says more'))
      }
      send(msg)
      // Apart from the answer: of several messages that are sent at once Node-RED copies all but the first.
      if (forAlerts !== null) send([null, forAlerts])
    })
  }

  RED.nodes.registerType('hmonitor-serve', Serve)
}

/** What to answer with: what the dialog says, or what the address ends in. Without a request: the status. */
function answerName(what: unknown, request: HttpRequest | null): AnswerName | null {
  const chosen = ANSWERS.find((name) => name === what)
  if (chosen !== undefined) return chosen
  if (request === null) return 'status'
  const path = typeof request.path === 'string' ? request.path.replace(/\/+$/, '') : ''
  // A command changes something: only a node whose dialog says so takes it.
  return ANSWERS.find((name) => name !== 'command' && path.endsWith(`/${name}`)) ?? null
}
