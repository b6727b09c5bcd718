import type { NodeAPI } from 'node-red'
import { guarded } from '../observation/internal-errors.ts'
import { onFlows } from './events.ts'
import { endParked, monitorStates } from './monitor-states.ts'

const runtimes = new WeakSet<object>()

/**
 * Ends what the nodes of one deploy left to those of the next and nobody took up: sessions and the user's metrics.
 * Called by every node's module; the runtime is listened to once.
 */
export function tidyAfterDeploys(RED: NodeAPI): void {
  if (runtimes.has(RED.events)) return
  runtimes.add(RED.events)
  const end = guarded('end of watches', endParked)
  onFlows(RED, 'settled', () => {
    end()
    for (const { metrics } of monitorStates()) metrics.dropUnheldUserMetrics()
  })
  onFlows(RED, 'halted', end)
}
