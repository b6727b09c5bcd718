import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { scoreOf, stateOf } from '../../src/health/score.ts'

describe('state', () => {
  it('is ok when media was measured and no issue is worse than info', () => {
    assert.equal(stateOf('present', true, []), 'ok')
    assert.equal(stateOf('present', true, ['info', 'info']), 'ok')
  })

  it('is degraded with a warning or an error', () => {
    assert.equal(stateOf('present', true, ['warning']), 'degraded')
    assert.equal(stateOf('present', false, ['info', 'error']), 'degraded')
  })

  it('is down when there is no media and it is expected, off when it is not', () => {
    assert.equal(stateOf('absent', true, []), 'down')
    assert.equal(stateOf('absent', false, ['error']), 'off')
  })

  it('is unknown when nothing was measured, whatever is active or expected', () => {
    assert.equal(stateOf('unknown', true, ['error']), 'unknown')
    assert.equal(stateOf('unknown', false, []), 'unknown')
  })
})

describe('score', () => {
  it('is 100 less what the issues weigh', () => {
    assert.equal(scoreOf('ok', []), 100)
    assert.equal(scoreOf('degraded', [40, 10]), 50)
    assert.equal(scoreOf('ok', [2]), 98)
  })

  it('keeps 0 for down, so that many issues leave 1', () => {
    assert.equal(scoreOf('degraded', [60, 60, 40]), 1)
    assert.equal(scoreOf('down', []), 0)
  })

  it('is absent while unknown or off', () => {
    assert.equal(scoreOf('unknown', [40]), null)
    assert.equal(scoreOf('off', []), null)
  })
})
