import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { DIAGNOSIS_PAGE, diagnosisPage } from '../../scripts/generate-diagnosis-doc.ts'

describe('docs/diagnosis.md', () => {
  it('is made from the tables as they are', () => {
    assert.equal(readFileSync(DIAGNOSIS_PAGE, 'utf8'), diagnosisPage())
  })
})
