import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { STREAM_HANDOVER } from '../../src/stream/handover.ts'
import { measurements } from '../health/readings.ts'

describe('handover of a stream', () => {
  it('hands over values that stand, and none of a moment that was not measured', () => {
    const m = measurements({ newConnectSeconds: [0.4] })
    const blind = STREAM_HANDOVER.withoutValues(m)
    assert.deepEqual(
      [blind.up, blind.last10s.realtimeRatio, blind.keyframeInterval, blind.drift],
      [null, null, null, null],
    )
    assert.deepEqual([blind.total, blind.newConnectSeconds], [m.total, [0.4]])
    assert.deepEqual(STREAM_HANDOVER.withoutNews(m).newConnectSeconds, [])
    const older = measurements({ newConnectSeconds: Array.from({ length: 99 }, () => 1) })
    const merged = STREAM_HANDOVER.withNewsOf(older, measurements({ newConnectSeconds: [2, 3] })).newConnectSeconds
    assert.deepEqual([merged.length, merged.at(-1)], [100, 3])
  })
})
