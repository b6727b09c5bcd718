/**
 * Runs test files with Node's test runner, in the order in which they are given: `node --test` takes them by their
 * paths, so that the longest may begin last and keep everybody waiting. A pattern stands for those that were not named before it.
 *
 *   run-test-files.mjs RESULT-FILE CONCURRENCY SECONDS FILE-OR-PATTERN…
 *
 * The exit code is 1 when a test failed.
 */
import { createWriteStream, globSync } from 'node:fs'
import { resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { run } from 'node:test'
import { spec } from 'node:test/reporters'
import result from './test-result.mjs'

const [resultFile, concurrency, seconds, ...patterns] = process.argv.slice(2)
const files = new Set(patterns.flatMap(filesOf).map((file) => resolve(file)))

/**
 * @param {string} pattern
 * @returns {string[]} at least one
 */
function filesOf(pattern) {
  const found = globSync(pattern).sort()
  if (found.length === 0) throw new Error(`There is no test file called ${pattern}.`)
  return found
}

const events = run({ files: [...files], concurrency: Number(concurrency), timeout: Number(seconds) * 1000 })
events.on('test:fail', () => {
  process.exitCode = 1
})
// Both read the same events: a stream that is read in two ways hands each of them everything.
await Promise.all([
  pipeline(events.compose(new spec()), process.stdout, { end: false }),
  pipeline(events.compose(result), createWriteStream(resultFile)),
])
