import type { NodeAPI } from 'node-red'
import { PING_RULES } from '../../health/checks/ping.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'
import { ownTarget } from './own-target.ts'
import type { PingConfig } from './ping.types.ts'
import { pingWatches } from './ping-watch.ts'
import { PING_STATUS } from './status-text.ts'

export default function register(RED: NodeAPI): void {
  registerProbeNode<'ping', PingConfig, object>(RED, {
    type: 'hmonitor-ping',
    kind: 'ping',
    watches: pingWatches,
    ownTarget: (id, config, _credentials, variable) => ownTarget(id, config, variable),
    status: PING_STATUS,
    trial: PING_RULES,
  })
}
