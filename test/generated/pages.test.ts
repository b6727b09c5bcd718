import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { envExample } from '../../app/help.mjs'
import { CHECKS_PAGE, text as checksPage } from '../../scripts/generate-checks-doc.ts'

describe('a page that is made from data is what the data says (npm run generate makes it)', () => {
  it('docs/checks.md', () => assert.equal(readFileSync(CHECKS_PAGE, 'utf8'), checksPage()))
  it('.env.example', () =>
    assert.equal(readFileSync(new URL('../../.env.example', import.meta.url), 'utf8'), envExample()))
})
