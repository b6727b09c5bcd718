/** What the programs that are there cannot read, though they take it for something. */
import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type HttpFlv, startHttpFlv } from '../fixtures/servers/http-flv.ts'
import { BUILDS, watch } from './watched.ts'

/** As OBS 30 sends it by Enhanced RTMP: HEVC with B-frames, 30 pictures a second, AAC. */
const HEVC = fileURLToPath(new URL('../fixtures/media/hevc-bframes-enhanced.flv', import.meta.url))

describe('HEVC with B-frames in FLV', { concurrency: true }, () => {
  let server: HttpFlv
  before(async () => {
    server = await startHttpFlv(HEVC)
  })
  after(() => server?.stop())

  for (const [what, options] of [
    ['the static ffprobe', { ffprobe: BUILDS.static }],
    ['the ffprobe of Debian 12', { ffprobe: BUILDS.system }],
    ['the ffmpeg of Debian 12', { ffprobe: BUILDS.system, checks: 'content' }],
  ] as const) {
    it(`is said to be beyond ${what}, which is not started for it again and again`, async () => {
      const watched = watch(server.url, { ...options, reader: 'ffprobe' })
      try {
        await watched.until('unknown unsupported', 60)
        const reading = watched.read()
        const message = reading.outcome === 'unknown' ? reading.message : ''
        assert.match(message, /^This ffprobe \S+ cannot read HEVC.* over HTTP-FLV; 6\.1 and newer can/)
        const { sessions } = reading.measurements.total
        // Three times as long as an expected stream is left alone for.
        await sleep(6000)
        assert.equal(watched.said(), 'unknown unsupported')
        assert.deepEqual(watched.read().measurements.total.sessions, sessions)
      } finally {
        await watched.stop()
      }
    })
  }
})
