import { AT_ONCE, Cluster } from '../../cluster/cluster.ts'
import type { ClusterMember } from '../../cluster/cluster-status.ts'
import type { MonitorState } from '../../monitor/state.ts'
import { MonitorError } from '../../observation/errors.ts'
import { type Answer, type Asked, json, problem } from './answer.ts'
import { header } from './request.ts'

/** What Prometheus' `http_sd` takes: a monitor, with the labels that its alerts have. */
interface Discovered {
  targets: [string]
  labels: Record<string, string>
}

/**
 * All monitors of the cluster that have ever answered since this one started, also those that are silent now: Prometheus is
 * to see that they are. Of a monitor without peers, itself.
 */
export async function answerDiscovery(state: MonitorState, { request }: Asked): Promise<Answer> {
  const { shard, site, name, id } = state
  const cluster = state.part(Cluster)
  const host = header(request, 'host')
  try {
    if (cluster.isJoined && shard !== null) {
      const { members } = (await cluster.status(AT_ONCE)).cluster
      return json(
        200,
        members.flatMap((member) => discovered(member, shard.cluster, host) ?? []),
      )
    }
  } catch (error) {
    if (error instanceof MonitorError) return problem(503, error.code, error.message)
    throw error
  }
  const labels = { monitor: name || id, ...(site !== '' && { site }) }
  return json(200, host === '' ? [] : [{ targets: [host], labels } satisfies Discovered])
}

/** @param host at which this monitor was asked */
function discovered({ monitor, site, shard, state, address }: ClusterMember, cluster: string, host: string) {
  const at = address === null ? (state === 'this' ? host : '') : hostOf(address)
  if (at === '') return null
  const labels = { monitor, cluster, shard: String(shard), ...(site !== '' && { site }) }
  return { targets: [at], labels } satisfies Discovered
}

/** Host and port, also where the port is that of the protocol. */
function hostOf(address: string): string {
  const { protocol, hostname, port } = new URL(address)
  return `${hostname}:${port || (protocol === 'https:' ? 443 : 80)}`
}
