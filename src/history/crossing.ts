/** What passes between the process and the thread that has the store. */
import type { Kind } from '../observation/observation.ts'
import type { DamagedFile } from '../storage/json-file.ts'
import type { FaultKind } from './database.ts'
import type { EntryType, HistoryEntry, Slice, StateInterval, TargetName } from './records.ts'

/** What one monitor has to write at once. */
export interface Batch {
  /** The id of its config node. */
  readonly monitor: string
  readonly slices: readonly SliceRow[]
  readonly states: readonly StateInterval[]
  readonly entries: readonly EntryRow[]
}

/** A slice with its values as text, `PackedValues`: made when it is complete, so that it costs nothing all at once. */
export interface SliceRow extends TargetName {
  readonly from: number
  readonly values: string
}

export interface EntryRow extends Omit<HistoryEntry, 'content'> {
  /** JSON. */
  readonly content: string
}

/** How much is kept. */
export interface Bounds {
  readonly days: number
  /** Megabytes, 1 000 000 bytes. */
  readonly megabytes: number
}

/** A stretch of time, in milliseconds since the epoch: from `from` on, before `to`. */
export interface Stretch {
  readonly from: number
  readonly to: number
}

export interface SlicesQuestion extends Stretch {
  readonly ask: 'slices'
  readonly monitor: string
  readonly kind: Kind
  readonly target: string
  /** Milliseconds, a multiple of `SLICE`: slices that are joined to one. */
  readonly step: number
  /** Names of measures; null: all. */
  readonly measures: readonly string[] | null
}

export interface StatesQuestion extends Stretch {
  readonly ask: 'states'
  readonly monitor: string
  readonly kind: Kind
  readonly target: string
}

export interface EntriesQuestion extends Stretch {
  readonly ask: 'entries'
  readonly monitor: string
  readonly types: readonly EntryType[]
  /** Of whom; null: of all. */
  readonly of: readonly TargetName[] | null
  /** The newest of more are answered. */
  readonly most: number
}

/** How much there is. */
export interface ExtentQuestion {
  readonly ask: 'extent'
}

export interface Extent {
  readonly bytes: number
  /** Milliseconds since the epoch; null: there is nothing. */
  readonly oldest: number | null
}

export type Question = SlicesQuestion | StatesQuestion | EntriesQuestion | ExtentQuestion

export interface AnswerOf {
  slices: Slice[]
  states: StateInterval[]
  entries: HistoryEntry[]
  extent: Extent
}

export type Order =
  | { readonly order: 'write'; readonly batches: readonly Batch[] }
  | { readonly order: 'answer'; readonly number: number; readonly question: Question }
  | { readonly order: 'close' }

export interface Fault {
  readonly kind: FaultKind
  readonly message: string
}

export type Report =
  /** The thread runs. */
  | { readonly report: 'begun' }
  /** An order failed for a reason of our own, and has no other answer. */
  | { readonly report: 'dropped' }
  /** `fault`: nothing of it was. */
  | { readonly report: 'written'; readonly fault: Fault | null }
  | { readonly report: 'answer'; readonly number: number; readonly answer: AnswerOf[Question['ask']] }
  | { readonly report: 'no-answer'; readonly number: number; readonly message: string }
  | { readonly report: 'damaged'; readonly file: DamagedFile }
  | { readonly report: 'failed'; readonly place: string; readonly text: string }
