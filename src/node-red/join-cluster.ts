import type { MonitorState } from '../monitor/state.ts'
import { parseShard } from '../targets/shard.ts'

/** What a cluster is called whose monitors have no name. */
const DEFAULT_CLUSTER = 'RTMP HMonitor'

/**
 * Makes a monitor one shard of several where SHARD says so. What is wrong with it is only said here: it keeps the
 * `targets` nodes from watching anything.
 */
export function joinCluster(state: MonitorState, say: (message: string) => void): void {
  try {
    const shard = parseShard(process.env)
    if (shard !== null) state.joinCluster(shard, state.name || DEFAULT_CLUSTER)
  } catch (error) {
    say(error instanceof Error ? error.message : String(error))
  }
}
