import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readRecorded } from '../../laboratory/recorded.ts'
import { IN_TIME, type ScoredSight, score } from '../../laboratory/score.ts'

const scored = score(readRecorded())
const named = (all: readonly ScoredSight[]) =>
  all.map(({ name, sight, location }) => `${name}, ${sight.place}, ${sight.variant}: ${location}`)

/** Which cases are right is said in docs/diagnosis.md, which `page.test.ts` holds to what comes of them. */
describe('what is said of the recorded faults', () => {
  const told = scored.filter(({ sight, outcome }) => {
    return sight.truth.length > 0 && sight.blind === undefined && outcome !== 'not noticed'
  })

  /** A little less than what is reached: docs/diagnosis.md has the numbers. */
  for (const [variant, floor] of [
    ['complete', 0.95],
    ['without encoder', 0.73],
    ['without hosts', 0.87],
    ['without platform', 0.94],
  ] as const) {
    it(`is right in ${100 * floor} % at least, ${variant}`, () => {
      const seen = told.filter(({ sight }) => sight.variant === variant)
      const right = seen.filter(({ outcome }) => outcome === 'right')
      assert.ok(seen.length >= 80, `${seen.length}`)
      assert.ok(right.length >= floor * seen.length, `${right.length} of ${seen.length}`)
    })
  }

  it('is right within 10 s of the first alert in 95 %, where everything is configured', () => {
    const seen = told.filter(({ sight }) => sight.variant === 'complete')
    const inTime = seen.filter(({ rightAfter }) => rightAfter !== null && rightAfter <= IN_TIME)
    assert.ok(inTime.length >= 0.95 * seen.length, `${inTime.length} of ${seen.length}`)
  })

  it('is never certain and wrong, at any moment from the first alert on', () => {
    assert.deepEqual(named(scored.filter(({ certainAndWrong }) => certainAndWrong)), [])
  })

  it('is nothing where nothing is wrong', () => {
    const healthy = scored.filter(({ sight }) => sight.truth.length === 0)
    assert.ok(healthy.length > 0)
    assert.deepEqual(named(healthy.filter(({ outcome }) => outcome !== 'right')), [])
  })
})
