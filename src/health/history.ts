import type { Reading } from '../observation/reading.ts'
import { type Level, NO_LEVEL, record } from './level.ts'

/** What a kind wants remembered from one reading to the next. */
export interface Tracked {
  /** Cumulative counters; what matters is by how much they grow. */
  counters: Record<string, number>
  /** Texts whose change counts as one occurrence. An empty text is none; null is one that is not known now. */
  signatures: Record<string, string | null>
  /** Values whose recent level checks compare with; null is one that is not known now. */
  values?: Record<string, number | null>
  /** Counters and signatures whose growth makes the levels of the values begin anew. */
  levelsEndWith?: readonly string[]
  /** Seconds since the target was last there, null when it never was. */
  lastSeen: number | null
}

interface Growth {
  /** On the clock `measuredFor`. */
  at: number
  by: number
}

/** What the checks of a target know of the readings before this one. */
export interface History {
  /** Monotonic seconds of the newest reading. */
  at: number
  outcome: Reading<unknown>['outcome']
  /** Seconds between readings that both found the target there: a clock that stands while nothing can be measured. */
  measuredFor: number
  /** Seconds for which nothing has been measured, null while measured. */
  unknownFor: number | null
  /** Seconds for which the target has been absent, null while present. Time of not knowing is not in it. */
  absentFor: number | null
  /** Seconds since the first reading, whatever the readings said, while the target was never there; null once it was. */
  unseenFor: number | null
  /** Seconds for which the target has been expected without a break, null while it is not. */
  expectedFor: number | null
  /** Which counters and signatures grew or changed with this reading. */
  grown: ReadonlySet<string>
  counters: Record<string, number>
  /** The newest that were known. */
  signatures: Record<string, string>
  growth: Record<string, readonly Growth[]>
  levels: Readonly<Record<string, Level>>
}

/** The name under which the history counts how often the target came back after it had been away. */
export const RETURNS = 'returns'

/** The longest window a check can ask for, in measured seconds. */
export const LONGEST_WINDOW = 600

/** Bounds what a stream that fails at every reading can make us keep. */
const MOST_REMEMBERED = 1000

/** One reading, as far as the history of a target is concerned. */
export interface Seen {
  outcome: Reading<unknown>['outcome']
  expected: boolean
  tracked: Tracked
  /** Monotonic seconds. */
  at: number
}

/** Pure. */
export function advance(before: History | null, { outcome, expected, tracked, at }: Seen): History {
  const passed = before === null ? 0 : at - before.at
  const measuredFor = (before?.measuredFor ?? 0) + (before?.outcome === 'present' && outcome === 'present' ? passed : 0)
  const grownBy = before === null ? new Map<string, number>() : growthSince(before, tracked)
  const absentFor = absence(before, outcome, tracked.lastSeen, passed)
  if (before !== null && before.measuredFor > 0 && before.absentFor !== null && absentFor === null) {
    grownBy.set(RETURNS, 1)
  }
  return {
    at,
    outcome,
    measuredFor,
    unknownFor: outcome === 'unknown' ? (before?.unknownFor == null ? 0 : before.unknownFor + passed) : null,
    absentFor,
    unseenFor: unseen(before, outcome, tracked.lastSeen, passed),
    expectedFor: expected ? (before?.expectedFor == null ? 0 : before.expectedFor + passed) : null,
    grown: new Set(grownBy.keys()),
    counters: tracked.counters,
    signatures: { ...before?.signatures, ...knownTexts(tracked.signatures) },
    growth: remember(before?.growth ?? {}, grownBy, measuredFor),
    levels: levelsAfter(before, tracked, grownBy, outcome === 'present' ? measuredFor : null),
  }
}

/** The recent level of one of the tracked values. */
export function levelOf(history: History, name: string): Level {
  return history.levels[name] ?? NO_LEVEL
}

/** How often something happened within the last `window` measured seconds. */
export function occurrences(history: History, name: string, window: number): number {
  const after = history.measuredFor - window
  return (history.growth[name] ?? []).reduce((sum, growth) => (growth.at > after ? sum + growth.by : sum), 0)
}

/** How many times something began within the last `window` measured seconds; what came less than `apart` s later is one. */
export function episodes(history: History, name: string, window: number, apart: number): number {
  const after = history.measuredFor - window
  let count = 0
  let newest = Number.NEGATIVE_INFINITY
  for (const { at } of history.growth[name] ?? []) {
    if (at > after && at - newest >= apart) count += 1
    newest = at
  }
  return count
}

/**
 * Silence is as old as the last packet; but of a time of not knowing only the part since its last reading counts,
 * because the target may have been there meanwhile.
 */
function absence(
  before: History | null,
  outcome: Reading<unknown>['outcome'],
  lastSeen: number | null,
  passed: number,
): number | null {
  if (outcome === 'present') return null
  if (outcome === 'unknown') return before?.absentFor ?? null
  if (before?.absentFor != null) return before.absentFor + passed
  if (before?.outcome === 'unknown') return Math.min(lastSeen ?? passed, passed)
  return lastSeen ?? 0
}

function unseen(
  before: History | null,
  outcome: Reading<unknown>['outcome'],
  lastSeen: number | null,
  passed: number,
): number | null {
  if (outcome === 'present' || lastSeen !== null || before?.unseenFor === null) return null
  return (before?.unseenFor ?? 0) + passed
}

function growthSince(before: History, tracked: Tracked): Map<string, number> {
  const grown = new Map<string, number>()
  for (const [name, count] of Object.entries(tracked.counters)) {
    const growth = count - (before.counters[name] ?? count)
    if (growth > 0) grown.set(name, growth)
  }
  for (const [name, signature] of Object.entries(knownTexts(tracked.signatures))) {
    if (signature !== '' && signature !== (before.signatures[name] ?? signature)) grown.set(name, 1)
  }
  return grown
}

function knownTexts(signatures: Record<string, string | null>): Record<string, string> {
  const texts: Record<string, string> = {}
  for (const [name, text] of Object.entries(signatures)) if (text !== null) texts[name] = text
  return texts
}

function remember(
  growth: Record<string, readonly Growth[]>,
  grownBy: Map<string, number>,
  at: number,
): Record<string, readonly Growth[]> {
  const kept: Record<string, readonly Growth[]> = {}
  for (const name of new Set([...Object.keys(growth), ...grownBy.keys()])) {
    const before = growth[name] ?? []
    const by = grownBy.get(name)
    const [oldest] = before
    if (by === undefined && oldest !== undefined && oldest.at > at - LONGEST_WINDOW) {
      kept[name] = before
      continue
    }
    const recent = before.filter((entry) => entry.at > at - LONGEST_WINDOW)
    if (by !== undefined) recent.push({ at, by })
    if (recent.length > 0) kept[name] = recent.slice(-MOST_REMEMBERED)
  }
  return kept
}

/** @param at measured seconds of a reading that found the target there, else null */
function levelsAfter(
  before: History | null,
  { values = {}, levelsEndWith = [] }: Tracked,
  grownBy: Map<string, number>,
  at: number | null,
): Readonly<Record<string, Level>> {
  const kept = levelsEndWith.some((name) => grownBy.has(name)) ? {} : (before?.levels ?? {})
  if (at === null) return kept
  let levels = kept
  for (const [name, value] of Object.entries(values)) {
    if (value === null || !Number.isFinite(value)) continue
    const level = kept[name] ?? NO_LEVEL
    const newer = record(level, value, at)
    if (newer !== level) levels = { ...levels, [name]: newer }
  }
  return levels
}
