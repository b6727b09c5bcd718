/** What goes on of the targets where the newest version of their file has mistakes. */

import type { CheckedEntry, RefusedEntry, SealedEntry } from './load.ts'
import type { Rejection } from './rejection.ts'
import type { TargetKind } from './target-kind.ts'

/** What is wrong with the newest version of a file. */
interface Mistakes {
  /** Nothing of it can be taken. */
  file: Rejection | null
  /** Lists of which nothing can be read. */
  unread: ReadonlyMap<TargetKind, Rejection>
  refused: readonly RefusedEntry[]
}

/** An entry that goes on as it was, and the rejections because of which it does. */
interface KeptEntry {
  entry: CheckedEntry
  because: readonly Rejection[]
}

/**
 * A mistake ends nothing that was right before: an entry stays as it was while its new version is refused, a list while
 * nothing of it can be read, and everything while nothing in the file can be taken. An entry whose name is mistyped or
 * taken is known by its place in the list, where its old name stands nowhere else.
 */
export function entriesKept(
  before: readonly CheckedEntry[],
  taken: readonly SealedEntry[],
  { file, unread, refused }: Mistakes,
): KeptEntry[] {
  const namesTaken = new Set(taken.map(({ entry }) => identity(entry.list, entry.target.name)))
  const namesRefused = new Set(refused.map(({ list, rejection }) => identity(list, rejection.name ?? '')))
  return before.flatMap((entry): KeptEntry[] => {
    const name = identity(entry.list, entry.target.name)
    if (namesTaken.has(name)) return []
    const own = refused.filter(({ list, index, rejection }) =>
      list !== entry.list
        ? false
        : namesRefused.has(name)
          ? rejection.name === entry.target.name
          : index === entry.index,
    )
    const first = own[0]
    const because = [...own.map(({ rejection }) => rejection), unread.get(entry.list), file].filter((one) => !!one)
    if (because.length === 0) return []
    return [{ entry: first ? { ...entry, index: first.index } : entry, because }]
  })
}

/** Says of a rejection that what it concerns is watched as it was before. */
export function watchedAsBefore(rejection: Rejection): Rejection {
  return {
    ...rejection,
    message: `${rejection.message}${/[.?]$/.test(rejection.message) ? '' : '.'} What was right before is still watched as it was.`,
    effect: 'watched-as-before',
    targets: 0,
  }
}

function identity({ kind }: TargetKind, name: string): string {
  return `${kind}/${name}`
}
