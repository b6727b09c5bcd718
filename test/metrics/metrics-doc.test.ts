import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { FILE, text } from '../../scripts/generate-metrics-doc.ts'

describe('docs/metrics.md', () => {
  it('is what the catalogue says; else run `node scripts/generate-metrics-doc.ts`', () => {
    assert.equal(readFileSync(FILE, 'utf8'), text())
  })

  it('names every metric of the catalogue once', () => {
    const names = [...text().matchAll(/^\| `(hmonitor_\w+)` \|/gm)].map(([, name]) => name)
    assert.ok(names.length > 30)
    assert.deepEqual(names, [...new Set(names)])
  })
})
