import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { PROFILES_PAGE, text } from '../../scripts/generate-profiles-doc.ts'
import { SHIPPED_PROFILES } from '../../src/health/profile-lookup.ts'

describe('docs/profiles.md', () => {
  it('is what the profiles make: else run node scripts/generate-profiles-doc.ts', () => {
    assert.equal(readFileSync(PROFILES_PAGE, 'utf8'), text())
  })

  it('names every document, with the day it was read', () => {
    for (const { documents } of SHIPPED_PROFILES) {
      for (const { url, read } of Object.values(documents)) assert.ok(text().includes(`(${url}), read ${read}`), url)
    }
  })
})
