import type { NodeAPI, NodeMessage } from 'node-red'
import { SampleFeed } from '../../metrics/family.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { registerMonitorNode } from '../../node-red/monitor-node.ts'
import { readObservation } from '../../observation/messages.ts'

/** What the dialog saves. */
interface RecordFields {
  monitor?: unknown
  samples?: unknown
}

export default function register(RED: NodeAPI): void {
  registerMonitorNode<RecordFields>(RED, 'hmonitor-record', ({ config, line }) => {
    let feed: SampleFeed | null = null
    let state: MonitorState | null = null
    return {
      begin(its) {
        line.clear()
        state = its
        feed = config.samples === true ? new SampleFeed() : null
      },
      take(msg, { send }) {
        send([msg, state === null ? [] : record(state, msg.payload, feed)])
      },
    }
  })
}

/**
 * Records what a target that is still watched was observed to be. An observation that comes later than the end of its
 * watch would bring its series back.
 * @returns a message for every changed sample, for other exporters
 */
function record(state: MonitorState, payload: unknown, feed: SampleFeed | null): NodeMessage[] {
  const observation = readObservation(payload)
  if (observation === null || !state.directory.has(observation.kind, observation.target)) return []
  const changes = state.metrics.record(observation, feed)
  return changes.map(({ metric, op, val, labels }) => ({ topic: metric, payload: { op, val, labels: { ...labels } } }))
}
