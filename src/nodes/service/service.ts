import type { NodeAPI } from 'node-red'
import { SERVICE_RULES } from '../../health/checks/service.ts'
import { WATCHES } from '../../kinds/probes.ts'
import type { OwnTargetRules } from '../../node-red/own-target.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'
import { hostOf } from '../../targets/dialog.ts'

export const SERVICE_OF_DIALOG: OwnTargetRules = {
  nameFrom: ({ filled }) => hostOf(filled),
  fallbackName: 'service',
}

export default function register(RED: NodeAPI): void {
  registerProbeNode(RED, {
    type: 'hmonitor-service',
    kind: 'service',
    watches: (state) => WATCHES.service(state),
    target: SERVICE_OF_DIALOG,
    trial: SERVICE_RULES,
  })
}
