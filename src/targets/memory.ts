import type { Collection } from './collect.ts'
import type { Rejection } from './rejection.ts'

/**
 * What is kept of an owner's targets over a deploy, so that nothing is lost where a file happens to be malformed or
 * missing just then.
 */
export interface TargetsMemory {
  /** What the file held when it could be read. */
  lastGood: { file: string; collection: Collection } | null
  /** By variable: what its file said last. */
  values: Map<string, string>
  /** The secrets that the two newest loads needed. */
  names: { newest: ReadonlySet<string>; before: ReadonlySet<string> }
  /** What the newest load rejected. */
  rejected: readonly Rejection[]
}

export function newTargetsMemory(): TargetsMemory {
  return { lastGood: null, values: new Map(), names: { newest: new Set(), before: new Set() }, rejected: [] }
}
