import type { Node, NodeAPI, NodeStatusFill, NodeStatusShape } from 'node-red'
import { MonitorError } from '../observation/errors.ts'
import { unsetVariable, unsetVariableError } from './config.ts'

/** More does not fit under a node. */
const LONGEST = 20

/**
 * The line under a node. It is sent on only when it changes: every status goes to every open editor and to the Status
 * nodes of the flow, and a probe says one each second.
 */
export class StatusLine {
  readonly #node: Node
  #shown = ''

  constructor(node: Node) {
    this.#node = node
  }

  /** @param text at most 20 characters; what is longer is cut */
  show(fill: NodeStatusFill, shape: NodeStatusShape, text: string): void {
    const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
    const key = `${fill} ${shape} ${short}`
    if (key === this.#shown) return
    this.#shown = key
    this.#node.status({ fill, shape, text: short })
  }

  clear(): void {
    if (this.#shown === '') return
    this.#shown = ''
    this.#node.status({})
  }
}

/**
 * Says that a node cannot work with what its dialog holds: a red status, and the reason in the log.
 * @param status text under the node; at most 20 characters
 */
export function refuse(node: Node, line: StatusLine, status: string, reason: string): void {
  line.show('red', 'ring', status)
  node.error(reason)
}

/**
 * The monitor's id where the node can work, else why it cannot, which is said on its status line too: a variable of
 * its dialog is not set, or the monitor that it names is not there.
 */
export function usableMonitor(
  RED: NodeAPI,
  node: Node,
  config: object,
  monitorId: string | null,
  line: StatusLine,
): string | MonitorError {
  const name = unsetVariable(config) ?? unsetVariable(node.credentials)
  if (name !== null) {
    const error = unsetVariableError(name)
    refuse(node, line, RED._('common.status.unset', { name }), error.message)
    return error
  }
  if (monitorId !== null) return monitorId
  const reason = 'The monitor that the dialog of this node names does not exist or is disabled. Choose another.'
  refuse(node, line, RED._('common.status.noMonitor'), reason)
  return new MonitorError('internal', reason)
}
