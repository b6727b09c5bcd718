import { spawn } from 'node:child_process'

/**
 * Runs a program and keeps the end of what it says. It is ended with this process.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<{code: number | null, output: string}>} rejects where it cannot be started
 */
export function run(file, args, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const end = () => child.kill()
    process.once('exit', end)
    let output = ''
    const keep = (/** @type {string} */ text) => {
      output = (output + text).slice(-65_536)
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    child.once('error', reject)
    child.once('close', (code) => {
      process.removeListener('exit', end)
      resolve({ code, output })
    })
  })
}
