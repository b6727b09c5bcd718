import type { Node, NodeAPI, NodeDef } from 'node-red'
import type { UserMetric } from '../../metrics/user-metrics.ts'
import { handleClose } from '../../node-red/close.ts'
import { onFlows } from '../../node-red/events.ts'
import { catchable, handleInput } from '../../node-red/input.ts'
import { tidyAfterDeploys } from '../../node-red/lifecycle.ts'
import { monitorState } from '../../node-red/monitor-states.ts'
import { followMonitor } from '../../node-red/monitors.ts'
import { refuse, usableMonitor } from '../../node-red/refusal.ts'
import { StatusLine } from '../../node-red/status.ts'
import { MonitorError } from '../../observation/errors.ts'
import { definitionFrom } from './definition.ts'
import type { MetricFields } from './metric.types.ts'

export default function register(RED: NodeAPI): void {
  tidyAfterDeploys(RED)

  function Metric(this: Node, config: NodeDef & MetricFields): void {
    RED.nodes.createNode(this, config)
    const line = new StatusLine(this)
    let monitorId: string | null = null
    let held: UserMetric | MonitorError | null = null

    const acquire = (): UserMetric | MonitorError => {
      const usable = usableMonitor(RED, this, config, monitorId, line)
      if (usable instanceof MonitorError) return usable
      try {
        const metric = monitorState(usable).metrics.userMetric(definitionFrom(config))
        line.clear()
        return metric
      } catch (error) {
        const refusal = catchable(error)
        const isTaken = refusal.code === 'metric-conflict'
        refuse(this, line, RED._(isTaken ? 'status.conflict' : 'status.invalid'), refusal.message)
        return refusal
      }
    }
    const release = (removed: boolean) => {
      if (held !== null && !(held instanceof MonitorError)) held.release(removed)
    }

    followMonitor(RED, this, config.monitor, (id) => {
      release(true)
      monitorId = id
      held = acquire()
    })
    // The node that had the name may have gone with a deploy that left this one alone.
    const retry = () => {
      if (held instanceof MonitorError && held.code === 'metric-conflict') held = acquire()
    }
    this.on('close', onFlows(RED, 'started', retry))

    handleInput(this, (msg, { send }) => {
      if (held instanceof MonitorError) throw held
      held?.apply(msg.payload)
      send(msg)
    })
    handleClose(this, release)
  }

  RED.nodes.registerType('hmonitor-metric', Metric)
}
