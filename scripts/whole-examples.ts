/** Makes examples of the shipped flows, for a Node-RED that is not ours: Import > Examples has all of it then. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

interface FlowNode {
  id: string
  type: string
  monitor?: string
}

/** Two, because one node type that the runtime lacks stops every flow: the dashboard needs FlowFuse's package. */
export const WHOLE_EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  'The whole monitor': ['rtmp-hmonitor.json', 'alerts.json'],
  'The dashboard, with FlowFuse Dashboard': ['dashboard.json'],
}

/** @param folder of the examples */
export async function writeWholeExamples(root: string, folder: string): Promise<void> {
  for (const [name, files] of Object.entries(WHOLE_EXAMPLES)) {
    const flows = await Promise.all(files.map(async (file) => flowIn(join(root, 'flows', file))))
    const nodes = merged(flows.flat())
    const isWhole = nodes.some(({ type }) => type === 'http in')
    const text = JSON.stringify(isWhole ? nodes : withoutMonitor(nodes), null, 2)
    await writeFile(join(folder, `${name}.json`), `${text}\n`)
  }
}

async function flowIn(path: string): Promise<FlowNode[]> {
  return JSON.parse(await readFile(path, 'utf8')) as FlowNode[]
}

/** The shipped files have the monitor in common. */
function merged(nodes: readonly FlowNode[]): FlowNode[] {
  return [...new Map(nodes.map((node) => [node.id, node])).values()]
}

/** It takes the monitor that is there, so that the editor need not ask which of two to keep. */
function withoutMonitor(nodes: readonly FlowNode[]): FlowNode[] {
  return nodes
    .filter(({ type }) => type !== 'hmonitor-monitor')
    .map((node) => (node.monitor === undefined ? node : { ...node, monitor: '' }))
}
