import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Limits, sideOf } from '../../src/health/check.ts'

const LIMITS: Limits = { enter: 10, enterHold: 0, clear: 5, clearHold: 0, window: null }

describe('side of a value', () => {
  it('is a fault at the enter threshold, fine at the clear threshold, and neither between them', () => {
    assert.equal(sideOf({ value: 10 }, LIMITS, 'higher'), 'fault')
    assert.equal(sideOf({ value: 9.99 }, LIMITS, 'higher'), 'between')
    assert.equal(sideOf({ value: 5.01 }, LIMITS, 'higher'), 'between')
    assert.equal(sideOf({ value: 5 }, LIMITS, 'higher'), 'fine')
  })

  it('turns round where the lower value is the worse', () => {
    const lower = { ...LIMITS, enter: 5, clear: 10 }
    assert.equal(sideOf({ value: 5 }, lower, 'lower'), 'fault')
    assert.equal(sideOf({ value: 7 }, lower, 'lower'), 'between')
    assert.equal(sideOf({ value: 10 }, lower, 'lower'), 'fine')
  })

  it('takes yes and no whatever the thresholds say', () => {
    assert.equal(sideOf({ value: true }, LIMITS, 'higher'), 'fault')
    assert.equal(sideOf({ value: false }, LIMITS, 'higher'), 'fine')
  })

  it('is not fine where there is no clear threshold', () => {
    assert.equal(sideOf({ value: 0 }, { ...LIMITS, clear: null }, 'higher'), 'between')
  })

  it('takes what is no number for not measured', () => {
    assert.equal(sideOf({ value: Number.NaN }, LIMITS, 'higher'), 'unmeasured')
    assert.equal(sideOf({ value: Number.POSITIVE_INFINITY }, LIMITS, 'higher'), 'unmeasured')
  })
})
