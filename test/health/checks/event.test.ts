import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createStreamJudge, type Verdict } from '../../../src/health/judge.ts'
import { eventBudget } from '../../../src/objectives/event-budget.ts'
import { absent, present, unknown } from '../readings.ts'

/** After 20 minutes of 90 at 99.5 %, so many seconds of them off the air. */
const after = (bad: number, measured = 1200) =>
  eventBudget({ expected: measured, measured, bad }, { objective: 0.995, planned: 5400 })

type Given = { bad?: number; measured?: number; reading?: ReturnType<typeof present>; expected?: boolean }

function judged(...steps: readonly Given[]): Verdict {
  const judge = createStreamJudge({ target: 'main', media: 'both' })
  let verdict: Verdict = { state: 'unknown', score: null, issues: [], raised: [], superseded: [], cleared: [] }
  for (const [second, { bad = 0, measured, reading = present(), expected = true }] of steps.entries()) {
    const at = { wall: second * 1000, monotonic: second }
    verdict = judge.judge({ reading, expected, at, interval: 1, budget: after(bad, measured) })
  }
  return verdict
}

const issuesOf = ({ issues }: Verdict) => issues.map(({ type, severity }) => `${severity} ${type}`)

describe('the budget of an event', () => {
  it('is information when half of it is gone, with what is gone and what there was', () => {
    const verdict = judged({ bad: 13 }, { bad: 14 })
    assert.deepEqual(issuesOf(verdict), ['info eventBudgetHalf'])
    assert.equal(
      verdict.issues[0]?.summary,
      '52 % of what this event may miss is gone: off air for 14 s (at most 27 s, which is 99.5 % of 90 min)',
    )
    assert.deepEqual([verdict.state, verdict.score], ['ok', 100])
  })

  it('is told when all of it is gone, in place of the half', () => {
    assert.deepEqual(issuesOf(judged({ bad: 14 }, { bad: 28 })), ['warning eventBudgetSpent'])
  })

  it('is left alone while less than five minutes are measured', () => {
    assert.deepEqual(issuesOf(judged({ bad: 60, measured: 299 })), [])
  })

  it('stays as it is while nothing is measured, and ends with the event', () => {
    assert.deepEqual(issuesOf(judged({ bad: 28 }, { bad: 28, reading: unknown('killed') })), [
      'warning eventBudgetSpent',
    ])
    assert.deepEqual(issuesOf(judged({ bad: 28 }, { bad: 28, reading: absent('ended'), expected: false })), [])
  })
})
