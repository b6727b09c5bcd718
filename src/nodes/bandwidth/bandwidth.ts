import type { NodeAPI } from 'node-red'
import { WATCHES } from '../../kinds/probes.ts'
import { textIn } from '../../node-red/config.ts'
import type { OwnTargetRules } from '../../node-red/own-target.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'
import { MonitorError } from '../../observation/errors.ts'
import { hostOf } from '../../targets/dialog.ts'

/** The user whose password the token is; another monitor does not look at it. */
const USER = 'monitor'

export const TEST_OF_DIALOG: OwnTargetRules = {
  nameFrom: ({ written }) => hostOf(written),
  fallbackName: 'bandwidth',
  address({ sealed }, credentials, secrets) {
    const token = textIn(credentials.token)
    if (token === '') return sealed
    const [, scheme, rest] = /^(https?:\/\/)(?:[^/?#@]*@)?(.*)$/i.exec(sealed) ?? []
    if (scheme === undefined || rest === undefined) {
      throw new MonitorError('invalid-target', 'The test of this node: a token goes with http and https only')
    }
    return `${scheme}${USER}:${secrets.keep('token', encodeURIComponent(token))}@${rest}`
  },
}

export default function register(RED: NodeAPI): void {
  registerProbeNode(RED, {
    type: 'hmonitor-bandwidth',
    kind: 'bandwidth',
    watches: (state) => WATCHES.bandwidth(state),
    target: TEST_OF_DIALOG,
  })
}
