import type { TimelineEntry, TimelineEvent } from '../observation/incident.ts'
import { truncate } from '../observation/words.ts'

/** Entries that are kept of the beginning, and of what came last. */
const FIRST = 30
const LAST = 70

/** Characters of one. */
const LONGEST = 1000

/** Names in one entry; the others are counted. */
const MOST_NAMES = 8

/** The time line with one more entry. @param at milliseconds since the epoch */
export function withEntry(
  timeline: readonly TimelineEntry[],
  at: number,
  event: TimelineEvent,
  says: string,
  by = '',
): TimelineEntry[] {
  const entry: TimelineEntry = { time: new Date(at).toISOString(), event, says: truncate(says, LONGEST) }
  const all = [...timeline, by === '' ? entry : { ...entry, by }]
  return all.length <= FIRST + LAST ? all : [...all.slice(0, FIRST), ...all.slice(-LAST)]
}

/** `a; b; c and 47 more`. */
export function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join('; ')
  const more = names.length - MOST_NAMES
  return more > 0 ? `${shown} and ${more} more` : shown
}
