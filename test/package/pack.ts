import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../runtime.ts'

const require = createRequire(createRequire(import.meta.url).resolve('node-red/package.json'))
/** The npm that Node-RED brings, so that it runs on the Node that runs the tests. */
const npmCli = join(dirname(require.resolve('npm/package.json')), 'bin', 'npm-cli.js')

export async function npm(cwd: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [npmCli, ...args], {
    cwd,
    maxBuffer: 16 * 1024 * 1024,
  })
  return stdout
}

/** Packs the package as it is built, into a folder. @returns the tarball's path and the files in it */
export async function pack(folder: string): Promise<{ tarball: string; files: string[] }> {
  const answer = await npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder)
  // npm 11 answers with a list, npm 12 with an object by package.
  const [packed] = Object.values(JSON.parse(answer) as Record<string, { files: { path: string }[] }>)
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'))
  return { tarball: join(folder, tarball), files: (packed?.files ?? []).map(({ path }) => path) }
}
