import type { NodeAPI } from 'node-red'
import { parseDeviceAddress } from '../../encoder/address.ts'
import { ENCODER_RULES } from '../../health/checks/encoder.ts'
import { WATCHES } from '../../kinds/probes.ts'
import type { OwnTargetRules } from '../../node-red/own-target.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'

export const ENCODER_OF_DIALOG: OwnTargetRules = {
  // An address that comes from a variable is not shown.
  nameFrom: ({ written, sealed }) => (sealed === written ? parseDeviceAddress(written).host : ''),
  fallbackName: 'encoder',
}

export default function register(RED: NodeAPI): void {
  registerProbeNode(RED, {
    type: 'hmonitor-web-presenter',
    kind: 'encoder',
    watches: (state) => WATCHES.encoder(state),
    target: ENCODER_OF_DIALOG,
    trial: ENCODER_RULES,
  })
}
