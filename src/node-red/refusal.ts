import type { Node, NodeAPI } from 'node-red'
import { MonitorError } from '../observation/errors.ts'
import { unsetVariable, unsetVariableError } from './config.ts'
import type { StatusLine } from './status.ts'

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
