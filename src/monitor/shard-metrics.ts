import type { MetricsRegistry } from '../metrics/registry.ts'
import type { MetricText } from '../observation/own-metric.ts'
import type { ClusterShard } from '../targets/shard.ts'
import type { SharedFile } from '../targets/share.ts'

const INFO: MetricText = {
  name: 'hmonitor_shard_info',
  type: 'gauge',
  help: 'Always 1 on a monitor that shares its targets with others. Carries which part of them it watches, from 0.',
  labels: ['cluster', 'shard'],
}

const SHARDS: MetricText = {
  name: 'hmonitor_shards',
  type: 'gauge',
  help: 'How many monitors share the targets, as this one of them was told.',
  labels: ['cluster'],
}

const OWN_TARGETS: MetricText = {
  name: 'hmonitor_shard_targets',
  type: 'gauge',
  help: 'Targets of the shared file that this shard is to watch.',
  labels: ['cluster', 'kind'],
}

const ALL_TARGETS: MetricText = {
  name: 'hmonitor_targets_in_file',
  type: 'gauge',
  help: 'Targets of the shared file that some shard is to watch.',
  labels: ['cluster', 'kind'],
}

const FILE_HASH: MetricText = {
  name: 'hmonitor_targets_file_hash',
  type: 'gauge',
  help: 'A number that is the same on all shards that have read the same targets.',
  labels: ['cluster'],
}

/** Only of a monitor that is one shard of several. */
export const SHARD_METRICS: readonly MetricText[] = [INFO, SHARDS, OWN_TARGETS, ALL_TARGETS, FILE_HASH]

/** What a shard says of itself at every scrape. */
export interface ClusterFigures extends ClusterShard {
  /** Of each `targets` node that has read something. */
  readonly files: readonly SharedFile[]
}

export function registerShardMetrics(metrics: MetricsRegistry, read: () => ClusterFigures | null): void {
  const gauge = (text: MetricText, samples: (figures: ClusterFigures) => readonly Labelled[]) =>
    metrics.registerGauge(text, () => {
      const figures = read()
      if (figures === null) return []
      const { cluster } = figures
      return samples(figures).map(({ labels, value }) => ({ labels: { cluster, ...labels }, value }))
    })
  gauge(INFO, ({ index }) => [{ labels: { shard: String(index) }, value: 1 }])
  gauge(SHARDS, ({ count }) => [{ labels: {}, value: count }])
  gauge(OWN_TARGETS, ({ files }) => byKind(files, ({ own }) => own))
  gauge(ALL_TARGETS, ({ files }) => byKind(files, ({ inFile }) => inFile))
  gauge(FILE_HASH, ({ files }) => (files.length === 0 ? [] : [{ labels: {}, value: together(files) }]))
}

interface Labelled {
  labels: Record<string, string>
  value: number
}

function byKind(
  files: readonly SharedFile[],
  count: (targets: SharedFile['targets'][string]) => number,
): readonly Labelled[] {
  const sums = new Map<string, number>()
  for (const { targets } of files) {
    for (const [kind, of] of Object.entries(targets)) sums.set(kind, (sums.get(kind) ?? 0) + count(of))
  }
  return [...sums].map(([kind, value]) => ({ labels: { kind }, value }))
}

/** Whatever the order of the nodes; exact below 2 to the power of 53. */
function together(files: readonly SharedFile[]): number {
  return files.reduce((sum, { hash }) => (sum + hash) % 2 ** 48, 0)
}
