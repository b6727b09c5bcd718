import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import { watch } from './watched.ts'

describe('the tracks of a stream', { concurrency: true }, () => {
  for (const [name, start] of [
    ['nginx-rtmp', startNginxRtmp],
    ['node-media-server', startNodeMediaServer],
  ] as const) {
    for (const lost of ['audio', 'video'] as const) {
      it(`say that ${lost} is missing when the next publisher on ${name} sends none, and that it is back`, async () => {
        const server = await start()
        const watched = watch(server.url('live/x'))
        let publisher = await startPublisher(server.url('live/x'))
        try {
          await watched.until(({ measurements: { tracks } }) => tracks.audio === true && tracks.video === true, 10)
          await publisher.kill()
          publisher = await startPublisher(server.url('live/x'), { [lost]: false })
          await watched.until(({ measurements: { tracks } }) => tracks[lost] === false, 20)
          await publisher.kill()
          publisher = await startPublisher(server.url('live/x'))
          await watched.until(({ measurements: { tracks } }) => tracks[lost] === true, 40)
          assert.equal(watched.read().outcome, 'present')
        } finally {
          await watched.stop()
          await publisher.kill()
          await server.stop()
        }
      })
    }
  }
})
