import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { alertsIn, ISSUE_ALERTS } from '../../scripts/alert-table.ts'
import { ALERTS_PAGE, RUNBOOKS_FOLDER, runbooks, text } from '../../scripts/generate-alerts-doc.ts'
import { NOTES, OWN_RUNBOOKS } from '../../scripts/runbook-texts.ts'

describe('docs/alerts.md', () => {
  it('is what the tables and rules make: else run npm run generate', () => {
    assert.equal(readFileSync(ALERTS_PAGE, 'utf8'), text())
  })

  it('has a row for every alert', () => {
    const page = text()
    for (const { alertname } of ISSUE_ALERTS) assert.ok(page.includes(`| [${alertname}](runbooks/`), alertname)
    for (const { alert } of alertsIn('monitor.rules.yml')) assert.ok(page.includes(`| [${alert}](runbooks/`), alert)
  })
})

describe('the runbooks', () => {
  it('are one for every alert and no other, and what the tables make', () => {
    const made = runbooks()
    assert.deepEqual(readdirSync(RUNBOOKS_FOLDER).sort(), [...made.keys()].map((name) => `${name}.md`).sort())
    for (const [name, book] of made) assert.equal(readFileSync(`${RUNBOOKS_FOLDER}${name}.md`, 'utf8'), book)
  })

  it('say each what it means, how to confirm it and what to do', () => {
    for (const [name, book] of runbooks()) {
      for (const heading of ['## What it means', '## How to confirm', '## What to do'])
        assert.match(book, new RegExp(`${heading}[^\\n]*\\n\\n\\S`), `${name}: ${heading}`)
      assert.ok(!/\{\{|undefined/.test(book), name)
    }
  })

  it('have no text left over for an alert that there is not', () => {
    const names = [...runbooks().keys()]
    for (const name of [...Object.keys(NOTES), ...Object.keys(OWN_RUNBOOKS)]) assert.ok(names.includes(name), name)
  })
})
