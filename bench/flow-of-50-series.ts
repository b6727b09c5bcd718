import { content, issue } from '../test/metrics/observations.ts'
import type { FlowNode } from '../test/runtime.ts'
import { nodeOf, shippedFlow } from '../test/watching.ts'

const ISSUES = [
  ...['bitrateLow', 'frameRateLow', 'gopSizeLong', 'driftHigh'],
  ...['videoBlack', 'videoFrozen', 'audioSilent', 'timestampJump'],
]

/**
 * The shipped flow, with a function node between the probe and `record` that adds to each observation what it lacks of
 * the 50 series of DESIGN.md section 8: the measurements of content checks, and eight issues.
 */
export function flowOf50Series(): FlowNode[] {
  const flows = shippedFlow()
  const probe = nodeOf(flows, 'hmonitor-ffprobe')
  const [observations, ...others] = probe.wires as string[][]
  const adding: FlowNode = {
    ...{ id: 'be9c4f50be9c4f50', type: 'function', z: probe.z, name: '50 series', outputs: 1, libs: [] },
    func: `
msg.payload.measurements.content = ${JSON.stringify(content())}
msg.payload.issues = ${JSON.stringify(ISSUES.map((type) => issue(type)))}
return msg`,
    wires: [observations],
  }
  return [...flows.map((node) => (node === probe ? { ...probe, wires: [[adding.id], ...others] } : node)), adding]
}
