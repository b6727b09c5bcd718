import type { Node, NodeAPI, NodeDef, NodeMessageInFlow } from 'node-red'
import type { MonitorState } from '../monitor/state.ts'
import { MonitorError } from '../observation/errors.ts'
import { createNode } from './config-version.ts'
import { handleInput, type InputContext } from './input.ts'
import { handleClose, tidyAfterDeploys } from './lifecycle.ts'
import { monitorState } from './monitor-states.ts'
import { followMonitor } from './monitors.ts'
import { refuse, StatusLine, usableMonitor } from './status.ts'

/** Why the work for a monitor ends: the node has another one now, is made anew by a deploy, or is gone for good. */
export type WorkEnd = 'other-monitor' | 'closed' | 'removed'

/** What a node does that works for one monitor. */
export interface MonitorNode {
  /**
   * Takes up the work for its monitor: at first, and again when a deploy has given it another.
   *
   * @param atEnd takes what has to be done when this work is over, also where `begin` throws after it
   * @throws MonitorError why the node cannot work with its settings: it is shown, and messages are refused with it
   */
  begin(state: MonitorState, atEnd: (end: (why: WorkEnd) => void) => void): void
  take(msg: NodeMessageInFlow, context: InputContext): void | Promise<void>
  /** What becomes of a message while the node cannot work. By default its reason goes to Catch nodes. */
  refused?(msg: NodeMessageInFlow, context: InputContext, why: MonitorError): void
  /** The status of a refusal by `begin`; by default that the settings are invalid. */
  statusOf?(refusal: MonitorError): string
  close?(removed: boolean): void | Promise<void>
}

/** By property: `text` is shown to whoever may edit, `password` to nobody. */
type CredentialTypes<C> = { [property in keyof C]-?: { type: 'text' | 'password' } }

/** What a node is given when it is made. */
export interface MonitorNodeSetting<F, C extends object = object> {
  node: Node<C>
  config: NodeDef & F
  line: StatusLine
  /** Begins anew with the same monitor, where `begin` has refused before. */
  again(): void
}

/**
 * Registers a type of nodes that work for a monitor, whichever their dialog names.
 *
 * @param credentials what of the dialog is kept apart and encrypted
 */
export function registerMonitorNode<F extends { monitor?: unknown }, C extends object = object>(
  RED: NodeAPI,
  type: string,
  make: (setting: MonitorNodeSetting<F, C>) => MonitorNode,
  credentials?: CredentialTypes<C>,
): void {
  tidyAfterDeploys(RED)

  function MonitorNodeOfType(this: Node<C>, saved: NodeDef & F): void {
    const config = createNode(RED, this, saved)
    const line = new StatusLine(this)
    let monitorId: string | null = null
    let refusal: MonitorError | null = null
    let ends: ((why: WorkEnd) => void)[] = []
    const end = (why: WorkEnd) => {
      const ending = ends
      ends = []
      for (const each of ending) each(why)
    }
    const begin = () => {
      const usable = usableMonitor(RED, this, config, monitorId, line)
      refusal = usable instanceof MonitorError ? usable : null
      if (usable instanceof MonitorError) return
      try {
        work.begin(monitorState(usable), (each) => ends.push(each))
      } catch (error) {
        if (!(error instanceof MonitorError)) throw error
        refusal = error
        refuse(this, line, work.statusOf?.(error) ?? RED._('status.invalid'), error.message)
      }
    }
    const work = make({ node: this, config, line, again: begin })

    followMonitor(RED, this, config.monitor, (id) => {
      end('other-monitor')
      monitorId = id
      begin()
    })
    handleInput(this, (msg, context) => {
      if (refusal === null) return work.take(msg, context)
      if (work.refused === undefined) throw refusal
      work.refused(msg, context, refusal)
    })
    handleClose(this, (removed) => {
      end(removed ? 'removed' : 'closed')
      return work.close?.(removed)
    })
  }

  RED.nodes.registerType<Node<C>, NodeDef & F, object, C>(type, MonitorNodeOfType, {
    ...(credentials && { credentials }),
  })
}
