import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eventBudget } from '../../src/objectives/event-budget.ts'

const PLAN = { objective: 0.995, planned: 5400 }

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}

describe('what an event may miss', () => {
  it('is 27 s of 90 minutes at 99.5 %, whatever of it has passed', () => {
    for (const expected of [0, 600, 5400]) {
      assert.equal(rounded(eventBudget({ expected, measured: expected, bad: 0 }, PLAN).allowed), 27)
    }
  })

  it('is half spent after half of it, and spent after all of it', () => {
    const level = (bad: number) => eventBudget({ expected: 1000, measured: 1000, bad }, PLAN).level
    assert.deepEqual([13.4, 13.6, 26.9, 27.1].map(level), ['kept', 'half', 'half', 'spent'])
    assert.equal(rounded(eventBudget({ expected: 1000, measured: 1000, bad: 54 }, PLAN).used), 2)
  })

  it('says nothing before five minutes are measured', () => {
    assert.equal(eventBudget({ expected: 299, measured: 299, bad: 60 }, PLAN).level, 'early')
    assert.equal(eventBudget({ expected: 900, measured: 299, bad: 60 }, PLAN).level, 'early')
    assert.equal(eventBudget({ expected: 300, measured: 300, bad: 60 }, PLAN).level, 'spent')
  })

  it('grows with an event that lasts longer than planned', () => {
    assert.equal(rounded(eventBudget({ expected: 10_800, measured: 10_800, bad: 27 }, PLAN).used), 0.5)
  })
})
