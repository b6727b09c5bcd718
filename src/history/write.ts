import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Batch, EntryRow, SliceRow } from './crossing.ts'
import type { StateInterval, TargetName } from './records.ts'
import { packValues, rewritten, unpackValues } from './rows.ts'

/** Writes batches, each call in one transaction. */
export class Writer {
  readonly #db: DatabaseSync
  readonly #ids = new Map<string, number>()
  readonly #statements: Readonly<Record<keyof typeof SQL, StatementSync>>

  constructor(db: DatabaseSync) {
    this.#db = db
    this.#statements = prepared(db, SQL)
  }

  /** @throws what SQLite says; then nothing of it is written */
  write(batches: readonly Batch[]): void {
    this.#db.exec('BEGIN IMMEDIATE')
    try {
      for (const { monitor, slices, states, entries } of batches) {
        for (const slice of slices) this.#slice(this.idOf(monitor, slice), slice)
        for (const interval of states) this.#interval(this.idOf(monitor, interval), interval)
        for (const entry of entries) this.#entry(monitor, entry)
      }
      this.#db.exec('COMMIT')
    } catch (error) {
      // Its ids are gone with the transaction.
      this.#ids.clear()
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
      throw error
    }
  }

  idOf(monitor: string, { kind, target }: TargetName): number {
    const key = JSON.stringify([monitor, kind, target])
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const { findTarget, addTarget } = this.#statements
    const found = findTarget.get(monitor, kind, target)?.id
    const id = Number(found ?? addTarget.run(monitor, kind, target).lastInsertRowid)
    this.#ids.set(key, id)
    return id
  }

  #slice(id: number, { from, values }: SliceRow): void {
    const { addSlice, findSlice, setSlice } = this.#statements
    if (Number(addSlice.run(from, id, values).changes) === 1) return
    const older = unpackValues(JSON.parse(String(findSlice.get(from, id)?.content)))
    setSlice.run(JSON.stringify(packValues(rewritten(older, unpackValues(JSON.parse(values))))), from, id)
  }

  /** What was observed last at a time counts, so that a clock that was set back makes no two states of one moment. */
  #interval(id: number, { from, to, state, expected }: StateInterval): void {
    const { growState, overlapping, endState, removeState, addState } = this.#statements
    const isExpected = expected ? 1 : 0
    for (const other of overlapping.all(id, to, from)) {
      const [begins, ended] = [Number(other.time), Number(other.ended)]
      if (begins < from) endState.run(from, id, begins)
      else removeState.run(id, begins)
      if (ended > to) addState.run(id, to, ended, other.state ?? null, other.expected ?? null)
    }
    if (Number(growState.run(to, id, from, state, isExpected).changes) === 1) return
    addState.run(id, from, to, state, isExpected)
  }

  #entry(monitor: string, { type, of, time, ended, key, content }: EntryRow): void {
    const target = of === null ? null : this.idOf(monitor, of)
    this.#statements.addEntry.run(monitor, type, target, time, ended, key, content)
  }
}

const SQL = {
  findTarget: 'SELECT id FROM targets WHERE monitor = ? AND kind = ? AND name = ?',
  addTarget: 'INSERT INTO targets (monitor, kind, name) VALUES (?, ?, ?)',
  addSlice: 'INSERT OR IGNORE INTO slices (time, target, content) VALUES (?, ?, ?)',
  findSlice: 'SELECT content FROM slices WHERE time = ? AND target = ?',
  setSlice: 'UPDATE slices SET content = ? WHERE time = ? AND target = ?',
  growState: `UPDATE states SET ended = ?1 WHERE target = ?2 AND ended = ?3 AND state = ?4 AND expected = ?5
    AND time = (SELECT max(time) FROM states WHERE target = ?2 AND time < ?3)`,
  // One that ends where another begins overlaps nothing. Intervals are disjoint, so that only the last before can reach in.
  overlapping: `SELECT time, ended, state, expected FROM states WHERE target = ?1 AND time < ?2 AND ended > ?3
    AND time >= coalesce((SELECT max(time) FROM states WHERE target = ?1 AND time <= ?3), 0)`,
  endState: 'UPDATE states SET ended = ? WHERE target = ? AND time = ?',
  removeState: 'DELETE FROM states WHERE target = ? AND time = ?',
  addState: 'INSERT INTO states (target, time, ended, state, expected) VALUES (?, ?, ?, ?, ?)',
  addEntry: `INSERT INTO entries (monitor, type, target, time, ended, key, content) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (monitor, type, key) WHERE key IS NOT NULL DO UPDATE SET
    target = excluded.target, time = excluded.time, ended = excluded.ended, content = excluded.content`,
} as const

function prepared<T extends Readonly<Record<string, string>>>(
  db: DatabaseSync,
  sql: T,
): Readonly<Record<keyof T, StatementSync>> {
  const entries = Object.entries(sql).map(([name, text]) => [name, db.prepare(text)])
  return Object.fromEntries(entries) as Record<keyof T, StatementSync>
}
