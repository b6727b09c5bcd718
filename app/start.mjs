/**
 * The script behind `npm start`. It runs on the Node that the machine has (20 or newer) and without `node_modules`:
 * it makes the checkout ready and starts what was built of `main.ts` under Node 22.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readArguments } from './arguments.mjs'
import { helpText } from './help.mjs'
import { endWithNpm } from './npm-parent.mjs'
import { Failure, prepare, root } from './prepare.mjs'

/** @returns {Promise<number>} exit code */
async function start() {
  const args = process.argv.slice(2)
  const { help, version } = readArguments(args)
  if (help) return print(helpText())
  if (version) return print(`RTMP HMonitor ${JSON.parse(readFileSync(`${root}/package.json`, 'utf8')).version}`)
  process.title = 'rtmp-hmonitor-start'
  endWithNpm()
  const endOnSignal = SIGNALS.map((signal) => /** @type {const} */ ([signal, () => process.exit(1)]))
  for (const [signal, end] of endOnSignal) process.on(signal, end)
  const node = await prepare()
  for (const [signal, end] of endOnSignal) process.removeListener(signal, end)
  return runMain(node, args)
}

/** @type {NodeJS.Signals[]} */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']

/**
 * This process becomes that of `main.ts`, where Node can do that (22.15 and newer): it is of no more use, and holds 11 MB.
 *
 * @param {string} node
 * @param {string[]} args
 * @returns {Promise<number>} exit code
 */
function runMain(node, args) {
  const command = [fileURLToPath(new URL('main.generated.mjs', import.meta.url)), ...args]
  if (process.platform !== 'win32') process.execve?.(node, [node, ...command], process.env)
  return new Promise((resolve, reject) => {
    // Over the channel `main.ts` learns that this process is gone, however it went.
    const main = spawn(node, command, {
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    })
    // Ctrl-C reaches main.ts by itself, a signal to this process alone does not. It takes the same one twice for one.
    for (const signal of SIGNALS) process.on(signal, () => main.kill(signal))
    main.once('error', reject)
    main.once('exit', (code) => resolve(code ?? 1))
  })
}

/** @param {string} text */
function print(text) {
  console.log(text)
  return 0
}

try {
  process.exitCode = await start()
} catch (error) {
  console.error(error instanceof Failure ? error.message : error)
  process.exitCode = 1
}
