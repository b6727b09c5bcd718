import type { NodeAPI } from 'node-red'

/**
 * `started`: every node of a deploy exists and messages can be sent.
 * `settled`: right after it, when every node has taken note: what no node took up again is not wanted any more.
 * `halted`: the flows stopped and will not start again by themselves, because the runtime ends, someone stopped them,
 * or a node type is missing.
 */
export type FlowEvent = 'started' | 'settled' | 'halted'

type Listeners = Record<FlowEvent, Set<() => void>>

/** One subscription per runtime, whatever the number of nodes and deploys. */
const subscriptions = new WeakMap<object, Listeners>()

/** @returns the way to stop listening; a node must take it when it closes */
export function onFlows(RED: NodeAPI, event: FlowEvent, listener: () => void): () => void {
  const listeners = listenersOf(RED)[event]
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

function listenersOf(RED: NodeAPI): Listeners {
  const known = subscriptions.get(RED.events)
  if (known) return known
  const listeners: Listeners = { started: new Set(), settled: new Set(), halted: new Set() }
  subscriptions.set(RED.events, listeners)
  const tell = (event: FlowEvent) => {
    for (const listener of [...listeners[event]]) {
      try {
        listener()
      } catch (error) {
        RED.log.error(`[rtmp-hmonitor] flows ${event}: ${error instanceof Error ? error.stack : error}`)
      }
    }
  }
  RED.events.on('flows:started', () => {
    tell('started')
    tell('settled')
  })
  RED.events.on('runtime-event', (event: unknown) => {
    if (isHalt(event)) tell('halted')
  })
  return listeners
}

/** The stop that belongs to a deploy says so in `deploy`; the last one, and one after which types are missing, do not. */
function isHalt(event: unknown): boolean {
  const { id, payload } = event as { id?: unknown; payload?: { state?: unknown; deploy?: unknown } }
  return id === 'runtime-state' && (payload?.state === 'stop' || payload?.state === 'safe') && payload.deploy !== true
}
