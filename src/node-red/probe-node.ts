import type { Node, NodeAPI, NodeMessageInFlow } from 'node-red'
import { MonitorError } from '../observation/errors.ts'
import type { Kind, MeasurementsOf, Observation } from '../observation/observation.ts'
import { isRecord } from '../observation/shape.ts'
import { isQuestion, parseCommand, type Question } from '../targets/command.ts'
import { createNode } from './config-version.ts'
import { onFlows } from './events.ts'
import { handleInput, type Send } from './input.ts'
import { handleClose, tidyAfterDeploys } from './lifecycle.ts'
import { followMonitor } from './monitors.ts'
import { type DialogValues, secretsOf } from './own-target.ts'
import { offerProbeTrial, type TriableNodeType } from './probe-trial.ts'
import { type ProbeConfig, ProbeWatcher } from './probe-watcher.ts'
import { StatusLine, usableMonitor } from './status.ts'

/** A node type that watches targets of one kind. */
export interface ProbeNodeType<K extends Kind> extends TriableNodeType<K> {
  /** What its nodes can do beside watching. Without it, any message that is no command makes them probe now. */
  extend?(RED: NodeAPI, node: Node<DialogValues>, config: ProbeConfig, watcher: ProbeWatcher<K>): ProbeExtension<K>
}

/** What a node of one kind can do beside watching. */
export interface ProbeExtension<K extends Kind> {
  /** What the answer has in the place of the question. Never rejects but for an abort. */
  answer(question: Question, signal: AbortSignal): Promise<ProbeAnswer>
  observed(observation: Observation<K, MeasurementsOf[K]>): void
  /** The node, or its monitor, goes. */
  close(): void
}

export interface ProbeAnswer {
  payload: unknown
  /** Of HTTP. */
  statusCode: number
  [property: string]: unknown
}

interface Running<K extends Kind> {
  watcher: ProbeWatcher<K>
  extension: ProbeExtension<K> | null
}

/** Registers a node type that watches targets: its own one from the dialog, and any number by message. */
export function registerProbeNode<K extends Kind>(RED: NodeAPI, nodeType: ProbeNodeType<K>): void {
  tidyAfterDeploys(RED)
  offerProbeTrial(RED, nodeType)

  function ProbeNode(this: Node<DialogValues>, saved: ProbeConfig): void {
    const config = createNode(RED, this, saved)
    const line = new StatusLine(this)
    let running: Running<K> | MonitorError | null = null
    const use = <R>(work: (running: Running<K>) => R): R | undefined =>
      running === null || running instanceof MonitorError ? undefined : work(running)
    const close = (removed: boolean) =>
      use(({ watcher, extension }) => {
        extension?.close()
        return watcher.close(removed)
      })

    followMonitor(RED, this, config.monitor, (id) => {
      close(true)?.catch((error: unknown) => this.error(String(error)))
      const usable = usableMonitor(RED, this, config, id, line)
      running = usable instanceof MonitorError ? usable : begin(this, config, usable, line)
    })
    this.on(
      'close',
      onFlows(RED, 'starting', () => use(({ watcher }) => watcher.flowsStarting())),
    )
    this.on(
      'close',
      onFlows(RED, 'started', () => use(({ watcher }) => watcher.flowsStarted())),
    )
    handleInput(
      this,
      (msg, { send, signal }) => {
        if (running instanceof MonitorError) throw running
        return running === null ? undefined : take(running, nodeType.kind, msg, send, signal)
      },
      (text) => use(({ watcher }) => watcher.redact(text)) ?? text,
    )
    handleClose(this, (removed) => close(removed))
  }

  function begin(node: Node<DialogValues>, config: ProbeConfig, monitorId: string, line: StatusLine): Running<K> {
    const made: { extension: ProbeExtension<K> | null } = { extension: null }
    const observed = (observation: Observation<K, MeasurementsOf[K]>) => made.extension?.observed(observation)
    const watcher = new ProbeWatcher<K>({ RED, node, config, monitorId, line, kind: nodeType, observed })
    made.extension = nodeType.extend?.(RED, node, config, watcher) ?? null
    return { watcher, extension: made.extension }
  }

  const credentials = Object.fromEntries(secretsOf(nodeType.kind).map((name) => [name, { type: 'password' as const }]))
  RED.nodes.registerType<Node<DialogValues>, ProbeConfig, object, DialogValues>(nodeType.type, ProbeNode, {
    credentials,
  })
}

function take<K extends Kind>(
  { watcher, extension }: Running<K>,
  kind: K,
  msg: NodeMessageInFlow,
  send: Send,
  signal: AbortSignal,
): Promise<void> | undefined {
  if (extension === null && !isCommand(msg.payload)) {
    const name = typeof msg.topic === 'string' && watcher.has(msg.topic) ? msg.topic : null
    return watcher.probeNow(name).then((observed) => {
      if (!signal.aborted) send([null, null, Object.assign(msg, { payload: name === null ? observed : observed[0] })])
    })
  }
  const command = parseCommand(msg.payload, kind)
  if (!isQuestion(command)) {
    watcher.handle(command)
    return undefined
  }
  if (extension === null) {
    const what =
      command.action === 'inspect' ? 'inspect: only a stream can be inspected' : 'picture: only a stream has one'
    throw new MonitorError('invalid-message', what)
  }
  return extension.answer(command, signal).then((answer) => send([null, null, Object.assign(msg, answer)]))
}

function isCommand(payload: unknown): boolean {
  return isRecord(payload) && 'action' in payload
}
