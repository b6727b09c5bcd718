import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from './prepare/failure.mjs'
import { makePrivate } from './private-folder.ts'

/** What is wrong with a folder that cannot be written, by the error of the attempt. */
const REASONS: Record<string, string> = {
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'a part of that path is a file',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: "this user's disk quota is used up",
  ENAMETOOLONG: 'the path is too long',
}

/**
 * Makes the folder for the user's data, where it is missing, and takes it for this process, and for its user alone.
 *
 * @param say for what a person should know
 * @returns gives it back
 * @throws Failure where it cannot be written, is open to others, or another monitor uses it
 */
export function takeDataDir(dataDir: string, say: (line: string) => void): () => void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const probe = join(dataDir, `.write-test-${process.pid}`)
    writeFileSync(probe, 'x')
    rmSync(probe)
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    throw new Failure(`DATA_DIR cannot be written: ${dataDir}, ${REASONS[code] ?? code}.`, [
      'Make it writable, or choose another folder: DATA_DIR=/path/to/folder npm start',
    ])
  }
  const lock = join(dataDir, '.running')
  const owner = runningOwner(lock)
  if (owner !== null) {
    throw new Failure(`DATA_DIR is in use by another monitor (process ${owner}): ${dataDir}.`, [
      'Stop that one, or give this one its own: PORT=1881 DATA_DIR=.data-2 npm start',
    ])
  }
  const before = makePrivate(dataDir)
  if (before !== null) {
    say(`DATA_DIR was open to other users of this machine (mode ${before}); now it is this user's alone: ${dataDir}`)
    say('  Had others a look? npm start -- --reset-password makes a new login; the tokens are in it as well.')
  }
  writeFileSync(lock, identity(process.pid))
  return () => rmSync(lock, { force: true })
}

/** The process that holds the folder, or null where none does. */
function runningOwner(lock: string): number | null {
  try {
    const written = readFileSync(lock, 'utf8')
    const pid = Number.parseInt(written, 10)
    process.kill(pid, 0)
    return pid !== process.pid && identity(pid) === written ? pid : null
  } catch {
    return null
  }
}

/** The number of a process and when it began, since numbers come again: after a restart of a container, for one. */
function identity(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // proc(5): the start time is field 22; the name before it, in brackets, may hold spaces.
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return `${pid}`
  }
}

/** Writes a file whole or not at all. */
export function writeWhole(file: string, content: string, mode = 0o600): void {
  const draft = `${file}.${process.pid}.part`
  writeFileSync(draft, content, { mode, flush: true })
  chmodSync(draft, mode)
  renameSync(draft, file)
}
