import type { Node, NodeAPI } from 'node-red'
import type { Receiver } from '../../alerts/receiver.ts'
import type { ReceiverCredentials } from './receiver.types.ts'

export const RECEIVER_TYPE = 'hmonitor-receiver'

/** A `receiver` config node. */
export interface ReceiverNode extends Node<ReceiverCredentials> {
  /** Messages that it takes in an hour. */
  perHour: number
  /**
   * Where it sends; null where nothing is set up. Read anew each time, because a secret may stand in a file.
   * @throws MonitorError where its dialog and the environment do not make a receiver
   */
  read(): Receiver | null
}

/** The config node of a receiver, where there is one. */
export function receiverNode(RED: NodeAPI, id: unknown): ReceiverNode | null {
  const node: Node | null | undefined = typeof id === 'string' && id !== '' ? RED.nodes.getNode(id) : null
  return node?.type === RECEIVER_TYPE ? (node as ReceiverNode) : null
}
