import type { Kind } from '../observation/observation.ts'
import type { CheckedEntry } from './load.ts'
import type { Rejection } from './rejection.ts'
import type { SharedFile } from './share.ts'

/**
 * What is kept of an owner's targets over a deploy, so that nothing is lost where a file happens to be malformed or
 * missing just then.
 */
export interface TargetsMemory {
  /** What the file held that could be watched: of each entry the newest version without a mistake. */
  lastGood: { file: string; site: string | null; entries: readonly CheckedEntry[] } | null
  /** By variable: what its file said last. */
  values: Map<string, string>
  /** The secrets that the two newest loads needed. */
  names: { newest: ReadonlySet<string>; before: ReadonlySet<string> }
  /** What the newest load rejected. */
  rejected: readonly Rejection[]
  /** Of a file that several monitors share; null where this one watches all of it, or nothing could be read yet. */
  sharedFile: SharedFile | null
  /** What was sent last to be watched, and when: monotonic seconds. */
  sent: { at: number; targets: readonly { kind: Kind; name: string }[] } | null
}

export function newTargetsMemory(): TargetsMemory {
  return {
    lastGood: null,
    values: new Map(),
    names: { newest: new Set(), before: new Set() },
    rejected: [],
    sharedFile: null,
    sent: null,
  }
}
