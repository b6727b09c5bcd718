import type { NodeAPI } from 'node-red'
import { PLATFORM_RULES } from '../../health/checks/platform.ts'
import { WATCHES } from '../../kinds/probes.ts'
import { textIn } from '../../node-red/config.ts'
import type { OwnTargetRules } from '../../node-red/own-target.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'
import { eventNumber } from '../../platform/live-event.ts'
import { accountOf } from './access.ts'

export const EVENT_OF_DIALOG: OwnTargetRules = {
  fallbackName: 'vimeo',
  address: ({ sealed }) => eventNumber(sealed),
}

export default function register(RED: NodeAPI): void {
  registerProbeNode(RED, {
    type: 'hmonitor-vimeo',
    kind: 'platform',
    context: ({ account }) => textIn(account),
    watches: (state, { account }) => WATCHES.platform(state, accountOf(RED, state, account)),
    target: EVENT_OF_DIALOG,
    trial: PLATFORM_RULES,
  })
}
