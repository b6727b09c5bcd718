import { chmodSync, closeSync, openSync, rmSync, statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { reasonOf } from '../storage/json-file.ts'

/**
 * How the store is built, version by version: what a version adds to the one before. What stands here has been written
 * to disks: it is never changed, only followed.
 *
 * `slices` has what is newer than the last packing, by time, so that what is written every ten seconds is at the end of
 * one tree, however many targets there are; `chunks` has the rest. Times are milliseconds since the epoch, UTC.
 */
const VERSIONS: readonly string[] = [
  `
  CREATE TABLE targets (
    id INTEGER PRIMARY KEY, monitor TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    UNIQUE (monitor, kind, name)
  );
  CREATE TABLE slices (
    time INTEGER NOT NULL, target INTEGER NOT NULL, content TEXT NOT NULL, PRIMARY KEY (time, target)
  ) WITHOUT ROWID;
  CREATE TABLE chunks (
    id INTEGER PRIMARY KEY, target INTEGER NOT NULL, time INTEGER NOT NULL, content BLOB NOT NULL,
    UNIQUE (target, time)
  );
  CREATE TABLE states (
    target INTEGER NOT NULL, time INTEGER NOT NULL, ended INTEGER NOT NULL,
    state TEXT NOT NULL, expected INTEGER NOT NULL, PRIMARY KEY (target, time)
  ) WITHOUT ROWID;
  CREATE TABLE entries (
    id INTEGER PRIMARY KEY, monitor TEXT NOT NULL, type TEXT NOT NULL, target INTEGER,
    time INTEGER NOT NULL, ended INTEGER, key TEXT, content TEXT NOT NULL
  );
  CREATE INDEX entries_by_time ON entries (monitor, time);
  CREATE UNIQUE INDEX entries_by_key ON entries (monitor, type, key) WHERE key IS NOT NULL;
  `,
]

const SCHEMA_VERSION = VERSIONS.length

/** @returns null for a file that nobody has written to */
export function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0)
}

/** Brings a store of an earlier version, or an empty one, to this version: wholly or not at all. */
function migrate(db: DatabaseSync): void {
  const version = schemaVersion(db)
  if (version >= SCHEMA_VERSION) return
  db.exec('BEGIN IMMEDIATE')
  try {
    for (const step of VERSIONS.slice(version)) db.exec(step)
    db.exec(`PRAGMA user_version = ${SCHEMA_VERSION}`)
    db.exec('COMMIT')
  } catch (error) {
    if (db.isTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** Why the store cannot be used: what becomes of it follows from it. */
export type FaultKind = 'damaged' | 'newer' | 'unwritable'

export class StoreFault extends Error {
  readonly kind: FaultKind
  constructor(kind: FaultKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}

/** SQLite's primary result codes, https://www.sqlite.org/rescode.html. */
const DAMAGED: Readonly<Record<number, string>> = {
  11: 'its contents contradict each other',
  26: 'it is no database',
}
const UNWRITABLE: Readonly<Record<number, string>> = {
  3: reasonOf('EACCES'),
  5: 'another process writes to it',
  6: 'another process writes to it',
  8: 'it, or its file system, is read-only',
  10: 'the disk answers with an error',
  13: reasonOf('ENOSPC'),
  14: 'it cannot be opened there',
}

/** Bytes up to which a file is looked through when it is opened: a few tenths of a second. */
const LOOKED_THROUGH = 50_000_000

/** Pages of the log beside the database after which they are written into it: 4 MB. */
const CHECKPOINT = 1000

/** What an error of SQLite or of the file system means for the store. */
export function faultOf(error: unknown): StoreFault {
  if (error instanceof StoreFault) return error
  const { errcode, code, message } = error as { errcode?: unknown; code?: string; message?: string }
  // The second byte only says more of the first.
  const primary = typeof errcode === 'number' ? errcode & 0xff : 0
  const damage = DAMAGED[primary]
  if (damage !== undefined) return new StoreFault('damaged', damage, { cause: error })
  const why = UNWRITABLE[primary] ?? (code === undefined || errcode !== undefined ? message : reasonOf(code))
  return new StoreFault('unwritable', why ?? 'unknown error', { cause: error })
}

/**
 * Opens the store, or makes it, in a folder that is there. What it is given is on the disk when a transaction has ended, also where the power is cut.
 *
 * @throws StoreFault
 */
export function openDatabase(path: string): DatabaseSync {
  let db: DatabaseSync | null = null
  try {
    // SQLite's own files beside it get the same mode.
    closeSync(openSync(path, 'a', 0o600))
    chmodSync(path, 0o600)
    db = new DatabaseSync(path)
    db.exec('PRAGMA busy_timeout = 2000')
    const version = schemaVersion(db)
    if (version > SCHEMA_VERSION) throw newer(version)
    // Before the first table: from then on, pages that are free can be given back.
    if (version === 0) db.exec('PRAGMA auto_vacuum = INCREMENTAL')
    db.exec('PRAGMA journal_mode = WAL')
    db.exec('PRAGMA synchronous = FULL')
    db.exec(`PRAGMA wal_autocheckpoint = ${CHECKPOINT}`)
    db.exec(`PRAGMA journal_size_limit = ${CHECKPOINT * 4096}`)
    if (statSync(path).size <= LOOKED_THROUGH) lookThrough(db)
    migrate(db)
    return db
  } catch (error) {
    closeQuietly(db)
    throw faultOf(error)
  }
}

export function closeQuietly(db: DatabaseSync | null): void {
  try {
    db?.close()
  } catch {
    // What cannot be closed was not open.
  }
}

/** Removes what SQLite keeps beside a database, which would be taken for that of the next one. */
export function removeCompanions(path: string): void {
  for (const end of ['-wal', '-shm']) rmSync(path + end, { force: true })
}

function lookThrough(db: DatabaseSync): void {
  const found = db.prepare('PRAGMA quick_check(1)').get()?.quick_check
  if (found !== 'ok') throw new StoreFault('damaged', 'its contents contradict each other')
}

function newer(version: number): StoreFault {
  return new StoreFault(
    'newer',
    `a newer version of the monitor has written it (${version}, this one knows ${SCHEMA_VERSION})`,
  )
}
