import type { NodeAPI } from 'node-red'
import { PLATFORM_RULES } from '../../health/checks/platform.ts'
import { textIn } from '../../node-red/config.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'
import { accountOf } from './access.ts'
import { ownTarget } from './own-target.ts'
import { platformWatches } from './platform-watch.ts'
import { PLATFORM_STATUS } from './status-text.ts'
import type { VimeoConfig } from './vimeo.types.ts'

export default function register(RED: NodeAPI): void {
  registerProbeNode<'platform', VimeoConfig, object>(RED, {
    type: 'hmonitor-vimeo',
    kind: 'platform',
    context: ({ account }) => textIn(account),
    watches: (state, { account }) => platformWatches(state, accountOf(RED, state, account)),
    ownTarget: (id, config) => ownTarget(id, config),
    status: PLATFORM_STATUS,
    trial: PLATFORM_RULES,
  })
}
