import type { Node, NodeStatusFill, NodeStatusShape } from 'node-red'

/** More does not fit under a node. */
const LONGEST = 20

/**
 * The line under a node. It is sent on only when it changes: every status goes to every open editor and to the Status
 * nodes of the flow, and a probe says one each second.
 */
export class StatusLine {
  readonly #node: Node
  #shown = ''

  constructor(node: Node) {
    this.#node = node
  }

  /** @param text at most 20 characters; what is longer is cut */
  show(fill: NodeStatusFill, shape: NodeStatusShape, text: string): void {
    const short = text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
    const key = `${fill} ${shape} ${short}`
    if (key === this.#shown) return
    this.#shown = key
    this.#node.status({ fill, shape, text: short })
  }

  clear(): void {
    if (this.#shown === '') return
    this.#shown = ''
    this.#node.status({})
  }
}
