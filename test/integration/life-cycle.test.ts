import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import { watch } from './watched.ts'

/** Seconds within which an operator is to know. */
const SOON = 3

describe('the life of a stream', { concurrency: true }, () => {
  for (const [name, start] of [
    ['nginx-rtmp', startNginxRtmp],
    ['node-media-server', startNodeMediaServer],
  ] as const) {
    describe(`a watched stream on ${name}`, { concurrency: true }, () => {
      it('is present within 3 s of its publisher, absent within 3 s of the death of it, and present again', async () => {
        const server = await start()
        const watched = watch(server.url('live/x'))
        let publisher: Awaited<ReturnType<typeof startPublisher>> | null = null
        try {
          // The session is held while nobody publishes.
          await watched.until(({ measurements }) => measurements.connectSeconds === null, 1)
          assert.equal(watched.said(), 'unknown connecting')
          publisher = await startPublisher(server.url('live/x'))
          await watched.until('present', SOON)
          assert.equal(watched.read().measurements.up, true)
          await watched.until(({ measurements }) => measurements.parameters !== null, 10)
          await publisher.kill()
          await watched.until('absent', SOON)
          assert.equal(watched.read().measurements.up, false)
          publisher = await startPublisher(server.url('live/x'), { size: '640x360' })
          await watched.until('present', SOON)
          assert.equal(watched.read().measurements.total.publisherRestarts, 1)
          assert.deepEqual(watched.read().measurements.total.timestampFaults, { regression: 0, jump: 0, gap: 0 })
          await watched.until(({ measurements }) => measurements.parameterChanges.length > 0, 15)
          assert.deepEqual(watched.read().measurements.parameterChanges.slice(0, 1), ['video size: 320×180 → 640×360'])
        } finally {
          await watched.stop()
          await publisher?.kill()
          await server.stop()
        }
      })

      it('stalls when its publisher freezes, and goes on when it thaws', async () => {
        const server = await start()
        const publisher = await startPublisher(server.url('live/x'))
        const watched = watch(server.url('live/x'))
        try {
          await watched.until('present', 8)
          publisher.freeze()
          await watched.until('absent stalled', SOON)
          publisher.resume()
          await watched.until('present', SOON)
          assert.deepEqual(watched.events, [])
        } finally {
          await watched.stop()
          await publisher.kill()
          await server.stop()
        }
      })

      it('ends with its server, is refused, and is present again when the server is back', async () => {
        const server = await start()
        const publisher = await startPublisher(server.url('live/x'))
        const watched = watch(server.url('live/x'))
        try {
          await watched.until('present', 8)
          await server.process.kill()
          await watched.until('absent', 1)
          await watched.until('absent refused', SOON)
          const said = watched.changes.map((change) => change.said)
          assert.deepEqual(
            said.filter((each) => each.startsWith('absent')),
            ['absent ended', 'absent refused'],
          )
          const back = await start({ port: server.port })
          const again = await startPublisher(back.url('live/x'))
          try {
            await watched.until('present', 8)
            const { sessions } = watched.read().measurements.total
            assert.equal(sessions.ended, 1)
            assert.ok(sessions.refused >= 1)
          } finally {
            await again.kill()
            await back.stop()
          }
        } finally {
          await watched.stop()
          await publisher.kill()
          await server.stop()
        }
      })
    })
  }

  describe('node-media-server, which keeps the cache of a dead publisher for 30 s', () => {
    it('does not make a new session believe in it', async () => {
      const server = await startNodeMediaServer()
      const publisher = await startPublisher(server.url('live/x'), { gop: 10 })
      await new Promise((resolve) => setTimeout(resolve, 3000))
      await publisher.kill()
      const watched = watch(server.url('live/x'))
      try {
        // The cache does come: without the wait for more, this would be a stream.
        await watched.until(({ measurements }) => measurements.total.video.packets > 10, 15)
        await watched.until((reading) => (reading.measurements.lastPacketAge ?? 0) > 3, 15)
        assert.deepEqual(
          watched.changes.filter(({ said }) => said === 'present'),
          [],
        )
      } finally {
        await watched.stop()
        await server.stop()
      }
    })
  })
})
