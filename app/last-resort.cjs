/**
 * For what nobody in Node-RED's process caught: a timer in a node of somebody else's, a function node that forgot a
 * promise. See `docs/decisions/0014-what-nobody-caught.md`.
 */
const { join } = require('node:path')
const { isNativeError } = require('node:util').types

const ours = join(__dirname, '..', 'dist')

/** Characters that the supervisor is told. */
const LONGEST_CAUSE = 500
/** Shorter ones are in every text. */
const SHORTEST_SECRET = 4

/**
 * @typedef {object} LastResort
 * @property {readonly string[]} secrets what no line may show
 * @property {(line: string) => void} log
 * @property {(cause: string) => void} tell is told why the process ends
 */

/** @param {LastResort} options */
function lastResort({ secrets, log, tell }) {
  const redact = (/** @type {string} */ text) => redactedOf(text, secrets)

  // Before Node-RED's own listener, which would write it as it is.
  process.on('uncaughtException', (error) => {
    try {
      const text = redact(textOf(error))
      tell(causeOf(text).slice(0, LONGEST_CAUSE))
      log(`[rtmp-hmonitor] Nobody caught this, so Node-RED ends and is started again: ${text}`)
    } finally {
      process.exit(1)
    }
  })

  // Once a minute in the log, counted in /metrics, and in /health until somebody has seen it.
  process.on('unhandledRejection', (reason) => {
    const text = redact(textOf(reason))
    try {
      // The same module as the one of the nodes.
      const { internalError, NOT_WAITED_FOR } = require(join(ours, 'observation', 'internal-errors.js'))
      internalError(NOT_WAITED_FOR, Object.assign(new Error(causeOf(text)), { stack: text }))
    } catch {
      log(`[rtmp-hmonitor] A promise was rejected that nobody waited for, the rest goes on: ${text}`)
    }
  })
}

/**
 * A function node has an `Error` of its own, and a getter may throw in turn.
 *
 * @param {unknown} error whatever was thrown
 */
function textOf(error) {
  try {
    return isNativeError(error) ? String(error.stack ?? error.message) : String(error)
  } catch {
    return 'something that cannot be written'
  }
}

/** The first line, and where it was: in a function node, else in the frame nearest to it. @param {string} stack */
function causeOf(stack) {
  const lines = stack.split('\n').map((line) => line.trim())
  const frames = lines.filter((line) => line.startsWith('at '))
  const frame = frames.find((line) => line.includes('Function node:')) ?? frames[0]
  const message = lines.find((line) => line !== '') ?? 'no message'
  return frame === undefined || frame === message ? message : `${message} (${frame})`
}

/**
 * @param {string} text
 * @param {readonly string[]} secrets
 */
function redactedOf(text, secrets) {
  const known = secrets.filter(({ length }) => length >= SHORTEST_SECRET).sort((a, b) => b.length - a.length)
  const redacted = known.reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
  try {
    // The same module as the one of the nodes.
    const { monitorStates } = require(join(ours, 'node-red', 'monitor-states.js'))
    return monitorStates().reduce(
      (/** @type {string} */ rest, /** @type {any} */ state) => state.secrets.redact(rest),
      redacted,
    )
  } catch {
    return 'an error whose text may hold secrets, because those of the nodes are not known'
  }
}

module.exports = { lastResort }
