import type { NodeAPI } from 'node-red'
import { ENCODER_RULES } from '../../health/checks/encoder.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'
import { encoderWatches } from './encoder-watch.ts'
import { ownTarget } from './own-target.ts'
import { ENCODER_STATUS } from './status-text.ts'
import type { WebPresenterConfig } from './web-presenter.types.ts'

export default function register(RED: NodeAPI): void {
  registerProbeNode<'encoder', WebPresenterConfig, object>(RED, {
    type: 'hmonitor-web-presenter',
    kind: 'encoder',
    watches: (state) => encoderWatches(state),
    ownTarget: (id, config, _credentials, variable) => ownTarget(id, config, variable),
    status: ENCODER_STATUS,
    trial: ENCODER_RULES,
  })
}
