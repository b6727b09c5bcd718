import type { NodeStatusFill, NodeStatusShape } from 'node-red'
import { countNotWatched } from '../../monitor/rejections.ts'
import type { TargetsSnapshot } from '../../targets/source.ts'

export interface TargetsStatus {
  fill: NodeStatusFill
  shape: NodeStatusShape
  /** Of the node's labels, under `status`. */
  key: 'none' | 'targets' | 'rejected' | 'failed'
  values: Record<string, number>
}

/** What stands under a `targets` node. Red where nothing new could be read, whatever goes on from before. */
export function targetsStatus({ origin, watches, rejected }: TargetsSnapshot): TargetsStatus {
  const count = watches.length
  const file = origin !== null && 'file' in origin ? origin.file : null
  if (file !== null && rejected.some(({ entry }) => entry === file))
    return { fill: 'red', shape: 'ring', key: 'failed', values: {} }
  if (rejected.length > 0) {
    const values = { accepted: count, rejected: Math.max(rejected.length, countNotWatched(rejected)) }
    return { fill: count > 0 ? 'yellow' : 'red', shape: 'dot', key: 'rejected', values }
  }
  if (count === 0) return { fill: 'grey', shape: 'ring', key: 'none', values: {} }
  return { fill: 'green', shape: 'dot', key: 'targets', values: { count } }
}
