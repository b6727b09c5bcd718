import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red'
import { parseAlertCommand } from '../../alerts/command.ts'
import { looksLikeWebhook, parseWebhook } from '../../alerts/webhook.ts'
import { handleClose } from '../../node-red/close.ts'
import { areStarted, onFlows } from '../../node-red/events.ts'
import { handleInput } from '../../node-red/input.ts'
import { tidyAfterDeploys } from '../../node-red/lifecycle.ts'
import { monitorState } from '../../node-red/monitor-states.ts'
import { followMonitor } from '../../node-red/monitors.ts'
import { refuse, usableMonitor } from '../../node-red/refusal.ts'
import { StatusLine } from '../../node-red/status.ts'
import { MonitorError } from '../../observation/errors.ts'
import { guarded } from '../../observation/internal-errors.ts'
import { parseObservation } from '../../observation/messages.ts'
import type { AlertFields } from './alert.types.ts'
import { AlertDesk } from './alert-desk.ts'

/** Whether a `serve` node has seen the token; what else sends a webhook here has not. */
const isAuthenticated = (msg: NodeMessage) => (msg as { isAuthenticated?: unknown }).isAuthenticated === true

export default function register(RED: NodeAPI): void {
  tidyAfterDeploys(RED)

  function AlertNode(this: Node, config: NodeDef & AlertFields): void {
    RED.nodes.createNode(this, config)
    const line = new StatusLine(this)
    let desk: AlertDesk | MonitorError | null = null
    let takeDown = () => {}
    const close = (removed: boolean) => {
      takeDown()
      if (desk instanceof AlertDesk) desk.close(removed)
      desk = null
    }
    followMonitor(RED, this, config.monitor, (id) => {
      close(false)
      const usable = usableMonitor(RED, this, config, id, line)
      if (usable instanceof MonitorError) {
        desk = usable
        return
      }
      try {
        desk = new AlertDesk(RED, this, line, config, monitorState(usable))
      } catch (error) {
        if (!(error instanceof MonitorError)) throw error
        refuse(this, line, RED._('status.invalid'), error.message)
        desk = error
        const { message } = error
        const remedy = ['Correct the variable in the environment of the monitor, and start it again']
        takeDown = monitorState(usable).noticeboard.show(this.id, {
          problems: () => [
            { code: 'invalid-alerting', severity: 'failing', message: `No alerts are sent: ${message}`, remedy },
          ],
        })
      }
    })
    const start = () => {
      if (desk instanceof AlertDesk) desk.start()
    }
    const stopListening = onFlows(RED, 'started', start)
    if (areStarted(RED)) setImmediate(guarded('alert start', start))

    handleInput(this, (msg) => {
      if (desk instanceof MonitorError) throw desk
      if (desk === null) return
      const { payload } = msg
      const command = parseAlertCommand(payload, Date.now())
      if (command !== null) return desk.alerting.command(command)
      if (looksLikeWebhook(payload)) return desk.hear(parseWebhook(payload), isAuthenticated(msg))
      const observation = parseObservation(payload)
      if (observation !== null) desk.observe(observation)
    })

    handleClose(this, (removed) => {
      stopListening()
      close(removed)
    })
  }

  RED.nodes.registerType('hmonitor-alert', AlertNode)
}
