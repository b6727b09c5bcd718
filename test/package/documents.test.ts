import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { root } from '../runtime.ts'

const decisions = readdirSync(join(root, 'docs/decisions'))
const textOf = (path: string) => readFileSync(join(root, path), 'utf8')

describe('what is written for those who read on', () => {
  it('cites nothing that a reader of the repository cannot open', () => {
    const paths = execFileSync(
      'git',
      ['ls-files', 'src', 'app', 'scripts', 'docs', 'flows', 'deploy', 'bench', 'laboratory'],
      { cwd: root },
    )
    const texts = `${paths}`.split('\n').filter((path) => /\.(ts|mjs|cjs|md|vue|js|yml)$/.test(path))
    assert.ok(texts.length > 300)
    assert.deepEqual(
      texts.filter((path) => /DESIGN\.md|\bfacts\/\w+\.md|\bdesign section \d/i.test(textOf(path))),
      [],
    )
  })

  for (const [index, name] of decisions.entries()) {
    it(`has ${name} as a decision: number, context, decision, consequence`, () => {
      // Work that goes on side by side has numbers kept for it, so that some may not be there yet.
      const number = /^\d{4}(?=-)/.exec(name)?.[0] ?? 'a number of four digits'
      assert.ok(!decisions.slice(0, index).some((other) => other.startsWith(number)), name)
      const text = textOf(`docs/decisions/${name}`)
      assert.match(text, new RegExp(`^# ${number}: \\S`))
      const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading)
      assert.deepEqual(headings, ['Context', 'Decision', 'Consequence'])
    })
  }
})
