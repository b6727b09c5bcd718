import { spawn } from 'node:child_process'

/**
 * What npm and the build need of our environment. Nothing else is for them: npm runs scripts of packages, and stream keys
 * and tokens stand there.
 */
const PASSED_ON = [
  /^(PATH|HOME|USER|LOGNAME|SHELL|TERM|TMPDIR|TZ|LANG|LANGUAGE|LC_\w+|CI|NO_COLOR)$/,
  /^(https?_proxy|no_proxy|all_proxy|SSL_CERT_\w+|NODE_EXTRA_CA_CERTS|NODE_OPTIONS|XDG_\w+)$/i,
  // How the user set npm up: registry, cache, certificates.
  /^npm_config_/i,
  /^(SystemRoot|SystemDrive|ComSpec|PATHEXT|TEMP|TMP|APPDATA|LOCALAPPDATA|USERPROFILE|ProgramFiles.*|windir)$/i,
]

/** @returns {NodeJS.ProcessEnv} */
export function shortEnvironment(from = process.env) {
  return Object.fromEntries(Object.entries(from).filter(([name]) => PASSED_ON.some((pattern) => pattern.test(name))))
}

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
    const child = spawn(file, args, { cwd, env: shortEnvironment(), stdio: ['ignore', 'pipe', 'pipe'] })
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
