import type { Node, NodeAPI } from 'node-red'
import { KINDS } from '../kinds/kinds.ts'
import { MonitorError } from '../observation/errors.ts'
import { refusedVariable } from '../secrets/placeholder.ts'

/** Node-RED fills in a field that is wholly `${NAME}` or `$(NAME)`, and leaves it as it is where NAME is not set. */
const LEFT_OVER = /^\$(?:\{([^{}]+)\}|\(([^()]+)\))$/

/** Node-RED's own. */
const NOT_OURS = new Set(['id', 'type', 'z', 'g', 'wires', 'info'])

/**
 * The first variable that a field of the dialog, or a credential, names and that is not set. Null where there is none.
 */
export function unsetVariable(fields: unknown): string | null {
  if (typeof fields === 'string') {
    const match = LEFT_OVER.exec(fields.trim())
    return match?.[1] ?? match?.[2] ?? null
  }
  if (typeof fields !== 'object' || fields === null) return null
  for (const [field, value] of Object.entries(fields)) {
    const name = NOT_OURS.has(field) ? null : unsetVariable(value)
    if (name !== null) return name
  }
  return null
}

export function unsetVariableError(name: string): MonitorError {
  return new MonitorError(
    'missing-variable',
    `The dialog takes a value from the variable ${name}, which is not set. Set it in the environment in which ` +
      'Node-RED starts, or in the environment of the flow or group, and deploy.',
  )
}

/** A field that holds a number, as number or text. Null where it is empty or holds none. */
export function numberIn(value: unknown): number | null {
  if (typeof value !== 'number' && (typeof value !== 'string' || value.trim() === '')) return null
  const number = Number(value)
  return Number.isFinite(number) ? number : null
}

/** A field that holds text, without the spaces around it. Empty where it holds none. */
export function textIn(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

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
