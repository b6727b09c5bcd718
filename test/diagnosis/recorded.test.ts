import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readRecorded } from '../../laboratory/recorded.ts'
import { type ScoredSight, score } from '../../laboratory/score.ts'

const scored = score(readRecorded())
const named = (all: readonly ScoredSight[]) =>
  all.map(({ name, sight, location }) => `${name}, ${sight.place}, ${sight.variant}: ${location}`)

/** Which cases are right is said in docs/diagnosis.md, which `page.test.ts` holds to what comes of them. */
describe('what is said of the recorded faults', () => {
  it('is right more often than not, with everything configured', () => {
    const told = scored.filter(
      ({ sight }) => sight.truth.length > 0 && sight.blind === undefined && sight.variant === 'complete',
    )
    const right = told.filter(({ outcome }) => outcome === 'right')
    assert.ok(told.length >= 10, `${told.length}`)
    assert.ok(right.length >= 0.6 * told.length, `${right.length} of ${told.length}`)
  })

  it('is nothing where nothing is wrong', () => {
    const healthy = scored.filter(({ sight }) => sight.truth.length === 0)
    assert.ok(healthy.length > 0)
    assert.deepEqual(named(healthy.filter(({ outcome }) => outcome !== 'right')), [])
  })
})
