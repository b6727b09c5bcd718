import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { CALM, type Detector, step } from '../../src/baselines/baseline.ts'

const after = (deviations: readonly number[], from: Detector = CALM) => deviations.reduce(step, from)
const times = (count: number, deviation: number) => Array.from({ length: count }, () => deviation)

describe('what is unusual', () => {
  it('is a level of four spreads in three samples, on one side', () => {
    assert.equal(after([4, 4]).unusual, null)
    assert.equal(after([4, 4, 4]).unusual, 'level')
    assert.equal(after([-4, -4, -4]).unusual, 'level')
    assert.equal(after([3.9, 3.9]).unusual, null)
    assert.equal(after([4, -4, 4, -4]).unusual, null)
    assert.notEqual(after([4, 4, 0, 4, 4]).unusual, 'level')
  })

  it('ends after six samples of two spreads or less', () => {
    const raised = after(times(100, -6))
    assert.equal(after(times(5, -1), raised).unusual, 'level')
    assert.equal(after(times(6, 0), raised).unusual, null)
    assert.equal(after([...times(5, 0), 2.1, ...times(5, 0)], raised).unusual, 'level')
    assert.equal(after(times(100, 2.5), raised).unusual, 'level')
  })

  it('is a shift of one spread after 16 samples, and of half a spread never', () => {
    assert.equal(after(times(15, 1)).unusual, null)
    assert.equal(after(times(16, 1)).unusual, 'shift')
    assert.equal(after(times(16, -1)).unusual, 'shift')
    assert.equal(after(times(10_000, 0.5)).unusual, null)
  })

  it('ends four minutes after a shift is over, however long it lasted', () => {
    const raised = after(times(10_000, 1))
    assert.equal(after(times(23, 0), raised).unusual, 'shift')
    assert.equal(after(times(24, 0), raised).unusual, null)
  })

  it('takes no single spike for a shift', () => {
    assert.equal(after([...times(2, 40), ...times(20, 0)]).unusual, null)
  })
})
