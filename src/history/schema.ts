import type { DatabaseSync } from 'node:sqlite'

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

export const SCHEMA_VERSION = VERSIONS.length

/** @returns null for a file that nobody has written to */
export function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0)
}

/** Brings a store of an earlier version, or an empty one, to this version: wholly or not at all. */
export function migrate(db: DatabaseSync): void {
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
