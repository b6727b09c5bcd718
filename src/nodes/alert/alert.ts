import type { NodeAPI, NodeMessage } from 'node-red'
import { looksLikeWebhook, parseWebhook } from '../../alerts/webhook.ts'
import { areStarted, onFlows } from '../../node-red/events.ts'
import { registerMonitorNode } from '../../node-red/monitor-node.ts'
import { parseDutyCommand } from '../../observation/duty-command.ts'
import { MonitorError } from '../../observation/errors.ts'
import { guarded } from '../../observation/internal-errors.ts'
import { parseObservation } from '../../observation/messages.ts'
import type { AlertFields } from './alert-service.ts'
import { AlertService } from './alert-service.ts'

/** Whether a `serve` node has seen the token; what else sends a webhook here has not. */
const isAuthenticated = (msg: NodeMessage) => (msg as { isAuthenticated?: unknown }).isAuthenticated === true

export default function register(RED: NodeAPI): void {
  registerMonitorNode<AlertFields>(RED, 'hmonitor-alert', ({ node, config, line }) => {
    let service: AlertService | null = null
    const start = () => service?.start()
    node.on('close', onFlows(RED, 'started', start))
    if (areStarted(RED)) setImmediate(guarded('alert start', start))

    return {
      begin(state, atEnd) {
        try {
          service = new AlertService(RED, node, line, config, state)
        } catch (error) {
          if (!(error instanceof MonitorError)) throw error
          const { message } = error
          const remedy = ['Correct the variable in the environment of the monitor, and start it again']
          atEnd(
            state.problemLog.show(node.id, {
              problems: () => [
                { code: 'invalid-alerting', severity: 'failing', message: `No alerts are sent: ${message}`, remedy },
              ],
            }),
          )
          throw error
        }
        atEnd((why) => {
          service?.close(why === 'removed')
          service = null
        })
      },
      take(msg) {
        if (service === null) return
        const { payload } = msg
        const command = parseDutyCommand(payload, Date.now())
        if (command !== null) return service.alerting.command(command)
        if (looksLikeWebhook(payload)) return service.hear(parseWebhook(payload), isAuthenticated(msg))
        const observation = parseObservation(payload)
        if (observation !== null) service.observe(observation)
      },
    }
  })
}
