/** A file that somebody changes in a browser: what it was before the newest change stands beside it. */

import { constants, copyFileSync, existsSync, realpathSync, statSync } from 'node:fs'
import { MonitorError } from '../observation/errors.ts'
import { reasonOf, writeWhole } from './json-file.ts'

/** What is added to the name of the file under which what it held before the newest change is kept. */
export const KEPT_AS = '.before'

/**
 * Writes the file. One that is there keeps its permissions, as far as they are among these; a new one is for its user alone.
 *
 * @throws MonitorError `unreadable-file` where it cannot be written: nothing was changed then
 */
export function writeSetUpFile(named: string, text: string, permissions: number): void {
  try {
    // Of a link, what it leads to: else the link would be lost.
    const path = existsSync(named) ? realpathSync(named) : named
    const mode = existsSync(path) ? statSync(path).mode & permissions : undefined
    if (mode !== undefined) copyFileSync(path, `${path}${KEPT_AS}`, constants.COPYFILE_FICLONE)
    writeWhole(path, text, mode)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new MonitorError('unreadable-file', `${named} cannot be written: ${reasonOf(code)}. Nothing was changed`)
  }
}
