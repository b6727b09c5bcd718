import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FlowNode, root } from '../runtime.ts'
import { EXPORTER_TYPES } from './other-exporter.ts'

/** A flow file that reaches users. */
export interface FlowFile {
  /** From the root of the checkout. */
  path: string
  text: string
  nodes: FlowNode[]
  /** `shipped` and `demo` are merged into one runtime; an example or an integration is imported by hand. */
  role: 'shipped' | 'demo' | 'example' | 'integration'
}

const FOLDERS: [folder: string, role: FlowFile['role']][] = [
  ['flows', 'shipped'],
  ['flows/examples', 'example'],
  ['flows/integrations', 'integration'],
]

function readFlowFile(path: string, role: FlowFile['role']): FlowFile {
  const text = readFileSync(join(root, path), 'utf8')
  const nodes: unknown = JSON.parse(text)
  if (!Array.isArray(nodes)) throw new Error(`${path} is not a JSON array, so Node-RED cannot import it`)
  return { path, text, nodes: nodes as FlowNode[], role }
}

/** Every flow file of the checkout. */
export function flowFiles(): FlowFile[] {
  const found = FOLDERS.flatMap(([folder, role]) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFlowFile(`${folder}/${name}`, role)),
  )
  return [...found, readFlowFile('app/demo/flow.json', 'demo')]
}

/** The node types of a folder's HTML files, as the editor learns them. */
function typesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html') && !name.includes('locales'))
    .flatMap((name) => [...readFileSync(join(folder, name), 'utf8').matchAll(/data-template-name=["']([^"']+)["']/g)])
    .map((match) => match[1] ?? '')
}

/** What the application brings beside Node-RED's own: flows that are merged into its runtime may use it. */
const DASHBOARD = join(root, 'node_modules/@flowfuse/node-red-dashboard/nodes')

const STRUCTURAL = ['tab', 'group', 'subflow', 'junction', 'global-config']
/** The node types that a flow file of that role may use; an integration also those that it is made for. */
export function allowedTypes(role: FlowFile['role']): Set<string> {
  const core = typesBelow(join(root, 'node_modules/@node-red/nodes/core'))
  const ours = readdirSync(join(root, 'src/nodes')).map((name) => `hmonitor-${name}`)
  const dashboard = readdirSync(DASHBOARD, { recursive: true, encoding: 'utf8' })
    .filter((name) => /ui_\w+\.html$/.test(name))
    .map((name) => name.replace(/^.*\//, '').replace('.html', '').replaceAll('_', '-'))
  const more = role === 'integration' ? EXPORTER_TYPES : role === 'shipped' || role === 'demo' ? dashboard : []
  return new Set([...STRUCTURAL, ...core, ...ours, ...more])
}
