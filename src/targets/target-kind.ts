import type { CheckRow } from '../health/check.ts'
import type { KindNames } from '../observation/kind.ts'
import type { Kind } from '../observation/observation.ts'
import type { TargetOf } from './target.ts'

/** What a kind says of its targets: where they are listed, and what is wrong with one. */
export interface TargetKind<K extends Kind = Kind> extends KindNames<K> {
  /** The key of their list in the targets file. */
  readonly list: string
  /** The environment variable that holds such a list where there is no file. */
  readonly variable: string
  /** What stands after `name=` in that variable, and the only field that may hold `${NAME}`. */
  readonly field: string
  /** Where several monitors share a file: whether one of them watches a target, or each that has something which needs it. */
  readonly watchedBy: 'one-shard' | 'each-that-needs-it'
  /** What is judged of them; a target's `limits` give other numbers. */
  readonly checks: readonly CheckRow[]
  /**
   * Puts together what a target may say apart: of what it was parsed to there is one form.
   *
   * @throws MonitorError
   */
  join?(target: TargetOf[K]): void
  /**
   * Refuses what the schema cannot.
   *
   * @throws MonitorError
   */
  refuse?(target: TargetOf[K]): void
  /**
   * Refuses an address; `${NAME}` is filled in already, with `1` where its value is not known yet.
   *
   * @throws MonitorError that has nothing in it of what may be secret
   */
  refuseAddress?(address: string): void
}

export type TargetKinds = { readonly [K in Kind]: TargetKind<K> }

/**
 * Targets of one kind that one monitor watches: with 10 000 services it answered nothing for minutes, with 2000 idle streams
 * or 1000 services it was well (docs/operations.md).
 */
export const MOST_TARGETS = 2000
