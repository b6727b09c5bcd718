/** Installs the packages of the lock file where they are missing or others. */
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
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
  if (stampOf(root) === lockDigest(root)) return null
  for (const [path, { version, optional, devOptional, extraneous, link }] of Object.entries(wanted)) {
    if (!path.startsWith('node_modules/') || link) continue
    const found = installed[path]?.version
    if (found === version || (found === undefined && (optional || devOptional || extraneous))) continue
    const name = path.slice('node_modules/'.length)
    return found === undefined ? `${name} is missing` : `${name} is ${found} and should be ${version}`
  }
  return null
}

const stampFile = (/** @type {string} */ root) => join(root, 'node_modules', '.rtmp-hmonitor-lock')

/** The lock file that was last installed from here. @param {string} root */
function stampOf(root) {
  try {
    return readFileSync(stampFile(root), 'utf8')
  } catch {
    return ''
  }
}

/** @param {string} root */
function lockDigest(root) {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex')
}

/**
 * @typedef {{version?: string, optional?: boolean, devOptional?: boolean, extraneous?: boolean, link?: boolean}} LockedPackage
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
 * Runs `npm ci` and shows that it goes on. Throws a Failure that says what to do.
 *
 * @param {string} root
 * @param {(line: string) => void} say
 */
export async function install(root, say) {
  const began = Date.now()
  const seconds = () => Math.round((Date.now() - began) / 1000)
  const progress = showProgress(() => `  ${seconds()} s …`, say)
  try {
    await runNpm(root)
    // What npm leaves out of an install is its business: what it installed from this lock file is enough.
    writeFileSync(stampFile(root), lockDigest(root))
  } finally {
    progress.stop()
  }
  say(`  installed in ${seconds()} s`)
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

/**
 * In a terminal one line that changes; elsewhere a line every ten seconds, for a log.
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
