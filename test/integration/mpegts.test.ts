import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { freePort } from '../fixtures/ports.ts'
import { startPublisher } from '../fixtures/publishers.ts'
import { startFfmpegListener } from '../fixtures/servers/ffmpeg-listen.ts'
import { startHttpTs } from '../fixtures/servers/http-ts.ts'
import { BUILDS, watch } from './watched.ts'

/** Seconds: the analysis takes 3, and the start of a process as long again where others fill the cores. */
const SOON = 9

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

  it('shows over SRT soon after a connection, and knows both tracks', async () => {
    const listener = await startFfmpegListener({ protocol: 'srt', gop: 10 })
    const watched = watch(listener.url, { ffprobe: BUILDS.system })
    try {
      await watched.until('present', SOON)
      await watched.until(({ measurements }) => measurements.total.video.packets > 60, 10)
      assert.deepEqual(watched.read().measurements.tracks, { video: true, audio: true })
    } finally {
      await watched.stop()
      await listener.kill()
    }
  })

  it('is inspected for longer where its key frames are far apart, so that its size is known', async () => {
    const server = await startHttpTs({ gop: 10 })
    const watched = watch(server.url, { ffprobe: BUILDS.system })
    try {
      await watched.until('present', SOON)
      await watched.until(({ measurements }) => measurements.parameters !== null, 40)
      const { parameters, total } = watched.read().measurements
      assert.equal(parameters?.video[0]?.width, 320)
      assert.equal(parameters?.audio[0]?.sampleRate, 48_000)
      assert.equal(
        Object.values(total.sessions).reduce((sum, ended) => sum + ended, 0),
        0,
        'no session was begun again',
      )
    } finally {
      await watched.stop()
      await server.stop()
    }
  })
})
