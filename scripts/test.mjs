/**
 * `npm test`: makes the machine ready, then runs the suites of `test-suites.mjs` in order. Runs on Node 20, without
 * `node_modules`: it installs what is missing, builds, and starts the tests under the Node that the lock file pins.
 *
 *   npm test                     everything, but what its suite says is run by its name alone
 *   npm test -- flows stack      these suites only
 *
 * What the tests put into the temporary folder goes with the run, however they end: Chromium and ffmpeg leave things
 * behind when a test kills them.
 *
 * At the end stands every failure once more, so that the last page of a long output tells what happened. The last line
 * is `<n> passed, <n> failed`; the exit code is 0 only if everything passed. A skipped test is a failure.
 */
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, relative } from 'node:path'
import { VARIABLE_GROUPS } from '../app/options.mjs'
import { prepare, root } from '../app/prepare.mjs'
import { ensurePrograms } from './system-programs.mjs'
import { SUITES } from './test-suites.mjs'

/** @param {string} line */
const say = (line) => console.log(line)

/** @param {number} since milliseconds of `performance.now()` */
const seconds = (since) => `${((performance.now() - since) / 1000).toFixed(1)} s`

/** @param {string[]} names */
function chosen(names) {
  const unknown = names.filter((name) => !SUITES.some((suite) => suite.name === name))
  if (unknown.length > 0) {
    throw new Error(`No suite is called ${unknown.join(', ')}. There are: ${SUITES.map(({ name }) => name).join(', ')}`)
  }
  return SUITES.filter(({ name, byNameOnly }) => (names.length === 0 ? !byNameOnly : names.includes(name)))
}

/** The temporary folder of this run, for everybody as the system's is: nginx has users of its own. */
const scratch = mkdtempSync(join(tmpdir(), 'hmonitor-test-'))
chmodSync(scratch, 0o1777)
process.once('exit', () => rmSync(scratch, { recursive: true, force: true, maxRetries: 5 }))
process.once('SIGINT', () => process.exit(130))
process.once('SIGTERM', () => process.exit(143))

/**
 * The environment of the tests: the pinned Node first, a temporary folder that goes with them, and none of the variables
 * by which somebody's own monitor on this machine may be set up.
 *
 * @param {string} node
 */
function testEnvironment(node) {
  const names = VARIABLE_GROUPS.flatMap(({ variables }) => variables).flatMap(({ name }) => [name, `${name}_FILE`])
  const others = Object.entries(process.env).filter(([name]) => !names.includes(name))
  // Debian keeps nginx in /usr/sbin, which is not on every user's PATH.
  const PATH = [dirname(node), process.env.PATH, '/usr/sbin'].join(delimiter)
  return { ...Object.fromEntries(others), PATH, TMPDIR: scratch }
}

/**
 * @param {string} node the Node to run it with
 * @param {string[]} args
 * @param {number} [limit] seconds
 * @returns {Promise<number>} the exit code; 1 when it was ended by a signal
 */
function run(node, args, limit) {
  const options = { cwd: root, stdio: /** @type {const} */ ('inherit'), env: testEnvironment(node) }
  const child = spawn(node, args, limit === undefined ? options : { ...options, timeout: limit * 1000 })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

/** @typedef {{passed: number, failed: number, failures: string[]}} Result */

/**
 * @param {string} node
 * @param {{title: string, script: string, args: string[]}[]} commands
 * @param {number} limit seconds, each
 * @returns {Promise<Result>}
 */
async function runCommands(node, commands, limit) {
  /** @type {Result} */
  const result = { passed: 0, failed: 0, failures: [] }
  for (const { title, script, args } of commands) {
    const started = performance.now()
    const isGood = (await run(node, [script, ...args], limit)) === 0
    result[isGood ? 'passed' : 'failed'] += 1
    if (!isGood) result.failures.push(title)
    say(`${isGood ? '✔' : '✖'} ${title} (${seconds(started)})`)
  }
  return result
}

/**
 * @param {string} node
 * @param {string[]} files
 * @param {number} concurrency
 * @param {number} limit seconds, each file
 * @returns {Promise<Result>}
 */
async function runFiles(node, files, concurrency, limit) {
  const resultFile = join(mkdtempSync(join(scratch, 'result-')), 'result.json')
  const code = await run(node, ['scripts/run-test-files.mjs', resultFile, String(concurrency), String(limit), ...files])
  /** @type {{counts: Record<string, number>, failures: {name: string, file: string, message: string}[]}} */
  const { counts, failures } = JSON.parse(readFileSync(resultFile, 'utf8'))
  const result = {
    passed: counts.passed,
    failed: counts.failed + counts.cancelled + counts.skipped + counts.todo,
    failures: failures.map(({ name, file, message }) => `${relative(root, file)}: ${name}\n${message}`),
  }
  if (counts.tests === 0) say(`✖ no test was found in ${files.join(', ')}`)
  if (counts.skipped + counts.todo > 0) say('✖ a test was skipped: it must run, or fail and say what it needs')
  if (result.failed === 0 && (code !== 0 || counts.tests === 0)) result.failed = 1
  return result
}

/** @param {string[]} names of suites; none means all */
async function main(names) {
  const started = performance.now()
  const suites = chosen(names)
  ensurePrograms(
    suites.flatMap(({ needs }) => needs),
    say,
  )
  const node = await prepare(say)
  const lines = []
  /** @type {Result} */
  const total = { passed: 0, failed: 0, failures: [] }
  for (const suite of suites) {
    say(`\n── ${suite.name}`)
    const begun = performance.now()
    const result = await ('commands' in suite
      ? runCommands(node, suite.commands, suite.limit)
      : runFiles(node, suite.files, suite.concurrency, suite.limit))
    total.passed += result.passed
    total.failed += result.failed
    total.failures.push(...result.failures)
    const mark = result.failed === 0 ? '✔' : '✖'
    lines.push(`${mark} ${suite.name.padEnd(12)} ${result.passed} passed, ${result.failed} failed  ${seconds(begun)}`)
    say(lines.at(-1) ?? '')
  }
  for (const failure of total.failures) say(`\n✖ ${failure}`)
  say(`\n${lines.join('\n')}\n\nin ${seconds(started)}`)
  say(`${total.passed} passed, ${total.failed} failed`)
  process.exitCode = total.failed === 0 ? 0 : 1
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  say('0 passed, 1 failed')
  process.exitCode = 1
}
