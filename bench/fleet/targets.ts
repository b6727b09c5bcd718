import type { LinkedTarget } from '../../src/incidents/kinship.ts'
import type { SharedTarget } from '../../src/targets/partition.ts'

/** Many streams at several sites, each with its gateway and its ingest, and rooms within them. */
export interface Fleet {
  readonly sites: number
  readonly streamsPerSite: number
  /** Streams of a site that belong together. */
  readonly streamsPerRoom: number
}

/** What the streams have as `shardKey`: nothing, so that the name counts, their room, or their site. */
export type KeyedBy = 'name' | 'room' | 'site'

/** A target as sharing and incidents see it. */
export type FleetTarget = SharedTarget & LinkedTarget & { readonly site: number }

/** Of each site the gateway, the ingest behind it, and the streams that need it, in the order of a targets file. */
export function targetsOf(fleet: Fleet, keyedBy: KeyedBy): FleetTarget[] {
  return Array.from({ length: fleet.sites }, (_, site) => siteOf(fleet, site, keyedBy)).flat()
}

function siteOf({ streamsPerSite, streamsPerRoom }: Fleet, site: number, keyedBy: KeyedBy): FleetTarget[] {
  const [gateway, ingest] = [`gateway-${site}`, `ingest-${site}`]
  const streams = Array.from({ length: streamsPerSite }, (_, index) => {
    const room = `site-${site}-room-${Math.floor(index / streamsPerRoom)}`
    const shardKey = { name: null, room, site: `site-${site}` }[keyedBy]
    return target(site, 'stream', `site-${site}-stream-${index}`, [ingest], shardKey)
  })
  return [target(site, 'ping', gateway, []), target(site, 'service', ingest, [gateway]), ...streams]
}

function target(
  site: number,
  kind: string,
  name: string,
  dependsOn: readonly string[],
  shardKey: string | null = null,
): FleetTarget {
  const watchedBy = kind === 'stream' ? 'one-shard' : 'each-that-needs-it'
  // Each site streams to the server that is its ingest.
  const host = kind === 'ping' ? `10.0.0.${site}` : `ingest-${site}.example`
  const links = { dependsOn, platform: null, host }
  return { site, kind, name, label: name, watchedBy, dependsOn, shardKey, backupOf: null, platform: null, links }
}
