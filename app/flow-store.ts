import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from './data-dir.ts'
import { containerIds, type FlowNode, mergeFlows, renewFlows } from './flows.ts'
import { Failure } from './prepare/failure.mjs'

/** A flow file that comes with the monitor. */
export interface ShippedFlow {
  /** The file's name. */
  name: string
  nodes: FlowNode[]
}

/** What was merged at the time, by file name: `DATA_DIR/shipped-flows.json`. */
type Ledger = Record<string, { digest: string; tabs: string[] }>

export type FlowsOutcome =
  | { did: 'merged' }
  /** `newer` are labels of shipped tabs that changed since they were merged, `absent` of those never merged. */
  | { did: 'kept'; newer: string[]; absent: string[] }
  | { did: 'renewed'; backup: string }

/** Reads single files, whose tabs come first, and `*.json` of a folder. */
export function readShippedFlows(folder: string, first: string[]): ShippedFlow[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => join(folder, name))
  return [...first, ...files].map((file) => ({
    name: file.split('/').slice(-2).join('/'),
    nodes: JSON.parse(readFileSync(file, 'utf8')) as FlowNode[],
  }))
}

/**
 * The first start merges the shipped flows into `DATA_DIR/flows.json`; later ones leave that file alone, unless they
 * are asked to `renew` it.
 *
 * @throws Failure where the file is damaged
 */
export function openFlows(dataDir: string, shipped: ShippedFlow[], renew: boolean): FlowsOutcome {
  const file = join(dataDir, 'flows.json')
  const ledgerFile = join(dataDir, 'shipped-flows.json')
  const existing = readFlows(file)
  const ledger = readLedger(ledgerFile)
  const nodes = shipped.flatMap((flow) => flow.nodes)
  const write = (flows: FlowNode[]) => {
    writeWhole(file, `${JSON.stringify(flows, null, 4)}\n`, 0o600)
    writeWhole(ledgerFile, `${JSON.stringify(ledgerOf(shipped), null, 2)}\n`)
  }
  if (existing === null || ledger === null) {
    write(mergeFlows(existing ?? [], nodes))
    return { did: 'merged' }
  }
  if (renew) {
    const backup = backUp(file)
    write(
      renewFlows(
        existing,
        nodes,
        Object.values(ledger).flatMap(({ tabs }) => tabs),
      ),
    )
    return { did: 'renewed', backup }
  }
  const isNewer = ({ name, nodes }: ShippedFlow) => ledger[name] !== undefined && ledger[name].digest !== digest(nodes)
  return {
    did: 'kept',
    newer: shipped.filter(isNewer).flatMap(tabLabels),
    absent: shipped.filter(({ name }) => ledger[name] === undefined).flatMap(tabLabels),
  }
}

function readFlows(file: string): FlowNode[] | null {
  if (!existsSync(file)) return null
  try {
    const flows: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (Array.isArray(flows)) return flows as FlowNode[]
  } catch {
    // Said below, as for a file that is no list.
  }
  // Node-RED would start with no flow at all: nothing watched, and nothing said.
  throw new Failure(`The flows are damaged: ${file}.`, [
    `Restore them: Node-RED keeps the file before the last change as ${join(file, '..', '.flows.json.backup')}.`,
    'To begin with the shipped flows instead, move the damaged file away and start again.',
  ])
}

function readLedger(file: string): Ledger | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Ledger
  } catch {
    return null
  }
}

function ledgerOf(shipped: ShippedFlow[]): Ledger {
  return Object.fromEntries(
    shipped.map(({ name, nodes }) => [name, { digest: digest(nodes), tabs: containerIds(nodes) }]),
  )
}

const digest = (nodes: FlowNode[]) => createHash('sha256').update(JSON.stringify(nodes)).digest('hex')

const tabLabels = ({ nodes }: ShippedFlow) => nodes.filter(({ type }) => type === 'tab').map(({ label }) => `${label}`)

/** Copies a file beside itself, under the time as its name. */
function backUp(file: string): string {
  const time = new Date()
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-')
  const backup = file.replace(/\.json$/, `.backup-${time}.json`)
  copyFileSync(file, backup)
  return backup
}
