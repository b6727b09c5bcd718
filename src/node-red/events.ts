import type { NodeAPI } from 'node-red'
import { internalError, onInternalError } from '../observation/internal-errors.ts'
import { monitorStates } from './monitor-states.ts'

/**
 * `starting`: a deploy has stopped what it changes and begins to make its nodes.
 * `started`: every node of a deploy exists and messages can be sent.
 * `settled`: right after it, when every node has taken note: what no node took up again is not wanted any more.
 * `halted`: the flows stopped and will not start again by themselves, because the runtime ends, someone stopped them,
 * or a node type is missing.
 */
export type FlowEvent = 'starting' | 'started' | 'settled' | 'halted'

interface Subscription {
  listeners: Record<FlowEvent, Set<() => void>>
  started: boolean
}

/** One per runtime, whatever the number of nodes and deploys. */
const subscriptions = new WeakMap<object, Subscription>()

/** @returns the way to stop listening; a node must take it when it closes */
export function onFlows(RED: NodeAPI, event: FlowEvent, listener: () => void): () => void {
  const listeners = subscriptionTo(RED).listeners[event]
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** How many listeners there are: what deploys must not let grow. */
export function flowListenerCount(RED: Pick<NodeAPI, 'events'>): number {
  const { listeners } = subscriptions.get(RED.events) ?? {}
  return listeners ? Object.values(listeners).reduce((count, { size }) => count + size, 0) : 0
}

/** Whether the flows run. */
export function areStarted(RED: NodeAPI): boolean {
  return subscriptionTo(RED).started
}

function subscriptionTo(RED: NodeAPI): Subscription {
  const known = subscriptions.get(RED.events)
  if (known) return known
  const subscription: Subscription = {
    listeners: { starting: new Set(), started: new Set(), settled: new Set(), halted: new Set() },
    started: false,
  }
  subscriptions.set(RED.events, subscription)
  logInternalErrors(RED)
  const tell = (event: FlowEvent) => {
    for (const listener of [...subscription.listeners[event]]) {
      try {
        listener()
      } catch (error) {
        internalError(`flows ${event}`, error)
      }
    }
  }
  RED.events.on('flows:starting', () => tell('starting'))
  RED.events.on('flows:started', () => {
    subscription.started = true
    tell('started')
    tell('settled')
  })
  RED.events.on('runtime-event', (event: unknown) => {
    if (!isHalt(event)) return
    subscription.started = false
    tell('halted')
  })
  return subscription
}

/** The stop that belongs to a deploy says so in `deploy`; the last one, and one after which types are missing, do not. */
function isHalt(event: unknown): boolean {
  const { id, payload } = event as { id?: unknown; payload?: { state?: unknown; deploy?: unknown } }
  return id === 'runtime-state' && (payload?.state === 'stop' || payload?.state === 'safe') && payload.deploy !== true
}

/** Writes into the runtime's log what goes wrong in our own code. To be called once per runtime. */
function logInternalErrors(RED: Pick<NodeAPI, 'log'>): void {
  onInternalError((place, error, count) => RED.log.error(entry(place, error, count)))
}

/** The place, the stack, and no secret of any monitor. */
function entry(place: string, error: unknown, count: number): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const times = count === 1 ? '' : `, ${count} times since the start`
  return monitorStates().reduce(
    (redacted, { secrets }) => secrets.redact(redacted),
    `[rtmp-hmonitor] Internal error (${place}${times}), the rest goes on: ${text}`,
  )
}
