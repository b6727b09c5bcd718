/**
 * A real OpenSearch for tests, from Maven's central repository: no image registry and no download page is needed. Its 95
 * files (53 MB) are kept, because getting them takes a minute.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { KEPT } from './pinned-programs.mjs'

const pom = fileURLToPath(new URL('../test/opensearch/pom.xml', import.meta.url))

/**
 * @param {(line: string) => void} say
 * @returns {string} the folder of its files
 */
export function opensearchJars(say) {
  const name = `opensearch-${createHash('sha256').update(readFileSync(pom)).digest('hex').slice(0, 12)}`
  const kept = join(KEPT, name)
  if (existsSync(kept)) return kept
  say('getting OpenSearch from Maven (53 MB)')
  mkdirSync(KEPT, { recursive: true })
  const folder = mkdtempSync(join(KEPT, `${name}-part-`))
  try {
    cpSync(pom, join(folder, 'pom.xml'))
    const lib = join(folder, 'lib')
    const args = ['-q', '-B', '-f', join(folder, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${lib}`]
    const { status, error, stdout, stderr } = spawnSync('mvn', args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(`mvn ${args.join(' ')} failed:\n${error?.message ?? stdout + stderr}`.trim())
    renameSync(lib, kept)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
  return kept
}
