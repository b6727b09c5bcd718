import { createHash } from 'node:crypto'
import { MonitorError } from '../observation/errors.ts'
import { kindsOf } from '../observation/kind.ts'
import type { Kind } from '../observation/observation.ts'
import type { RefusedEntry, SealedEntry } from './load.ts'
import { partition } from './partition.ts'
import { type Rejection, toRejection } from './rejection.ts'
import type { Shard } from './shard.ts'
import type { Target, TargetOf } from './target.ts'
import { MOST_TARGETS, type TargetKinds } from './target-kind.ts'

/** A target of a shared file, and the shards that watch it. */
export interface PlacedTarget {
  readonly kind: Kind
  readonly name: string
  /** In order; more than one of what each shard watches that needs it. */
  readonly shards: readonly number[]
  /** As it is sent to be watched: without secrets. */
  readonly target: Target
}

/** What a monitor that is one shard of several says of the file that they share. */
export interface SharedFile {
  /** By kind: targets that some shard has to watch, and those that this one does. */
  readonly targets: Readonly<Record<string, { inFile: number; own: number }>>
  /** The same on each shard that has read the same, whatever the order; 48 bits, and nothing of a secret is in it. */
  readonly hash: number
  /** Everything in it that some shard watches. */
  readonly placed: readonly PlacedTarget[]
}

/** The part of one shard. */
export interface Share {
  own: SealedEntry[]
  refused: RefusedEntry[]
  /** Kinds of which this shard would have to watch more than it may. */
  tooMany: Rejection[]
  file: SharedFile
}

/** Takes of all that can be watched what belongs to this shard. */
export function shareOf(kinds: TargetKinds, sealed: readonly SealedEntry[], shard: Shard): Share {
  const targets = sealed.map((one) => {
    const { kind, watchedBy } = one.entry.list
    const { name, dependsOn } = one.entry.target
    const linked = { kind, name, dependsOn, watchedBy, label: one.entry.label, one }
    return kind === 'stream' ? { ...linked, ...streamLinks(one) } : linked
  })
  const { own: all, refused, placed } = partition(targets, shard)
  const own: SealedEntry[] = []
  const tooMany: Rejection[] = []
  const counts: Record<string, { inFile: number; own: number }> = {}
  for (const kind of kindsOf(kinds)) {
    const mine = all.filter((target) => target.kind === kind).map(({ one }) => one)
    own.push(...mine.slice(0, MOST_TARGETS))
    if (mine.length > MOST_TARGETS) tooMany.push(overfull(kinds[kind].list, kind, mine.length, shard))
    const inFile =
      ofKind(targets, kind) -
      ofKind(
        refused.map(({ target }) => target),
        kind,
      )
    counts[kind] = { inFile, own: Math.min(mine.length, MOST_TARGETS) }
  }
  return {
    own,
    refused: refused.map(({ target: { one, kind, name, label }, error }) => ({
      list: one.entry.list,
      index: one.entry.index,
      rejection: toRejection(label, error, { kind, name }),
    })),
    tooMany,
    file: {
      targets: counts,
      hash: hashOf(sealed),
      placed: placed.map(({ target: { kind, name, one }, shards }) => ({
        ...{ kind, name, shards },
        target: one.watch.target as Target,
      })),
    },
  }
}

function streamLinks({ entry }: SealedEntry): Pick<TargetOf['stream'], 'shardKey' | 'backupOf' | 'platform'> {
  const { shardKey, backupOf, platform } = entry.target as TargetOf['stream']
  return { shardKey, backupOf, platform }
}

function ofKind(targets: readonly { kind: Kind }[], kind: Kind): number {
  return targets.filter((target) => target.kind === kind).length
}

function overfull(list: string, kind: Kind, count: number, shard: Shard): Rejection {
  const message = `${count} of the entries belong to shard ${shard.index} of ${shard.count}, and a monitor watches at most ${MOST_TARGETS} of a kind; the first ${MOST_TARGETS} are watched. Start more shards`
  return toRejection(list, new MonitorError('too-many-targets', message), { kind, targets: count - MOST_TARGETS })
}

/** Of what is sent to be watched, in which names stand for secrets. */
function hashOf(sealed: readonly SealedEntry[]): number {
  const lines = sealed.map(({ watch: { kind, target } }) => JSON.stringify([kind, target])).sort()
  return Number.parseInt(createHash('sha256').update(lines.join('\n')).digest('hex').slice(0, 12), 16)
}
