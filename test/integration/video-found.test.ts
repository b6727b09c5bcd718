import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type Publisher, startPublisher } from '../fixtures/publishers.ts'
import { startFfmpegListener } from '../fixtures/servers/ffmpeg-listen.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import type { RtmpServer } from '../fixtures/servers/server.ts'
import { BUILDS, watch } from './watched.ts'

const GOPS = [0.5, 2, 4, 10]

/** Seconds: the longest wait for a key frame, and what it takes to connect and to see the next one. */
const patience = (gop: number) => gop + 8

describe('video is found', { concurrency: true }, () => {
  for (const start of [startNginxRtmp, startNodeMediaServer]) {
    describe(`a stream on ${start === startNginxRtmp ? 'nginx-rtmp, without a GOP cache' : 'node-media-server'}`, {
      concurrency: true,
    }, () => {
      let server: RtmpServer
      const publishers: Publisher[] = []
      before(async () => {
        server = await start()
        for (const gop of GOPS) publishers.push(await startPublisher(server.url(`live/gop${gop * 10}`), { gop }))
      })
      after(async () => {
        await Promise.all(publishers.map((publisher) => publisher.kill()))
        await server?.stop()
      })
      for (const gop of GOPS) {
        for (const [build, ffprobe] of Object.entries(BUILDS)) {
          it(`shows video and its GOP of ${gop} s to the ${build} ffprobe`, async () => {
            const watched = watch(server.url(`live/gop${gop * 10}`), { ffprobe })
            try {
              await watched.until('present', patience(gop))
              assert.equal(watched.read().measurements.tracks.video, true)
              assert.equal(watched.read().measurements.tracks.audio, true)
              await watched.until(({ measurements }) => measurements.total.keyframes > 1, gop + 4)
              const { keyframeInterval, up } = watched.read().measurements
              assert.equal(up, true)
              assert.ok(Math.abs((keyframeInterval ?? 0) - gop) < 0.1, `measured ${keyframeInterval} s`)
            } finally {
              await watched.stop()
            }
          })
        }
      }
    })
  }

  describe('a stream that a plain ffmpeg -listen 1 serves', { concurrency: true }, () => {
    for (const gop of GOPS) {
      it(`shows video and its GOP of ${gop} s`, async () => {
        const listener = await startFfmpegListener({ gop })
        const watched = watch(listener.url)
        try {
          await watched.until('present', patience(gop))
          await watched.until(({ measurements }) => measurements.total.keyframes > 1, gop + 4)
          assert.ok(Math.abs((watched.read().measurements.keyframeInterval ?? 0) - gop) < 0.1)
        } finally {
          await watched.stop()
          await listener.kill()
        }
      })
    }

    it('is watched again when it listens anew, with no connection spoilt by a mere try', async () => {
      const first = await startFfmpegListener()
      const watched = watch(first.url)
      try {
        await watched.until('present', 15)
        await first.kill()
        await watched.until('absent', 10)
        await watched.until('absent refused', 15)
        const second = await startFfmpegListener({ port: first.port })
        try {
          await watched.until('present', 15)
          assert.ok(second.running)
        } finally {
          await second.kill()
        }
      } finally {
        await watched.stop()
        await first.kill()
      }
    })
  })
})
