import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { DASHBOARD_FLOW, text } from '../../scripts/generate-dashboard-flow.ts'
import { DEMO_FLOW, demoFlow } from '../../scripts/generate-demo-page.ts'

describe('flows/dashboard.json', () => {
  it('is what its sources make: else run node scripts/generate-dashboard-flow.ts', () => {
    assert.equal(readFileSync(DASHBOARD_FLOW, 'utf8'), text())
  })
})

describe('app/demo/flow.json', () => {
  it('has the page that its source makes: else run node scripts/generate-demo-page.ts', () => {
    assert.equal(readFileSync(DEMO_FLOW, 'utf8'), demoFlow())
  })
})
