import { EventEmitter } from 'node:events'
import type { Node, NodeAPI, NodeDef, NodeMessage, NodeStatus } from 'node-red'

type Close = (...args: unknown[]) => void

/** A node as Node-RED drives it, without Node-RED: it keeps what it is told. */
export class FakeNode {
  readonly statuses: (string | NodeStatus)[] = []
  readonly errors: string[] = []
  readonly sent: unknown[] = []
  #input: ((msg: unknown, send: (msg: unknown) => void, done: (error?: Error) => void) => void) | null = null
  readonly #closes: Close[] = []

  on(event: string, listener: (...args: never[]) => void): void {
    if (event === 'input') this.#input = listener as never
    if (event === 'close') this.#closes.push(listener as Close)
  }

  status(status: string | NodeStatus): void {
    this.statuses.push(status)
  }

  error(error: unknown): void {
    this.errors.push(String(error))
  }

  /** Sends a message in and resolves with what `done` was called with. */
  receive(msg: NodeMessage): Promise<(Error & { code?: string }) | undefined> {
    return new Promise((resolve) => this.#input?.(msg, (sent) => this.sent.push(sent), resolve))
  }

  /** Closes by the rules of Node-RED's `Node.close`: what a listener is handed depends on its arity. */
  async close(removed = false): Promise<void> {
    await Promise.all(
      this.#closes.map((listener) => {
        if (listener.length === 0) return listener()
        return new Promise<void>((resolve) => {
          if (listener.length === 2) listener(removed, () => resolve())
          else listener(() => resolve())
        })
      }),
    )
  }

  asNode(): Node {
    return this as unknown as Node
  }
}

/** The parts of the runtime that `src/node-red` touches. */
export class FakeRuntime {
  readonly events = new EventEmitter()
  readonly logged: string[] = []
  definitions: (NodeDef & { d?: boolean })[] = []

  asRuntime(): NodeAPI {
    return {
      events: this.events,
      settings: {},
      log: { error: (text: string) => this.logged.push(text) },
      nodes: {
        eachNode: (visit: (definition: NodeDef) => void) => this.definitions.forEach(visit),
        getNode: (id: string) => this.definitions.find((node) => node.id === id && !node.d) ?? null,
      },
    } as unknown as NodeAPI
  }
}
