import type { NodeAPI } from 'node-red'
import { parseIncidentCommand } from '../../incidents/command.ts'
import { areStarted, onFlows } from '../../node-red/events.ts'
import { registerMonitorNode } from '../../node-red/monitor-node.ts'
import { MonitorError } from '../../observation/errors.ts'
import { guarded } from '../../observation/internal-errors.ts'
import { parseAlert } from '../../observation/messages.ts'
import { type IncidentFields, IncidentService } from './incident-service.ts'

export default function register(RED: NodeAPI): void {
  registerMonitorNode<IncidentFields>(RED, 'hmonitor-incident', ({ node, config, line }) => {
    let service: IncidentService | null = null
    const start = () => service?.start()
    node.on('close', onFlows(RED, 'started', start))

    return {
      begin(state, atEnd) {
        service = new IncidentService(RED, node, line, config, state)
        if (areStarted(RED)) setImmediate(guarded('incident start', start))
        atEnd((why) => {
          service?.close(why === 'removed')
          service = null
        })
      },
      take({ payload }) {
        if (service === null) return
        const command = parseIncidentCommand(payload, Date.now())
        if (command !== null) return service.incidents.command(command)
        const alert = parseAlert(payload)
        if (alert === null) throw new MonitorError('invalid-message', RED._('noAlert'))
        service.hear(alert)
      },
    }
  })
}
