import type { NodeAPI } from 'node-red'
import type { UserMetric } from '../../metrics/user-metrics.ts'
import { onFlows } from '../../node-red/events.ts'
import { catchable } from '../../node-red/input.ts'
import { registerMonitorNode } from '../../node-red/monitor-node.ts'
import type { MetricFields } from './definition.ts'
import { definitionFrom } from './definition.ts'

export default function register(RED: NodeAPI): void {
  registerMonitorNode<MetricFields>(RED, 'hmonitor-metric', ({ node, config, line, again }) => {
    let metric: UserMetric | null = null
    let isTaken = false
    // The node that had the name may have gone with a deploy that left this one alone.
    const retry = () => {
      if (isTaken) again()
    }
    node.on('close', onFlows(RED, 'started', retry))

    return {
      begin({ metrics }, atEnd) {
        isTaken = false
        try {
          const held = metrics.userMetric(definitionFrom(config))
          metric = held
          atEnd((why) => held.release(why !== 'closed'))
        } catch (error) {
          const refusal = catchable(error)
          isTaken = refusal.code === 'metric-conflict'
          throw refusal
        }
        line.clear()
      },
      statusOf: ({ code }) => RED._(code === 'metric-conflict' ? 'status.conflict' : 'status.invalid'),
      take(msg, { send }) {
        metric?.apply(msg.payload)
        send(msg)
      },
    }
  })
}
