import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { presentOther } from '../../src/health/other.ts'
import { STATES } from '../../src/observation/observation.ts'

const other = { state: 'ok', measurements: 1, age: 3, interval: 1 } as const

describe('another target', () => {
  it('says something about now for three of its intervals', () => {
    assert.equal(presentOther(other), other)
    assert.equal(presentOther({ ...other, age: 3.01 }), null)
    assert.notEqual(presentOther({ ...other, age: 15, interval: 5 }), null)
    assert.equal(presentOther(null), null)
  })

  it('is there while it is ok or degraded', () => {
    const there = STATES.filter((state) => presentOther({ ...other, state }) !== null)
    assert.deepEqual(there, ['ok', 'degraded'])
  })
})
