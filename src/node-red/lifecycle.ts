import type { Node, NodeAPI } from 'node-red'
import { guarded, internalError } from '../observation/internal-errors.ts'
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

/** Milliseconds. Node-RED waits 15 s by default before it goes on without us. */
const CLOSE_DEADLINE = 10_000

/**
 * Runs `close` when the node closes and lets the runtime go on when it has finished, has failed or has taken too long.
 * Node-RED awaits only a listener with parameters, and swallows what it throws.
 */
export function handleClose(node: Node, close: (removed: boolean) => void | Promise<void>): void {
  node.on('close', (removed: boolean, done: () => void) => {
    const deadline = setTimeout(guarded('node close', done), CLOSE_DEADLINE)
    Promise.resolve()
      .then(() => close(removed))
      .catch((error: unknown) => {
        internalError(`close of ${node.type}`, error)
        node.error(`Closing failed: ${error instanceof Error ? error.message : error}`)
      })
      .finally(() => {
        clearTimeout(deadline)
        done()
      })
  })
}
