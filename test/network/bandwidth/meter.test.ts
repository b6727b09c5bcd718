import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Meter } from '../../../src/network/bandwidth/transfer.ts'
import { until } from '../../fixtures/wait.ts'

/** Nothing else in this process has its turn meanwhile, as on a machine that is busy. */
function block(seconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1000)
}

describe('The meter of a transfer', () => {
  it('goes on a little where the process had no turn for the whole time of the test', async () => {
    const meter = new Meter({ direction: 'up', seconds: 0.3, bytes: 1e9 })
    let isOver = false
    meter.onEnd(() => {
      isOver = true
    })
    meter.start()
    block(0.35)
    const adding = setInterval(() => meter.add(1000), 10)
    try {
      await until(() => isOver, 5, 'the meter ends')
      assert.equal(meter.result().outcome, 'measured')
    } finally {
      clearInterval(adding)
      meter.stop()
    }
  })
})
