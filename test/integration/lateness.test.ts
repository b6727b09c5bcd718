import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { watch } from './watched.ts'

describe('a monitor that is late itself', () => {
  it('does not take that for a stall of the stream', async () => {
    const server = await startNginxRtmp()
    const publisher = await startPublisher(server.url('live/x'))
    const watched = watch(server.url('live/x'))
    try {
      await watched.until('present', 15)
      // Nothing of this process runs for 4 s, twice the stall time.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 4000)
      const reading = watched.read()
      assert.equal(reading.outcome === 'unknown' && reading.code, 'loop-late')
      assert.equal(reading.measurements.up, null)
      await watched.until('present', 2)
      await new Promise((resolve) => setTimeout(resolve, 1500))
      assert.deepEqual(
        watched.changes.map(({ said }) => said),
        ['present'],
      )
      assert.equal(watched.read().measurements.total.timestampFaults.gap, 0)
    } finally {
      await watched.stop()
      await publisher.kill()
      await server.stop()
    }
  })
})
