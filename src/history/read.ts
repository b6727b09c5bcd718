import type { DatabaseSync } from 'node:sqlite'
import type { Kind, State } from '../observation/observation.ts'
import { CHUNK, type SliceValues, unpackChunk } from './chunks.ts'
import type { AnswerOf, EntriesQuestion, Question, SlicesQuestion, StatesQuestion } from './crossing.ts'
import { withPiece } from './pieces.ts'
import type { EntryType, HistoryEntry, Slice, SliceValue, StateInterval } from './records.ts'
import { joined, rewritten, unpackValues } from './rows.ts'

/** Answers a question from what is on disk. @throws what SQLite says */
export function answer(db: DatabaseSync, question: Question): AnswerOf[Question['ask']] {
  switch (question.ask) {
    case 'slices':
      return slicesIn(db, question)
    case 'states':
      return statesIn(db, question)
    case 'entries':
      return entriesIn(db, question)
    case 'extent':
      return { bytes: usedBytes(db), oldest: oldestIn(db) }
  }
}

/** Bytes of the pages in use. */
export function usedBytes(db: DatabaseSync): number {
  const pragma = (name: string) => Number(db.prepare(`PRAGMA ${name}`).get()?.[name] ?? 0)
  return (pragma('page_count') - pragma('freelist_count')) * pragma('page_size')
}

function oldestIn(db: DatabaseSync): number | null {
  const times = ['slices', 'chunks', 'states', 'entries'].flatMap((table) => {
    const time = db.prepare(`SELECT min(time) AS time FROM ${table}`).get()?.time
    return time === null || time === undefined ? [] : [Number(time)]
  })
  return times.length === 0 ? null : Math.min(...times)
}

function idOf(db: DatabaseSync, { monitor, kind, target }: { monitor: string; kind: Kind; target: string }): number {
  const found = db
    .prepare('SELECT id FROM targets WHERE monitor = ? AND kind = ? AND name = ?')
    .get(monitor, kind, target)
  return Number(found?.id ?? -1)
}

function slicesIn(db: DatabaseSync, question: SlicesQuestion): Slice[] {
  const { kind, target, from, to, step, measures } = question
  const id = idOf(db, question)
  const bySteps = new Map<number, Record<string, SliceValue>>()
  for (const slice of ownSlices(db, id, from, to)) {
    const begin = Math.floor(slice.from / step) * step
    const values = bySteps.get(begin) ?? {}
    bySteps.set(begin, values)
    for (const [name, value] of Object.entries(slice.values)) {
      if (measures !== null && !measures.includes(name)) continue
      values[name] = values[name] === undefined ? value : joined(values[name], value)
    }
  }
  return [...bySteps]
    .filter(([, values]) => Object.keys(values).length > 0)
    .sort(([a], [b]) => a - b)
    .map(([begin, values]) => ({ kind, target, from: begin, values }))
}

/** Packed or not, each time once. */
function ownSlices(db: DatabaseSync, id: number, from: number, to: number): SliceValues[] {
  const within = ({ from: time }: SliceValues) => time >= from && time < to
  const chunks = db.prepare('SELECT time, content FROM chunks WHERE target = ? AND time > ? AND time < ?')
  const byTime = new Map<number, Slice['values']>()
  for (const { time, content } of chunks.all(id, from - CHUNK, to)) {
    for (const slice of unpackChunk(Number(time), content as Uint8Array)) {
      if (within(slice)) byTime.set(slice.from, slice.values)
    }
  }
  for (const { from: time, values } of unpackedSlices(db, id, from, to)) {
    const before = byTime.get(time)
    byTime.set(time, before === undefined ? values : rewritten(before, values))
  }
  return [...byTime].map(([time, values]) => ({ from: time, values }))
}

/**
 * What is not packed yet of one target. From time to time in steps, because what lies between is of all the others.
 *
 * @param to milliseconds since the epoch, exclusive
 */
export function unpackedSlices(db: DatabaseSync, id: number, from: number, to: number): SliceValues[] {
  const found = db.prepare(`
    WITH RECURSIVE times (t) AS (
      SELECT min(time) FROM slices WHERE time >= ?1
      UNION ALL SELECT (SELECT min(time) FROM slices WHERE time > t) FROM times WHERE t < ?2
    )
    SELECT time, content FROM times CROSS JOIN slices ON time = t AND target = ?3 WHERE t < ?2
  `)
  return found.all(from, to, id).map(({ time, content }) => ({
    from: Number(time),
    values: unpackValues(JSON.parse(String(content))),
  }))
}

/** Cut to what is asked about. */
function statesIn(db: DatabaseSync, question: StatesQuestion): StateInterval[] {
  const { kind, target, from, to } = question
  const found = db.prepare(
    'SELECT time, ended, state, expected FROM states WHERE target = ? AND ended > ? AND time < ? ORDER BY time',
  )
  return found.all(idOf(db, question), from, to).reduce<StateInterval[]>((intervals, row) => {
    const stretch = { from: Math.max(from, Number(row.time)), to: Math.min(to, Number(row.ended)) }
    const what = { state: String(row.state) as State, expected: row.expected === 1 }
    return withPiece(intervals, { kind, target }, { ...stretch, what, isFirst: true })
  }, [])
}

/** What goes on, or has not ended before, is of that time too. The oldest first. */
function entriesIn(db: DatabaseSync, { monitor, types, of, from, to, most }: EntriesQuestion): HistoryEntry[] {
  const found = db.prepare(`
    SELECT type, kind, name, time, ended, key, content FROM entries LEFT JOIN targets ON targets.id = entries.target
    WHERE entries.monitor = ?1 AND time < ?3 AND (time >= ?2 OR ended > ?2 OR (type = 'incident' AND ended IS NULL))
    AND type IN (SELECT value FROM json_each(?4))
    AND (?5 IS NULL OR EXISTS (SELECT 1 FROM json_each(?5) WHERE json_extract(value, '$.kind') = kind
      AND json_extract(value, '$.target') = name))
    ORDER BY time DESC, entries.id DESC LIMIT ?6
  `)
  const who = of === null ? null : JSON.stringify(of)
  const rows = found.all(monitor, from, to, JSON.stringify(types), who, most).toReversed()
  return rows.map(({ type, kind, name, time, ended, key, content }) => ({
    type: String(type) as EntryType,
    of: kind === null ? null : { kind: String(kind) as Kind, target: String(name) },
    time: Number(time),
    ended: ended === null ? null : Number(ended),
    key: key === null ? null : String(key),
    content: JSON.parse(String(content)) as unknown,
  }))
}
