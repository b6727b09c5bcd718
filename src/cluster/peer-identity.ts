import type { ClusterShard } from '../targets/shard.ts'

/** Which monitor it is that answers. */
export interface PeerIdentity extends ClusterShard {
  /** Of this one start of it: two addresses may lead to the same. */
  readonly instance: string
}

/** Headers of each answer to a peer. */
export function identityHeaders({ instance, cluster, index, count }: PeerIdentity): Record<string, string> {
  return {
    'hmonitor-instance': instance,
    'hmonitor-cluster': encodeURIComponent(cluster),
    'hmonitor-shard': `${index}/${count}`,
  }
}

/** Null where an answer does not say from which monitor it is. */
export function identityIn(headers: Readonly<Record<string, string | undefined>>): PeerIdentity | null {
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(headers['hmonitor-shard'] ?? '') ?? []
  const [instance] = /^[\w-]{1,64}$/.exec(headers['hmonitor-instance'] ?? '') ?? []
  const cluster = decoded(headers['hmonitor-cluster'] ?? '')
  if (instance === undefined || index === undefined || cluster === null) return null
  return { instance, cluster, index: Number(index), count: Number(count) }
}

function decoded(text: string): string | null {
  try {
    return text.length <= 1000 ? decodeURIComponent(text) : null
  } catch {
    return null
  }
}
