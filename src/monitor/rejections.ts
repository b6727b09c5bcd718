import { MonitorError } from '../observation/errors.ts'
import { didYouMean, nearestWord } from '../observation/nearest-word.ts'
import type { Kind } from '../observation/observation.ts'
import { type Rejection, toRejection } from '../targets/rejection.ts'
import { type Directory, type DirectoryEntry, keyOf } from './directory.ts'

/** Seconds that a target has to be taken by a probe node, and the targets that it names to come. */
export const SETTLE_WITHIN = 10

/** What a `targets` node sent last. Monotonic seconds. */
export interface Sent {
  at: number
  targets: readonly { kind: Kind; name: string }[]
}

/** An entry of a `targets` node that a probe node refused. */
export interface RefusedEntry {
  /** Who sent it. */
  owner: string
  rejection: Rejection
}

/** What is wrong with targets beside what the `targets` nodes themselves could not take. */
export interface Faults {
  sent: readonly Sent[]
  /** By kind and name. */
  refused: ReadonlyMap<string, RefusedEntry>
  directory: Directory
  /** Names of what is not watched because it is rejected. */
  rejected: ReadonlySet<string>
  /** Monotonic seconds. */
  at: number
}

/** Targets that were sent to be watched, and that no probe node watches. */
export function notTaken({ sent, refused, directory, at }: Faults): Rejection[] {
  return sent.flatMap(({ at: sentAt, targets }) =>
    targets.flatMap(({ kind, name }) => {
      const known = refused.get(keyOf(kind, name))
      if (known) return [known.rejection]
      return at - sentAt < SETTLE_WITHIN || directory.has(kind, name) ? [] : [nobodyWatches(kind, name)]
    }),
  )
}

function nobodyWatches(kind: Kind, name: string): Rejection {
  const message = `no node watches it: wire output 1 of the targets node to the node that watches targets of kind ${kind}`
  return toRejection(`${kind} "${name}"`, new MonitorError('unknown-target', message), { kind, name })
}

/** Names of other targets in `dependsOn`, `platform` and `backupOf` that nothing is watched by. */
export function unknownLinks({ directory, rejected, at }: Faults): Rejection[] {
  const entries = directory.list()
  // With most targets nothing is linked, and this is asked for several times a second.
  const linking = entries.filter(({ since, links }) => hasLinks(links) && at - since.monotonic >= SETTLE_WITHIN)
  if (linking.length === 0) return []
  const names = new Map<Kind | 'any', Set<string>>([['any', new Set(entries.map(({ name }) => name))]])
  for (const { kind, name } of entries) names.set(kind, (names.get(kind) ?? new Set()).add(name))
  return linking.flatMap((entry) =>
    linksOf(entry)
      .filter(({ kind, name }) => !names.get(kind)?.has(name))
      .map(({ field, kind, name }) => unknownLink(entry, field, name, [...(names.get(kind) ?? [])], rejected)),
  )
}

function hasLinks({ dependsOn, platform, backupOf }: DirectoryEntry['links']): boolean {
  return dependsOn.length > 0 || platform !== null || backupOf !== null
}

interface Link {
  field: 'dependsOn' | 'platform' | 'backupOf'
  kind: Kind | 'any'
  name: string
}

function linksOf({ links }: DirectoryEntry): Link[] {
  const { dependsOn, platform, backupOf } = links
  return [
    ...dependsOn.map((name): Link => ({ field: 'dependsOn', kind: 'any', name })),
    ...(platform === null ? [] : [{ field: 'platform', kind: 'platform', name: platform } as const]),
    ...(backupOf === null ? [] : [{ field: 'backupOf', kind: 'stream', name: backupOf } as const]),
  ]
}

function unknownLink(
  { kind, name }: DirectoryEntry,
  field: Link['field'],
  linked: string,
  known: readonly string[],
  rejected: ReadonlySet<string>,
): Rejection {
  const own = [...known, ...rejected].filter((candidate) => candidate !== name)
  const suggestion = rejected.has(linked) ? null : nearestWord(linked, own)
  const why = rejected.has(linked) ? ', because it is refused' : didYouMean(suggestion)
  const message = `"${field}" names "${linked}", which is not watched${why}`
  return toRejection(`${kind} "${name}"`, new MonitorError('unknown-target', message, { suggestion }), {
    ...{ kind, name, effect: 'ignored', targets: 0 },
  })
}

/** How many targets are not watched because of these. What cannot be counted, as in a file that is no JSON, is one. */
export function countNotWatched(rejections: readonly Rejection[]): number {
  const lost = rejections.filter(({ effect }) => effect === 'not-watched')
  return lost.reduce((sum, { targets }) => sum + Math.max(1, targets), 0)
}

const EFFECTS: Readonly<Record<Rejection['effect'], string>> = {
  'not-watched': 'Not watched',
  'watched-as-before': 'Watched as before',
  ignored: 'Watched, but',
}

/** A rejection as people see it: on the dashboard, in `/health` and in the status. */
export interface ToldRejection extends Rejection {
  /** What it is called: the target's name, or the entry. */
  title: string
  /** One sentence: what it means, and the reason. */
  summary: string
  remedy: string
}

export function tell(rejection: Rejection): ToldRejection {
  const { entry, message, effect, name, kind } = rejection
  const reason = message.startsWith(`${entry}: `) ? message.slice(entry.length + 2) : message
  const isPart = effect === 'ignored' && name === null
  return {
    ...rejection,
    title: name ?? (entry === 'the file' ? 'Targets file' : entry),
    summary: isPart ? `Passed over: ${reason}` : `${EFFECTS[effect]}${effect === 'ignored' ? ' ' : ': '}${reason}`,
    remedy: remedyOf(entry, kind),
  }
}

/** An entry of the environment begins with the name of its variable. */
function remedyOf(entry: string, kind: Kind | null): string {
  const variable = /^[A-Z][A-Z0-9_]+(?= "|$)/.exec(entry)?.[0]
  if (variable?.endsWith('_FILE'))
    return `Write the value into the file that ${variable} names; it is read again by itself.`
  if (variable !== undefined) return `Correct ${variable} and start the monitor again.`
  if (kind !== null && entry.startsWith('The ')) return 'Correct it in the dialog of the node, and deploy.'
  const isEntry = /^[a-zA-Z]+(\[|$)/.test(entry)
  return `Correct ${isEntry ? `${entry} in the targets file` : 'the targets'}: a file is read again as soon as it is saved.`
}
