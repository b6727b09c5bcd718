import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../runtime.ts'

const files = `${execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root })}`
  .split('\n')
  .filter((path) => /\.(ts|mts|mjs|cjs)$/.test(path) && !/\.generated\./.test(path) && existsSync(join(root, path)))
const texts = new Map(files.map((path) => [path, readFileSync(join(root, path), 'utf8')]))

/** In how many files each word stands. */
const spread = new Map<string, number>()
for (const text of texts.values())
  for (const word of new Set(text.match(/\b[A-Za-z_]\w*/g))) spread.set(word, (spread.get(word) ?? 0) + 1)

const EXPORT = /^export (?:abstract |async )?(?:const|let|class|function\*?|enum) (\w+)/gm

describe('an exported value', () => {
  it('is used by another file', () => {
    const needless = [...texts]
      .filter(([path]) => path.startsWith('src/'))
      .flatMap(([path, text]) => [...text.matchAll(EXPORT)].map(([, name = '']) => ({ path, name })))
      .filter(({ name }) => spread.get(name) === 1)
    assert.deepEqual(
      needless.map(({ path, name }) => `${path}: ${name}`),
      [],
    )
  })
})
