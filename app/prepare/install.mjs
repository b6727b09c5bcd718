/** Installs the packages of the lock file where they are missing or others. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { run } from './child.mjs'
import { Failure } from './failure.mjs'
import { installFailure, npmMissing } from './npm-failures.mjs'

/**
 * Why the installed packages do not fit the lock file, or null where they do. Packages that npm leaves out on this
 * platform may be missing.
 *
 * @param {string} root folder that holds package-lock.json
 * @returns {string | null}
 */
export function installNeeded(root) {
  const wanted = packagesIn(join(root, 'package-lock.json'))
  if (!wanted) throw new Failure('package-lock.json is missing or damaged.', ['git checkout package-lock.json'])
  // npm writes this file last: without it there is no install, or one that was cut short.
  const installed = packagesIn(join(root, 'node_modules', '.package-lock.json'))
  if (!installed) return 'nothing is installed yet'
  for (const [path, { version, optional, link }] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') || link) continue
    const found = installed[path]?.version
    if (found === version || (found === undefined && optional)) continue
    const name = path.slice('node_modules/'.length)
    return found === undefined ? `${name} is missing` : `${name} is ${found} and should be ${version}`
  }
  return null
}

/**
 * @typedef {{version?: string, optional?: boolean, link?: boolean}} LockedPackage
 * @param {string} file
 * @returns {Record<string, LockedPackage> | null}
 */
function packagesIn(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? null
  } catch {
    return null
  }
}

/**
 * Runs `npm ci` and shows how far it is. Throws a Failure that says what to do.
 *
 * @param {string} root
 * @param {(line: string) => void} say
 */
export async function install(root, say) {
  const total = Object.values(packagesIn(join(root, 'package-lock.json')) ?? {}).filter(
    (entry) => !entry.optional,
  ).length
  const progress = showProgress(() => `  about ${Math.min(99, Math.round((countPackages(root) / total) * 100))} %`, say)
  const began = Date.now()
  try {
    await runNpm(root)
  } finally {
    progress.stop()
  }
  say(`  installed in ${Math.round((Date.now() - began) / 1000)} s`)
}

/** What a user's own npm configuration may say otherwise, and must not here. */
const ARGUMENTS = [
  ...['ci', '--include=dev', '--ignore-scripts=false', '--engine-strict=false'],
  ...['--loglevel=error', '--no-progress', '--no-audit', '--no-fund', '--no-update-notifier'],
]

/** @param {string} root */
async function runNpm(root) {
  // npm says where its own program is to the scripts that it runs.
  const script = process.env.npm_execpath
  const [file, first] = script && /\.c?js$/.test(script) ? [process.execPath, [script]] : ['npm', []]
  const { code, output } = await run(file, [...first, ...ARGUMENTS], root).catch(() => {
    throw npmMissing()
  })
  if (code !== 0) throw installFailure(root, output)
}

/** @param {string} root */
function countPackages(root) {
  const list = (/** @type {string} */ folder) => {
    try {
      return readdirSync(folder)
    } catch {
      return []
    }
  }
  const folder = join(root, 'node_modules')
  return list(folder)
    .filter((name) => !name.startsWith('.'))
    .reduce((sum, name) => sum + (name.startsWith('@') ? list(join(folder, name)).length : 1), 0)
}

/**
 * In a terminal one line that changes; elsewhere a line every ten seconds, so that a log shows that it goes on.
 *
 * @param {() => string} text
 * @param {(line: string) => void} say
 */
function showProgress(text, say) {
  const terminal = process.stdout.isTTY
  const timer = setInterval(
    () => (terminal ? process.stdout.write(`\r${text()} `) : say(text())),
    terminal ? 500 : 10_000,
  )
  return {
    stop() {
      clearInterval(timer)
      if (terminal) process.stdout.write('\r\u001b[K')
    },
  }
}
