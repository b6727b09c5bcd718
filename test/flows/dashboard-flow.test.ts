import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { DASHBOARD_FLOW, text } from '../../scripts/generate-dashboard-flow.ts'

describe('flows/dashboard.json', () => {
  it('is what its sources make: else run node scripts/generate-dashboard-flow.ts', () => {
    assert.equal(readFileSync(DASHBOARD_FLOW, 'utf8'), text())
  })
})
