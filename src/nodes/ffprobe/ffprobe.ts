import type { NodeAPI } from 'node-red'
import { textIn } from '../../node-red/config.ts'
import { registerProbeNode } from '../../node-red/probe-node.ts'
import type { FfprobeConfig, FfprobeCredentials } from './ffprobe.types.ts'
import { inspections } from './inspections.ts'
import { ownTarget } from './own-target.ts'
import { STREAM_STATUS } from './status-text.ts'
import { streamWatches } from './stream-watch.ts'
import { tryStream } from './trial.ts'

export default function register(RED: NodeAPI): void {
  registerProbeNode<'stream', FfprobeConfig, FfprobeCredentials>(RED, {
    type: 'hmonitor-ffprobe',
    kind: 'stream',
    credentials: { streamKey: { type: 'password' } },
    context: ({ ffprobePath }) => textIn(ffprobePath),
    watches: (state, { ffprobePath }) => streamWatches(state, textIn(ffprobePath)),
    ownTarget: (id, config, { streamKey }, variable) => ownTarget(id, config, textIn(streamKey), variable),
    status: STREAM_STATUS,
    trial: { run: tryStream },
    extend: inspections,
  })
}
