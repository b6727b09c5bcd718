import type { Node, NodeAPI } from 'node-red'
import { findFfprobe } from '../../ffmpeg/binaries.ts'
import { Inspections } from '../../inspection/inspections.ts'
import { textIn } from '../../node-red/config.ts'
import type { DialogValues } from '../../node-red/own-target.ts'
import type { ProbeExtension } from '../../node-red/probe-node.ts'
import type { ProbeConfig, ProbeWatcher } from '../../node-red/probe-watcher.ts'
import type { InspectCommand } from '../../targets/command.ts'
import { type InspectionContext, inspect } from './inspection.ts'

/**
 * What an `ffprobe` node does beside watching: it inspects streams, for its messages and for whoever asks its monitor,
 * and says once in the log which ffprobe it uses.
 */
export function inspections(
  RED: NodeAPI,
  node: Node<DialogValues>,
  config: ProbeConfig,
  watcher: ProbeWatcher<'stream'>,
): ProbeExtension<'stream'> {
  const ffprobePath = textIn(config.ffprobePath)
  const { state } = watcher
  const context: InspectionContext = { state, ffprobePath, watched: (name) => watcher.watched(name) }
  const answer = (command: InspectCommand, signal: AbortSignal) => inspect(command, context, signal)
  const takeBack = state
    .part(Inspections)
    .offer(node.id, (name, profile, signal) =>
      answer({ action: 'inspect', name, ...(profile !== null && { profile }) }, signal),
    )
  let isTold = false
  return {
    inspect: answer,
    observed({ error }) {
      if (isTold || error !== undefined) return
      isTold = true
      findFfprobe(ffprobePath || undefined).then(
        ({ path, version }) => node.log(RED._('log.ffprobe', { path, version })),
        () => undefined,
      )
    },
    close: takeBack,
  }
}
