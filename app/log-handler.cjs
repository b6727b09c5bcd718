/** One line for each thing that Node-RED logs: time, level, which node, what. */
const { format } = require('node:util')

/** Node-RED's levels, `@node-red/util` lib/log.js. */
const LEVELS = new Map([
  [10, 'fatal'],
  [20, 'error'],
  [30, 'warn'],
  [40, 'info'],
  [50, 'debug'],
  [60, 'trace'],
])

/** What Node-RED warns of that the application wants so. */
const WANTED = [/^Projects disabled/, /^Encrypted credentials not found/]

/** @param {unknown} message */
function textOf(message) {
  if (message instanceof Error) return message.stack ?? String(message)
  if (typeof message === 'string') return message
  // Node-RED hands over objects such as {message, stack} as well.
  const inner = /** @type {{message?: unknown} | null} */ (message)?.message
  return typeof inner === 'string' ? inner : format(message)
}

/** @returns {(line: {level: number, timestamp?: number, type?: string, name?: string, id?: string, msg?: unknown}) => void} */
function logHandler() {
  return ({ level, timestamp, type, name, id, msg }) => {
    const text = textOf(msg)
    if (WANTED.some((pattern) => pattern.test(text))) return
    const time = new Date(timestamp ?? Date.now()).toLocaleTimeString('sv')
    const node = type ? `[${type}:${name || id}] ` : ''
    const line = `${time} ${(LEVELS.get(level) ?? String(level)).padEnd(5)} ${node}${text}\n`
    ;(level <= 20 ? process.stderr : process.stdout).write(line)
  }
}

module.exports = { logHandler }
