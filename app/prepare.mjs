/**
 * Makes a checkout ready to run: packages as the lock file has them, Node 22, and `dist/` as the sources have it.
 *
 * Plain JavaScript without packages, because it runs before there are any, on the Node that the machine has (20 or
 * newer). `npm start` and `npm test` both begin here.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isBuilt } from './prepare/build-stamp.mjs'
import { run, shortEnvironment } from './prepare/child.mjs'
import { Failure } from './prepare/failure.mjs'
import { install, installNeeded } from './prepare/install.mjs'
import { alone } from './prepare/lock.mjs'

export { Failure } from './prepare/failure.mjs'

/** The checkout. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** From this version on Node runs TypeScript without a flag. */
const OLDEST_NODE = [22, 18]

/**
 * Installs, where packages are missing or others than the lock file says.
 *
 * @param {(line: string) => void} say called with each line of progress
 * @returns {Promise<boolean>} whether something was installed
 */
export async function ensureInstalled(say) {
  const reason = installNeeded(root)
  if (!reason) return false
  say(`Installing packages, because ${reason}. This takes a minute or more, once …`)
  await install(root, say)
  return true
}

/**
 * The Node that runs us: the one that is installed with the packages, else the one that runs this.
 *
 * @returns {string} absolute path
 */
export function findNode() {
  const pinned = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  // It may be there and not run, as on musl.
  const options = { env: shortEnvironment(), timeout: 30_000 }
  if (existsSync(pinned) && spawnSync(pinned, ['--version'], options).status === 0) return pinned
  if (isNewEnough(process.versions.node)) return process.execPath
  throw new Failure(`Node.js ${OLDEST_NODE.join('.')} or newer is needed; this is ${process.versions.node}.`, [
    'The one that comes with the packages does not run here. Install Node.js 22 or 24: https://nodejs.org',
  ])
}

/** @param {string} version */
function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
}

/**
 * Builds, where `dist/` is not what the sources would make now.
 *
 * @param {string} node the Node that `findNode` found
 * @param {(line: string) => void} say
 * @returns {Promise<boolean>} whether it was built
 */
export async function ensureBuilt(node, say) {
  if (isBuilt(root)) return false
  say('Building …')
  const began = Date.now()
  const { code, output } = await run(node, ['scripts/build.ts'], root)
  if (code !== 0) {
    throw new Failure('The build failed:', [
      ...output.trim().split('\n').slice(-30),
      'Nothing changed on purpose? Then: git status. Packages may be damaged: remove node_modules and npm start again.',
    ])
  }
  say(`  built in ${((Date.now() - began) / 1000).toFixed(0)} s`)
  return true
}

/**
 * Everything above, in order, for one process at a time. Rejects with a Failure, whose message says what to do.
 *
 * @param {(line: string) => void} [say] called with each line of progress; not called where all is ready
 * @returns {Promise<string>} absolute path of the Node to run with
 */
export async function prepare(say = console.log) {
  if (!installNeeded(root) && isBuilt(root)) return findNode()
  return alone(root, say, async () => {
    await ensureInstalled(say)
    const node = findNode()
    await ensureBuilt(node, say)
    return node
  })
}
