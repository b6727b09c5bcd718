import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { LimitOverrides } from '../../src/health/check.ts'
import { STREAM_CHECKS } from '../../src/health/checks/stream.ts'
import { refuseLimits } from '../../src/health/limits.ts'
import { present, RATES, Run } from './readings.ts'

const refused = (limits: LimitOverrides, message: RegExp) =>
  assert.throws(() => refuseLimits(limits, STREAM_CHECKS), { name: 'MonitorError', code: 'invalid-target', message })

describe('limits of one target', () => {
  it('may change any number of any check, or switch it off', () => {
    const limits = {
      videoIngestionStarved: { enter: 0.8, enterHold: 10 },
      timestampJump: { window: 600 },
      openGop: null,
    }
    assert.doesNotThrow(() => refuseLimits(limits, STREAM_CHECKS))
    for (const { type, limits: own } of STREAM_CHECKS) {
      assert.doesNotThrow(() => refuseLimits({ [type]: own }, STREAM_CHECKS), type)
    }
  })

  it('are refused for a check that there is not, with those that there are', () => {
    refused({ silence: {} }, /"silence"; there are streamOffline, .*gopSizeLong/)
    refused({ gopSizeTooLong: {} }, /"gopSizeTooLong", did you mean "gopSizeLong"\?$/)
    refused({ toString: {} }, /"toString"/)
  })

  it('are refused where they would end before they begin', () => {
    refused({ videoIngestionStarved: { enter: 0.99 } }, /begins at 0\.99 and ends at 0\.98/)
    refused({ driftDeviation: { enter: 0.4 } }, /begins at 0\.4 and ends at 0\.5/)
    assert.doesNotThrow(() => refuseLimits({ driftDeviation: { enter: 0.5 } }, STREAM_CHECKS))
  })

  it('are refused where they are out of range, or the check has none', () => {
    refused({ driftDeviation: { enterHold: -1 } }, /enterHold is -1/)
    refused({ driftDeviation: { clearHold: 86_400 } }, /clearHold is 86400/)
    refused({ timestampJump: { window: 601 } }, /window is 601/)
    refused({ timestampJump: { window: 0 } }, /window is 0/)
    refused({ streamStalled: { enter: 3 } }, /it has no enter/)
    refused({ driftDeviation: { enter: null } }, /enter is missing/)
    refused({ driftDeviation: { enter: Number.NaN } }, /enter is NaN/)
  })

  it('switch a check off for good', () => {
    const starved = present({ window: { ...RATES, realtimeRatio: 0.5 } })
    assert.deepEqual(new Run({ limits: { videoIngestionStarved: null } }).times(60, starved).log, [])
  })
})
