import type { AlertEnd } from '../observation/alert.ts'
import type { AlertRecord } from './book.ts'

/** Milliseconds for which an end is remembered: who asks does so each second. */
const REMEMBERED = 60_000

/** An end of an alert. @see AlertRecord */
export interface RecentEnd {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly by: AlertEnd | null
}

/**
 * When and why alerts have just ended, by id. Of those of which people were not told no message says it, and in the book they
 * are no more.
 */
export class RecentEnds {
  #ends: ReadonlyMap<string, RecentEnd> = new Map()

  get all(): ReadonlyMap<string, RecentEnd> {
    return this.#ends
  }

  /** @param at milliseconds since the epoch, now */
  note(ended: readonly AlertRecord[], at: number): void {
    const young = [...this.#ends].filter(([, end]) => Math.abs(at - end.at) < REMEMBERED)
    if (ended.length === 0 && young.length === this.#ends.size) return
    const now = ended.map(({ id, endsAt, endedBy }): [string, RecentEnd] => [id, { at: endsAt ?? at, by: endedBy }])
    this.#ends = new Map([...young, ...now])
  }
}
