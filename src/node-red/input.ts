import type { Node, NodeMessage, NodeMessageInFlow } from 'node-red'
import { MonitorError } from '../observation/errors.ts'
import { internalError } from '../observation/internal-errors.ts'

export type Send = (messages: NodeMessage | (NodeMessage | NodeMessage[] | null)[]) => void

export interface InputContext {
  send: Send
  /** Aborts when the node closes, so that no work outlives it. */
  signal: AbortSignal
}

export type InputHandler = (msg: NodeMessageInFlow, context: InputContext) => void | Promise<void>

/**
 * Handles a node's input. Node-RED itself ends the whole runtime when an async handler rejects, so what the handler
 * throws goes to `done`: a Catch node gets it with its code in `msg.error.code`. Work that the node's closing aborted
 * is no error.
 *
 * @param redact takes secrets out of the text of an error; given by nodes that come near any
 */
export function handleInput(node: Node, handler: InputHandler, redact = (text: string) => text): void {
  const closing = new AbortController()
  node.on('close', () => closing.abort())
  node.on('input', (msg, send, done) => {
    const fail = (error: unknown) => {
      if (closing.signal.aborted) return done()
      if (!(error instanceof MonitorError)) internalError(`input of ${node.type}`, error)
      done(catchable(error, redact))
    }
    try {
      const work = handler(msg, { send, signal: closing.signal })
      if (work instanceof Promise) work.then(() => done(), fail)
      else done()
    } catch (error) {
      fail(error)
    }
  })
}

/** What a Catch node may see of an error: message and code, and the stack only of a fault of our own. */
export function catchable(error: unknown, redact = (text: string) => text): MonitorError {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  const code = error instanceof MonitorError ? error.code : 'internal'
  const shown = new MonitorError(code, redact(message))
  shown.name = 'Error'
  delete shown.stack
  if (code === 'internal' && stack) shown.stack = redact(stack)
  return shown
}
