import { chmodSync, lstatSync, readdirSync, realpathSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from './prepare/failure.mjs'

/** Rights of the group and of all others. */
const OTHERS = 0o077

/**
 * Folders that the monitor and Node-RED make in it. Whatever else is there, packages from the palette or what somebody
 * keeps beside it, is behind a closed door, and otherwise as it was.
 */
const OURS = new Set(['alerts', 'context', 'demo', 'lib', 'logs', 'outbox', 'projects'])

/** How many files an error names. */
const MOST_NAMED = 3

/**
 * Takes from others every right to the user's folder and to what is in it, whoever made it: it holds keys, and tokens of
 * the editor.
 *
 * @returns the folder's rights as they were, where others had any; else null
 * @throws Failure where it belongs to somebody else or stays open
 */
export function makePrivate(folder: string): string | null {
  // Windows has rights of its own.
  const me = process.getuid?.()
  if (me === undefined) return null
  const { uid, mode } = statSync(folder)
  const place = realpathSync(folder)
  if (uid !== me) {
    throw new Failure(`DATA_DIR belongs to another user (${uid}, this one is ${me}): ${folder}.`, [
      `Give it to this user: sudo chown -R ${me} ${folder}`,
      'Or start the monitor as its owner, or choose another folder: DATA_DIR=/path/to/folder npm start',
    ])
  }
  const open = mode & OTHERS
  if (!closed(place)) {
    throw new Failure(`Others may read or change what is in DATA_DIR (mode ${octal(mode)}): ${folder}.`, [
      'Its file system does not keep rights, or does not let them be changed: choose a folder on another one.',
      `Where it does: chmod -R go= ${folder}`,
    ])
  }
  const left = openBelow(place)
  if (left.length > 0) {
    const named = left.slice(0, MOST_NAMED).join(', ')
    const more = left.length > MOST_NAMED ? ` and ${left.length - MOST_NAMED} more` : ''
    throw new Failure(`Files in DATA_DIR belong to another user and are open to others: ${named}${more}.`, [
      `Give them to this user: sudo chown -R ${me} ${folder}`,
    ])
  }
  return open === 0 ? null : octal(mode)
}

/** Takes away what others may. @returns what could not be changed */
function openBelow(folder: string, isOurs = (name: string) => OURS.has(name)): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    // What a link points to is elsewhere, and may be for others.
    const isMeant = entry.isFile() || (entry.isDirectory() && isOurs(entry.name))
    if (!isMeant) return []
    if (!closed(path)) return [path]
    return entry.isDirectory() ? openBelow(path, () => true) : []
  })
}

/** Whether only its owner may do anything with it, now at the latest. */
function closed(path: string): boolean {
  const mode = () => lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0
  if ((mode() & OTHERS) === 0) return true
  try {
    chmodSync(path, mode() & 0o7700)
  } catch {
    // What counts is how it is now.
  }
  return (mode() & OTHERS) === 0
}

function octal(mode: number): string {
  return (mode & 0o7777).toString(8).padStart(4, '0')
}
