/**
 * `npm run test:docker`: the images and the stack in a real Docker engine. It installs what is missing, starts an engine
 * where none answers, makes stand-ins of the images that no registry gives, builds ours by the shipped Dockerfile, and
 * runs the suite `docker`. What it started ends with it, however it ends; images, build cache and programs are kept below
 * ~/.cache/rtmp-hmonitor, so that the next run is quicker.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { prepare } from '../app/prepare.mjs'
import { removeTree, startEngine } from './docker-engine.mjs'
import { buildOwnImages, ensureForeignImages } from './docker-images.mjs'
import { canBuildPinned } from './pinned-programs.mjs'
import { ensurePrograms } from './system-programs.mjs'

/** @param {string} line */
const say = (line) => console.log(line)

/** Stops at Ctrl-C. */
const interrupted = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => interrupted.abort(new Error(`It was ended by ${signal}.`)))
}

/** What the tests start belongs to Compose projects whose names begin so. */
const PROJECTS = `hmonitor-test-${process.pid}`

/**
 * @param {Record<string, string>} environment
 * @returns {Promise<{code: number, result: string}>} its exit code, and its last line, which is not yet said
 */
async function runSuite(environment) {
  const tests = fileURLToPath(new URL('test.mjs', import.meta.url))
  // What tests leave that are ended in the middle is in a folder that goes as well.
  const scratch = mkdtempSync(join(tmpdir(), 'hmonitor-docker-test-'))
  const env = { ...process.env, ...environment, TMPDIR: scratch, HMONITOR_DOCKER_PROJECTS: PROJECTS }
  const child = spawn(process.execPath, [tests, 'docker'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env,
    detached: true,
  })
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
  const end = () => {
    // With all that it started.
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM')
  }
  interrupted.signal.addEventListener('abort', end)
  if (interrupted.signal.aborted) end()
  let result = ''
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (result !== '') say(result)
      result = line
    }
    return { code: await exited, result }
  } finally {
    removeTree(scratch)
  }
}

/**
 * Removes what tests left that were ended in the middle.
 *
 * @param {Record<string, string>} environment
 */
function removeLeftovers(environment) {
  const docker = (...args) => {
    const { stdout } = spawnSync('docker', args, { encoding: 'utf8', env: { ...process.env, ...environment } })
    return (stdout ?? '').split('\n').filter((line) => line !== '')
  }
  const label = 'com.docker.compose.project'
  for (const [list, remove] of [
    [
      ['container', 'ls', '--all'],
      ['container', 'rm', '--force', '--volumes'],
    ],
    [
      ['network', 'ls'],
      ['network', 'rm'],
    ],
    [
      ['volume', 'ls'],
      ['volume', 'rm', '--force'],
    ],
  ]) {
    const format = list[0] === 'volume' ? '{{.Name}}' : '{{.ID}}'
    const found = docker(...list, '--filter', `label=${label}`, '--format', `${format} {{.Label "${label}"}}`)
      .map((line) => line.split(' '))
      .filter(([, project = '']) => project.startsWith(PROJECTS))
      .map(([id = '']) => id)
    if (found.length > 0) docker(...remove, ...found)
  }
}

async function main() {
  const servers = canBuildPinned() ? [] : ['prometheus', 'promtool', 'prometheus-alertmanager']
  ensurePrograms(['docker', 'dockerd', 'docker-compose', 'debootstrap', ...servers], say)
  const node = await prepare(say)
  const engine = await startEngine(say)
  const { environment, isOwn } = engine
  /** @type {string[]} */
  let made = []
  let last = ''
  try {
    const builder = { environment, node, signal: interrupted.signal, say }
    const foreign = await ensureForeignImages(builder)
    made = foreign.made
    await buildOwnImages(builder)
    const { code, result } = await runSuite(environment)
    interrupted.signal.throwIfAborted()
    if (foreign.notes.length > 0) say('Stand-ins were tested in the place of these images:')
    for (const note of foreign.notes) say(`  ${note}`)
    process.exitCode = code
    last = result
  } finally {
    removeLeftovers(environment)
    const docker = (...args) => spawnSync('docker', args, { env: { ...process.env, ...environment } })
    // In an engine of somebody's own nothing goes by the name of an image that it is not.
    if (!isOwn && made.length > 0) docker('image', 'rm', ...made)
    if (isOwn) docker('image', 'prune', '--force')
    await engine.stop()
  }
  say(last)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  say('0 passed, 1 failed')
  process.exitCode = 1
}
