import type { Node, NodeAPI } from 'node-red'
import { KINDS } from '../kinds/kinds.ts'
import { refusedVariable } from '../secrets/placeholder.ts'

const LISTS = Object.values(KINDS).map(({ variable }) => variable)

/** What Node-RED keeps from flows; the typings do not know the setting. */
export function hiddenVariables(RED: NodeAPI): readonly string[] {
  const { envVarExcludes } = RED.settings as { envVarExcludes?: unknown }
  return Array.isArray(envVarExcludes) ? envVarExcludes.filter((name) => typeof name === 'string') : []
}

/**
 * The value of a variable that a dialog names: of the group, the flow or the process. Empty where there is none.
 *
 * @param node null where it is not deployed yet
 * @param allowed a secret of the monitor that is meant for what this dialog talks to
 * @throws MonitorError `forbidden-variable`
 */
export function variableFor(RED: NodeAPI, node: Node | null, name: string, allowed?: string): string {
  const refusal = name === allowed ? null : refusedVariable(name, LISTS, hiddenVariables(RED))
  if (refusal !== null) throw refusal
  return String(RED.util.evaluateNodeProperty(name, 'env', node ?? ({} as Node), {}) ?? '')
}
