import type { Node } from 'node-red'
import { guarded, internalError } from '../observation/internal-errors.ts'

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
