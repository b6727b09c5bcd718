import { groupsOf } from '../../src/incidents/grouping.ts'
import { Kinship, targetKey } from '../../src/incidents/kinship.ts'
import { Relations } from '../../src/monitor/relations.ts'
import { partition } from '../../src/targets/partition.ts'
import { ownerOf } from '../../src/targets/shard.ts'
import type { FleetTarget } from './targets.ts'

/** What each shard watches, by its index: worked out as the monitors do it. */
export function sharesOf(targets: readonly FleetTarget[], count: number): FleetTarget[][] {
  return Array.from({ length: count }, (_, index) => partition(targets, { index, count }).own)
}

export interface Balance {
  fewest: number
  mean: number
  most: number
  /** Standard deviation. */
  deviation: number
}

/** How many streams the shards have. */
export function balanceOf(shares: readonly (readonly FleetTarget[])[]): Balance {
  const sizes = shares.map((share) => share.filter(({ kind }) => kind === 'stream').length)
  const mean = sizes.reduce((sum, size) => sum + size, 0) / sizes.length
  const variance = sizes.reduce((sum, size) => sum + (size - mean) ** 2, 0) / sizes.length
  return { fewest: Math.min(...sizes), mean, most: Math.max(...sizes), deviation: Math.sqrt(variance) }
}

/** How often hosts and services are asked, all shards together, per time that one monitor would ask them. */
export function timesWatched(shares: readonly (readonly FleetTarget[])[], kind: 'ping' | 'service'): number {
  const watches = shares.flat().filter((target) => target.kind === kind)
  return watches.length / new Set(watches.map(({ name }) => name)).size
}

export interface Movement {
  moved: number
  /** Of those that moved, to a shard that was there before: none with rendezvous hashing, where shards are added. */
  between: number
}

/** What a change of the number of shards moves. */
export function movementOf(targets: readonly FleetTarget[], from: number, to: number): Movement {
  const moves = targets
    .filter(({ kind }) => kind === 'stream')
    .map(({ name, shardKey }) => [ownerOf(shardKey ?? name, from), ownerOf(shardKey ?? name, to)] as const)
    .filter(([before, after]) => before !== after)
  return { moved: moves.length, between: moves.filter(([before, after]) => before < to && after < from).length }
}

export interface Outage {
  /** Alerts that fire, all shards together. */
  alerts: number
  /** What each shard by itself takes for one incident, all shards together. */
  incidents: number
  shards: number
}

/**
 * Sites that fail wholly: everything of them is down. What the shards make of it is found by the code of incidents itself,
 * each shard seeing its own part.
 */
export function outageOf(shares: readonly (readonly FleetTarget[])[], sites: ReadonlySet<number>): Outage {
  const found = shares.map((share) => {
    const affected = share.filter(({ site }) => sites.has(site)).map(({ kind, name }) => targetKey(kind, name))
    if (affected.length === 0) return { alerts: 0, incidents: 0 }
    const kinship = new Kinship(share, new Relations(share).needs)
    const down = new Set(affected)
    const groups = groupsOf(
      affected.map((key) => ({ key, since: 0 })),
      kinship,
      (key) => down.has(key),
    )
    return { alerts: affected.length, incidents: groups.length }
  })
  return {
    alerts: found.reduce((sum, { alerts }) => sum + alerts, 0),
    incidents: found.reduce((sum, { incidents }) => sum + incidents, 0),
    shards: found.filter(({ alerts }) => alerts > 0).length,
  }
}
