import type { NodeAPI } from 'node-red'
import { SERVICE_RULES } from '../../health/checks/service.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'
import { ownTarget } from './own-target.ts'
import type { ServiceConfig } from './service.types.ts'
import { serviceWatches } from './service-watch.ts'
import { SERVICE_STATUS } from './status-text.ts'

export default function register(RED: NodeAPI): void {
  registerProbeNode<'service', ServiceConfig, object>(RED, {
    type: 'hmonitor-service',
    kind: 'service',
    watches: serviceWatches,
    ownTarget: (id, config, _credentials, variable) => ownTarget(id, config, variable),
    status: SERVICE_STATUS,
    trial: SERVICE_RULES,
  })
}
