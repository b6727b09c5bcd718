import type { Node, NodeAPI, NodeDef } from 'node-red'

export default function register(RED: NodeAPI): void {
  RED.nodes.registerType('hmonitor-monitor', function (this: Node, config: NodeDef) {
    RED.nodes.createNode(this, config)
  })
}
