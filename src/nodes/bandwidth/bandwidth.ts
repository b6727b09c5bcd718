import type { NodeAPI } from 'node-red'
import { textIn } from '../../node-red/config.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'
import type { BandwidthConfig, BandwidthCredentials } from './bandwidth.types.ts'
import { bandwidthWatches } from './bandwidth-watch.ts'
import { ownTarget } from './own-target.ts'
import { BANDWIDTH_STATUS } from './status-text.ts'

export default function register(RED: NodeAPI): void {
  registerProbeNode<'bandwidth', BandwidthConfig, BandwidthCredentials>(RED, {
    type: 'hmonitor-bandwidth',
    kind: 'bandwidth',
    credentials: { token: { type: 'password' } },
    watches: (state) => bandwidthWatches(state),
    ownTarget: (id, config, credentials, variable) => ownTarget(id, config, textIn(credentials.token), variable),
    status: BANDWIDTH_STATUS,
  })
}
