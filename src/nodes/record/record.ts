import type { Node, NodeAPI, NodeDef, NodeMessage } from 'node-red'
import { SampleFeed } from '../../metrics/sample-feed.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { handleInput } from '../../node-red/input.ts'
import { tidyAfterDeploys } from '../../node-red/lifecycle.ts'
import { monitorState } from '../../node-red/monitor-states.ts'
import { followMonitor } from '../../node-red/monitors.ts'
import { usableMonitor } from '../../node-red/refusal.ts'
import { StatusLine } from '../../node-red/status.ts'
import { MonitorError } from '../../observation/errors.ts'
import { readObservation } from '../../observation/messages.ts'
import type { RecordFields } from './record.types.ts'

export default function register(RED: NodeAPI): void {
  tidyAfterDeploys(RED)

  function RecordNode(this: Node, config: NodeDef & RecordFields): void {
    RED.nodes.createNode(this, config)
    const line = new StatusLine(this)
    let feed: SampleFeed | null = null
    let state: MonitorState | MonitorError | null = null
    followMonitor(RED, this, config.monitor, (id) => {
      const usable = usableMonitor(RED, this, config, id, line)
      if (typeof usable === 'string') line.clear()
      state = usable instanceof MonitorError ? usable : monitorState(usable)
      feed = config.samples === true ? new SampleFeed() : null
    })

    handleInput(this, (msg, { send }) => {
      if (state instanceof MonitorError) throw state
      const samples = state ? record(state, msg.payload, feed) : []
      send([msg, samples])
    })
  }

  RED.nodes.registerType('hmonitor-record', RecordNode)
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
