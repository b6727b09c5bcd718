/** What the image holds, as the steps of the Dockerfile make it, without Docker. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { imagePackages } from '../../scripts/image-packages.mjs'
import { root } from '../runtime.ts'

const run = promisify(execFile)

/**
 * Copies what `COPY . .` copies past .dockerignore, what the build makes, and the packages that the image keeps. Away from
 * the checkout, so that packages are found there and nowhere else.
 *
 * @returns the folder
 */
export async function makeImageFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'hmonitor-image-'))
  const ignored = readFileSync(join(root, '.dockerignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !/^[#!]/.test(line))
  for (const name of await readdir(root)) {
    if (ignored.some((pattern) => name === pattern || (pattern.endsWith('*') && name.startsWith(pattern.slice(0, -1)))))
      continue
    await cp(join(root, name), join(folder, name), {
      recursive: true,
      filter: (source) => !source.includes(`${join(root, name)}/node_modules`),
    })
  }
  for (const built of ['dist', 'examples']) await cp(join(root, built), join(folder, built), { recursive: true })
  // Those within another come with it.
  const paths = imagePackages(root).filter((path) => path.split('node_modules/').length === 2)
  for (const scope of new Set(paths.map((path) => dirname(path)))) {
    await mkdir(join(folder, scope), { recursive: true })
    const members = paths.filter((path) => dirname(path) === scope).map((path) => join(root, path))
    const wanted = [...members, join(folder, scope)]
    // Links are quicker, and impossible to another file system.
    await run('cp', ['--archive', '--link', ...wanted]).catch(() => run('cp', ['--archive', '--force', ...wanted]))
  }
  return folder
}
