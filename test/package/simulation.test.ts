import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { simulate } from '../../bench/fleet/tables.ts'
import { markdown } from '../../bench/section.ts'

const DOCS = readFileSync(new URL('../../docs/scale.md', import.meta.url), 'utf8')

describe('docs/scale.md', () => {
  it('has the tables of `npm run simulate`', () => {
    const sections = simulate({ sites: 40, streamsPerSite: 250, streamsPerRoom: 10 }, 40)
    assert.equal(sections.length, 4)
    // How many rules there are changes with every check.
    for (const section of sections.filter(({ title }) => title !== 'Prometheus')) {
      const lines = markdown(section)
        .split('\n')
        .filter((line) => line.startsWith('|') || line === section.how)
      for (const line of lines) assert.ok(DOCS.includes(line), `${section.title}: ${line}`)
    }
  })
})
