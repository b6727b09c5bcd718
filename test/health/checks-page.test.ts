import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { CHECKS_PAGE, text } from '../../scripts/generate-checks-doc.ts'
import { STREAM_CHECKS } from '../../src/health/checks/stream.ts'

describe('docs/checks.md', () => {
  it('is what the table of checks makes: else run node scripts/generate-checks-doc.ts', () => {
    assert.equal(readFileSync(CHECKS_PAGE, 'utf8'), text())
  })

  it('gives every check its window, limits, holds, weight and remedy', () => {
    const page = text()
    for (const { type, limits, remedy, text: words } of STREAM_CHECKS) {
      assert.ok(page.includes(`## ${type}\n`), type)
      assert.ok(page.includes(words.blindTo), type)
      assert.ok(page.includes(words.window(limits)), type)
      for (const line of remedy) assert.ok(page.includes(line), line)
      if (limits.enterHold > 0) assert.ok(page.includes(`${words.raised(limits)}, for ${limits.enterHold} s`), type)
    }
  })
})
