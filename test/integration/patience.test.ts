import { describe, it } from 'node:test'
import { startPublisher } from '../fixtures/publishers.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { testBadPeers } from './peer-cases.ts'
import { testTracks } from './track-cases.ts'
import { watch } from './watched.ts'

// Together, because all of it is waiting.
describe('what only time tells', { concurrency: true }, () => {
  testTracks()
  testBadPeers('slow')

  describe('a stream', () => {
    it('is absent when the server freezes, and not for ever connected', async () => {
      const server = await startNginxRtmp()
      const publisher = await startPublisher(server.url('live/x'))
      const watched = watch(server.url('live/x'))
      try {
        await watched.until('present', 15)
        server.process.freeze()
        await watched.until('absent stalled', 3)
        await watched.until('absent timeout', 30)
      } finally {
        await watched.stop()
        await publisher.kill()
        await server.stop()
      }
    })
  })
})
