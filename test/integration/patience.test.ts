import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { relayTo, startPeer } from '../fixtures/peers.ts'
import { startPublisher } from '../fixtures/publishers.ts'
import { startHttpTs } from '../fixtures/servers/http-ts.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { testBadPeers } from './peer-cases.ts'
import { testTracks } from './track-cases.ts'
import { watch } from './watched.ts'

// Together, because all of it is waiting.
describe('what only time tells', { concurrency: true }, () => {
  testTracks()
  testBadPeers('slow')

  describe('a stream', { concurrency: true }, () => {
    it('is waited for on one connection where its source starts only with it, and takes 25 s', async () => {
      const server = await startNginxRtmp()
      const ends = [() => server.stop()]
      const slow = await startPeer((socket) => {
        socket.pause()
        setTimeout(() => relayTo(server.port)(socket), 25_000).unref()
      })
      ends.unshift(() => slow.stop())
      const waits = async (reader: 'auto' | 'ffprobe', says: RegExp) => {
        const watched = watch(`rtmp://127.0.0.1:${slow.port}/live/x`, { reader })
        try {
          await watched.until('absent timeout', 25)
          assert.match(JSON.stringify(watched.read()), says)
          await watched.until('present', 60)
          assert.deepEqual(watched.events, [], 'no session has ended')
        } finally {
          await watched.stop()
        }
      }
      try {
        const publisher = await startPublisher(server.url('live/x'))
        ends.unshift(() => publisher.kill())
        await Promise.all([
          waits('auto', /accepts the connection and then stays silent \(handshake\)/),
          waits('ffprobe', /no media: nobody publishes there, or its source is slow to start/),
        ])
      } finally {
        for (const end of ends) await end()
      }
    })

    it('is waited for over HTTP as well, for 45 s', async () => {
      const server = await startHttpTs({})
      const slow = await startPeer((socket) => {
        socket.pause()
        setTimeout(() => relayTo(Number(new URL(server.url).port))(socket), 45_000).unref()
      })
      const watched = watch(`http://127.0.0.1:${slow.port}/live`)
      try {
        await watched.until('present', 80)
        assert.deepEqual(watched.events, [], 'no session has ended')
      } finally {
        await watched.stop()
        await slow.stop()
        await server.stop()
      }
    })

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
