import type { DatabaseSync } from 'node:sqlite'
import { CHUNK, packChunk, type SliceValues, unpackChunk } from './chunks.ts'
import type { Bounds } from './crossing.ts'
import { unpackedSlices, usedBytes } from './read.ts'
import { rewritten } from './rows.ts'

/** Targets whose slices are packed in one transaction: some ten milliseconds. */
const PACKED_AT_ONCE = 50
/** Rows that are removed in one transaction. */
const REMOVED_AT_ONCE = 500
/** Pages that are given back to the file system at once: 2 MB. */
const PAGES_AT_ONCE = 500

const DAY = 86_400_000

/**
 * One small step of what keeps the store small: packs, removes what is too old, then the oldest where it is too large.
 *
 * @param now milliseconds since the epoch
 * @returns whether there was something to do; then there may be more
 */
export function keepUp(db: DatabaseSync, { days, megabytes }: Bounds, now: number): boolean {
  if (packSome(db, Math.floor(now / CHUNK) * CHUNK)) return true
  if (removeBefore(db, now - days * DAY)) return true
  if (usedBytes(db) > megabytes * 1e6 && removeOldest(db)) return true
  return giveBack(db)
}

/** @param before slices that began earlier are packed: no more of their chunks come */
function packSome(db: DatabaseSync, before: number): boolean {
  const oldest = db.prepare('SELECT min(time) AS time FROM slices WHERE time < ?').get(before)?.time
  if (oldest === null || oldest === undefined) return false
  const begin = Math.floor(Number(oldest) / CHUNK) * CHUNK
  const whose = db.prepare('SELECT DISTINCT target FROM slices WHERE time >= ? AND time < ? LIMIT ?')
  const targets = whose.all(begin, begin + CHUNK, PACKED_AT_ONCE).map(({ target }) => Number(target))
  inTransaction(db, () => {
    for (const target of targets) pack(db, target, begin)
  })
  return true
}

function pack(db: DatabaseSync, target: number, begin: number): void {
  const rows = unpackedSlices(db, target, begin, begin + CHUNK)
  const known = db.prepare('SELECT content FROM chunks WHERE target = ? AND time = ?').get(target, begin)?.content
  const byTime = new Map<number, SliceValues['values']>(
    known === undefined ? [] : unpackChunk(begin, known as Uint8Array).map(({ from, values }) => [from, values]),
  )
  const remove = db.prepare('DELETE FROM slices WHERE time = ? AND target = ?')
  for (const { from, values } of rows) {
    const before = byTime.get(from)
    byTime.set(from, before === undefined ? values : rewritten(before, values))
    remove.run(from, target)
  }
  const slices = [...byTime].map(([from, values]) => ({ from, values })).sort((a, b) => a.from - b.from)
  db.prepare(
    'INSERT INTO chunks (target, time, content) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET content = excluded.content',
  ).run(target, begin, packChunk(begin, slices))
}

function removeBefore(db: DatabaseSync, limit: number): boolean {
  const removed = [
    // By id, which is about the order of time: no second index for what is done once an hour.
    `DELETE FROM chunks WHERE id IN (SELECT id FROM (SELECT id, time FROM chunks ORDER BY id LIMIT ?2) WHERE time < ?1)`,
    `DELETE FROM states WHERE (target, time) IN (SELECT target, time FROM states WHERE ended < ?1 LIMIT ?2)`,
    `DELETE FROM entries WHERE id IN
      (SELECT id FROM (SELECT id, time, ended FROM entries ORDER BY id LIMIT ?2) WHERE coalesce(ended, time) < ?1)`,
  ].map((sql) => Number(db.prepare(sql).run(limit, REMOVED_AT_ONCE).changes))
  return removed.some((rows) => rows > 0)
}

/** The oldest measures, and with them what else is as old. */
function removeOldest(db: DatabaseSync): boolean {
  const oldest = 'SELECT id FROM chunks ORDER BY id LIMIT ?'
  const times = db.prepare(`SELECT max(time) AS time FROM chunks WHERE id IN (${oldest})`).get(REMOVED_AT_ONCE)?.time
  if (typeof times !== 'number') {
    const rows = db.prepare('DELETE FROM entries WHERE id IN (SELECT id FROM entries ORDER BY id LIMIT ?)')
    return rows.run(REMOVED_AT_ONCE).changes > 0
  }
  db.prepare(`DELETE FROM chunks WHERE id IN (${oldest})`).run(REMOVED_AT_ONCE)
  removeBefore(db, times)
  return true
}

function giveBack(db: DatabaseSync): boolean {
  const free = () => Number(db.prepare('PRAGMA freelist_count').get()?.freelist_count ?? 0)
  const before = free()
  // What is free is used again: only what is more than that is worth the writing.
  if (before <= 2 * PAGES_AT_ONCE) return false
  db.exec(`PRAGMA incremental_vacuum(${PAGES_AT_ONCE})`)
  return free() < before
}

function inTransaction(db: DatabaseSync, work: () => void): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    work()
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}
