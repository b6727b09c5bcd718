import { content, issue, measurements } from '../test/metrics/observations.ts'
import type { FlowNode } from '../test/runtime.ts'
import { nodeOf, shippedFlow } from '../test/watching.ts'

const ISSUES = [
  ...['bitrateLow', 'frameRateLow', 'gopSizeLong', 'driftHigh'],
  ...['videoBlack', 'videoFrozen', 'audioSilent', 'timestampJump'],
]

/**
 * The shipped flow, with a function node between the probe and `record` that adds to each observation what it lacks of
 * 50 series of each: the measurements of content checks, and eight issues.
 */
export function flowOf50Series(): FlowNode[] {
  return flowWith(`
msg.payload.measurements.content = ${JSON.stringify(content())}
msg.payload.issues = ${JSON.stringify(ISSUES.map((type) => issue(type)))}
return msg`)
}

/** The same with all measurements made: of a healthy stream, whose counters grow with each observation. */
export function flowOfMadeStreams(): FlowNode[] {
  const changes = { state: 'degraded', expected: true, score: 80, issues: ISSUES.map((type) => issue(type)) }
  return flowWith(`
Object.assign(msg.payload, ${JSON.stringify(changes)})
msg.payload.measurements = ${JSON.stringify(measurements({ content: content() }))}
const { total } = msg.payload.measurements
const seconds = msg.payload.sequence
total.video = { packets: 30 * seconds, bytes: 500000 * seconds }
total.audio = { packets: 47 * seconds, bytes: 16000 * seconds }
total.keyframes = Math.floor(seconds / 2)
delete msg.payload.error
return msg`)
}

function flowWith(func: string): FlowNode[] {
  const flows = shippedFlow()
  const probe = nodeOf(flows, 'hmonitor-ffprobe')
  const [observations, ...others] = probe.wires as string[][]
  const id = 'be9c4f50be9c4f50'
  const adding: FlowNode = {
    ...{ id, type: 'function', z: probe.z, name: '50 series', outputs: 1, libs: [], func },
    wires: [observations],
  }
  return [...flows.map((node) => (node === probe ? { ...probe, wires: [[id], ...others] } : node)), adding]
}
