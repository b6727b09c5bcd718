/** The receivers that somebody set up in a browser: a file of the monitor's own, with one of each channel. */

import { existsSync, readFileSync, statSync } from 'node:fs'
import { MonitorError } from '../observation/errors.ts'
import { isRecord } from '../observation/shape.ts'
import { type Environment, variable } from '../secrets/variables.ts'
import { reasonOf } from '../storage/json-file.ts'
import { KEPT_AS, writeSetUpFile } from '../storage/set-up-file.ts'
import { parseJson } from '../targets/json.ts'

/** The variable that names the file. Without it none is read, and none may be changed: whoever opens the dashboard may be anybody. */
export const RECEIVERS_FILE = 'RECEIVERS_SETUP_FILE'

/** Bytes. Eight receivers have a hundredth of it. */
const LARGEST = 256 * 1024

/** What is said of a receiver, by property of its dialog. What is left out is not said. */
export type ReceiverEntry = Readonly<Record<string, string | boolean>>

/** By channel. */
export type WrittenReceivers = Readonly<Record<string, ReceiverEntry>>

/** The path of the file; empty where there is none. */
export function receiversFile(environment: Environment): string {
  const named = variable(environment, RECEIVERS_FILE)
  return named === 'none' ? '' : named
}

/**
 * What the file holds now. It is read anew each time, so that a change counts at once.
 *
 * @param path empty: there is no file
 * @throws MonitorError `unreadable-file`, `invalid-file`: what cannot be read must not count as nothing
 */
export function readReceivers(path: string): WrittenReceivers {
  if (path === '' || !existsSync(path)) return {}
  let text: string
  try {
    const stats = statSync(path)
    if (!stats.isFile()) throw new MonitorError('unreadable-file', `${path} is no file`)
    if (stats.size > LARGEST) throw new MonitorError('invalid-file', `${path} is larger than ${LARGEST} bytes`)
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof MonitorError) throw error
    const { code } = error as NodeJS.ErrnoException
    throw new MonitorError('unreadable-file', `${path} cannot be read: ${reasonOf(code)}`)
  }
  return receiversIn(path, parseJson(text))
}

function receiversIn(path: string, whole: unknown): WrittenReceivers {
  const receivers = isRecord(whole) && whole.version === 1 ? whole.receivers : null
  const isEntry = (entry: unknown): entry is ReceiverEntry =>
    isRecord(entry) && Object.values(entry).every((value) => typeof value === 'string' || typeof value === 'boolean')
  if (!isRecord(receivers) || !Object.values(receivers).every(isEntry)) {
    throw new MonitorError(
      'invalid-file',
      `${path} is no list of receivers that this version writes. Mend it by hand, or take ${path}${KEPT_AS}`,
    )
  }
  return receivers as WrittenReceivers
}

/**
 * Writes the file, which only its user may read; what it was before stands beside it.
 *
 * @throws MonitorError `unreadable-file` where it cannot be written: nothing was changed then
 */
export function writeReceivers(named: string, receivers: WrittenReceivers): void {
  writeSetUpFile(named, `${JSON.stringify({ version: 1, receivers }, null, 2)}\n`, 0o700)
}
