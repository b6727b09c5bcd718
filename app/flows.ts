/** What becomes of a user's flows when shipped ones are merged into them. Pure: files are `flow-store.ts`'s. */

/** A node, tab, group or config node as a flow file holds it. */
export interface FlowNode {
  id: string
  type: string
  z?: string
  [property: string]: unknown
}

/** What other nodes lie in by `z`. */
const isContainer = ({ type }: FlowNode) => type === 'tab' || type === 'subflow'

export const containerIds = (nodes: FlowNode[]): string[] => nodes.filter(isContainer).map(({ id }) => id)

/** Adds shipped nodes. Whatever is there already, by id, stays as it is. */
export function mergeFlows(existing: FlowNode[], shipped: FlowNode[]): FlowNode[] {
  const ids = new Set(existing.map(({ id }) => id))
  // A tab that is there is the user's to keep, with what was taken off it.
  const kept = new Set(containerIds(shipped).filter((id) => ids.has(id)))
  const added = uniqueById(shipped).filter(({ id, z }) => !ids.has(id) && !(z !== undefined && kept.has(z)))
  return [...existing, ...added]
}

/**
 * Puts the shipped tabs in place of those that came with the monitor, `ours` by id, and drops those that are not
 * shipped any more. Other tabs stay, and so do config nodes, which may hold the user's settings.
 */
export function renewFlows(existing: FlowNode[], shipped: FlowNode[], ours: string[]): FlowNode[] {
  const renewed = new Map(uniqueById(shipped).map((node) => [node.id, node]))
  const isOurs = (id: string | undefined) => id !== undefined && (ours.includes(id) || containers.has(id))
  const containers = new Set(containerIds(shipped))
  const isConfig = (node: FlowNode) => node.z === undefined && !isContainer(node)
  const result: FlowNode[] = []
  for (const node of existing) {
    const replacement = renewed.get(node.id)
    if (isConfig(node)) {
      result.push(node)
      renewed.delete(node.id)
    } else if (isOurs(node.id)) {
      // The tab keeps its place in the row of tabs.
      if (replacement) result.push(replacement)
      renewed.delete(node.id)
    } else if (!isOurs(node.z) && !replacement) {
      result.push(node)
    }
  }
  return [...result, ...renewed.values()]
}

/** Shipped files share the monitor config node: the first one counts. */
function uniqueById(nodes: FlowNode[]): FlowNode[] {
  const seen = new Set<string>()
  return nodes.filter(({ id }) => !seen.has(id) && seen.add(id))
}
