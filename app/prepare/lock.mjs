/** One start at a time prepares a checkout: two monitors may be started side by side from a fresh clone. */
import { createHash } from 'node:crypto'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Runs `work` while no other process does so for the same checkout. A lock whose owner is gone is taken over.
 *
 * @template T
 * @param {string} root the checkout
 * @param {(line: string) => void} say
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function alone(root, say, work) {
  // Beside the checkout's files it would be in the way of `npm ci`, which empties node_modules.
  const file = join(tmpdir(), `rtmp-hmonitor-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`)
  for (let waiting = false; !take(file); waiting = true) {
    if (!waiting) say('Waiting for another start of this checkout to finish preparing it …')
    await wait(250)
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.removeListener('exit', release)
    release()
  }
}

/** @param {string} file */
function take(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error
    if (!isAlive(ownerOf(file))) rmSync(file, { force: true })
    return false
  }
}

/** @param {string} file */
function ownerOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch {
    return Number.NaN
  }
}

/** @param {number} pid */
function isAlive(pid) {
  // Empty for the moment between creating and writing: its owner is alive.
  if (pid === 0) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
