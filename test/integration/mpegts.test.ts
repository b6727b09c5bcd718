import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { freePort } from '../fixtures/ports.ts'
import { startPublisher } from '../fixtures/publishers.ts'
import { BUILDS, watch } from './watched.ts'

describe('MPEG-TS with a table of services, as ffmpeg and most packagers write it', { concurrency: true }, () => {
  for (const [build, ffprobe] of Object.entries(BUILDS)) {
    it(`is read by the ${build} ffprobe`, async () => {
      const url = `http://127.0.0.1:${await freePort()}/live.ts`
      const publisher = await startPublisher(url, {
        format: 'mpegts',
        outputOptions: ['-listen', '1'],
        waitUntilSending: false,
      })
      const watched = watch(url, { ffprobe })
      try {
        await watched.until('present', 20)
        await watched.until(({ measurements }) => measurements.total.video.packets > 60, 10)
        assert.equal(watched.read().measurements.total.sessions.crashed, 0)
      } finally {
        await watched.stop()
        await publisher.kill()
      }
    })
  }
})
