/**
 * Makes what is published and what Node-RED loads, `dist/` and `examples/`, and the application's JavaScript. Run it
 * with Node 22: `node scripts/build.ts`.
 *
 * It builds beside `dist/` and swaps at the end, so that a failed build leaves the last good one and a runtime that is
 * just starting never sees half of one. `--loose` keeps going where types do not check, to try out unfinished work.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { stampOfInputs } from '../app/prepare/build-stamp.mjs'
import { bundleApplication } from './bundle-application.ts'
import { bundleParsers } from './bundle-parser.ts'
import { writeNodeHtml } from './node-html.ts'
import { writeWholeExamples } from './whole-examples.ts'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const scratch = join(root, 'node_modules', '.cache', 'rtmp-hmonitor', `build-${process.pid}`)
const loose = process.argv.includes('--loose')

/** Runs a Node script of this checkout and shows what it said when it fails. */
async function run(script: string, ...args: string[]): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [script, ...args], { cwd: root })
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string }
    throw new Error(`${basename(script)} failed:\n${stdout}${stderr}`.trim())
  }
}

async function compileRuntime(target: string): Promise<void> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  try {
    await run(tsc, '-p', 'tsconfig.build.json', '--outDir', target, '--pretty', 'false')
  } catch (error) {
    if (!loose || !existsSync(join(target, 'nodes'))) throw error
    console.error(String(error))
  }
  // A module of types alone leaves nothing to load.
  for (const file of await readdir(target, { recursive: true })) {
    if (!file.endsWith('.js')) continue
    if ((await readFile(join(target, file), 'utf8')).trim() === 'export {};') await rm(join(target, file))
  }
}

/** What the runtime needs beside tsc's output: what another build step generated, and the published schemas. */
async function copyData(target: string): Promise<void> {
  for (const file of await readdir(join(root, 'src'), { recursive: true })) {
    // The parts that lie with the kinds are in the schema of the targets.
    if (!/\.generated\.js(on)?$|\.schema\.json$/.test(file) || file.startsWith('kinds')) continue
    await cp(join(root, 'src', file), join(target, file))
  }
  // The schema of the targets names it by its file name, and an editor looks beside it.
  const profiles = 'profile.schema.json'
  await cp(join(root, 'src', 'health', 'profiles', profiles), join(target, 'targets', profiles))
}

async function writeNodes(target: string): Promise<void> {
  const names = await readdir(join(root, 'src', 'nodes'))
  await Promise.all(
    names.map(async (name) => {
      await writeNodeHtml(root, name, join(target, 'nodes', name))
      const icon = join(root, 'icons', `${name}.svg`)
      if (existsSync(icon)) await cp(icon, join(target, 'nodes', name, 'icons', `${name}.svg`))
    }),
  )
}

/** Puts a finished folder in the place of an old one. Another build may do the same: the later one wins. */
async function replace(target: string, finished: string): Promise<void> {
  const old = `${scratch}-old-${basename(target)}`
  if (existsSync(target)) await rename(target, old)
  await rm(target, { recursive: true, force: true })
  await rename(finished, target)
  await rm(old, { recursive: true, force: true })
}

const started = performance.now()
try {
  const stamp = stampOfInputs(root)
  const dist = join(scratch, 'dist')
  await mkdir(dist, { recursive: true })
  const validators = join(root, 'scripts', 'generate-validators.ts')
  if (existsSync(validators)) await run(validators)
  await Promise.all([compileRuntime(dist), writeNodes(dist), bundleApplication(root)])
  await Promise.all([copyData(dist), bundleParsers(root, dist)])
  await cp(join(root, 'flows', 'examples'), join(scratch, 'examples'), { recursive: true })
  await writeWholeExamples(root, join(scratch, 'examples'))
  if (!loose) await writeFile(join(dist, '.stamp'), `${stamp}\n`)
  await writeFile(join(dist, '.npmignore'), '.stamp\n')
  await replace(join(root, 'dist'), dist)
  await replace(join(root, 'examples'), join(scratch, 'examples'))
  console.log(`Built dist/ and examples/ in ${((performance.now() - started) / 1000).toFixed(1)} s`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  await rm(scratch, { recursive: true, force: true })
}
