import type { NodeAPI } from 'node-red'
import { PING_RULES } from '../../health/checks/ping.ts'
import { WATCHES } from '../../kinds/probes.ts'
import type { OwnTargetRules } from '../../node-red/own-target.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'

export const HOST_OF_DIALOG: OwnTargetRules = {
  // What is filled in for a name is not to be shown.
  nameFrom: ({ written, sealed }) => (sealed === written ? written : ''),
  fallbackName: 'host',
}

export default function register(RED: NodeAPI): void {
  registerProbeNode(RED, {
    type: 'hmonitor-ping',
    kind: 'ping',
    watches: (state) => WATCHES.ping(state),
    target: HOST_OF_DIALOG,
    trial: PING_RULES,
  })
}
