import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { startPublisher } from '../fixtures/publishers.ts'
import { type NginxRtmp, startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { watch } from './watched.ts'

const READERS = ['auto', 'ffprobe'] as const

/** Seconds: the analysis of 15 s in the session, and again in the inspection that looks a second time. */
const TWO_LOOKS = 45

export function testTracks(): void {
  describe('the tracks of a stream', { concurrency: true }, () => {
    let server: NginxRtmp
    before(async () => {
      server = await startNginxRtmp()
    })
    after(() => server?.stop())

    const looks = (['video', 'audio'] as const).flatMap((other) => READERS.map((reader) => ({ other, reader })))
    for (const { other, reader } of looks) {
      it(`are said to lack ${other} only after a second look (${reader})`, async () => {
        const medium = other === 'video' ? 'audio' : 'video'
        const url = server.url(`live/only-${medium}-${reader}`)
        const publisher = await startPublisher(url, { [other]: false })
        const watched = watch(url, { reader })
        try {
          await watched.until('present', 30)
          assert.equal(watched.read().measurements.tracks[other], null)
          await watched.until(({ measurements }) => measurements.tracks[other] !== null, TWO_LOOKS)
          const { measurements } = watched.read()
          assert.equal(measurements.tracks[other], false)
          assert.equal(measurements.tracks[medium], true)
          assert.equal(measurements.parameters?.[medium].length, 1)
          assert.equal(measurements.up, true)
        } finally {
          await watched.stop()
          await publisher.kill()
        }
      })
    }

    const seen = { auto: ['ended', 'restart'], ffprobe: ['restart', 'killed'] } as const
    for (const reader of READERS) {
      it(`are seen when another publisher adds video, whatever the session before was blind to (${reader})`, async () => {
        const url = server.url(`live/grows-${reader}`)
        const publisher = await startPublisher(url, { video: false })
        const watched = watch(url, { reader })
        try {
          await watched.until('present', 30)
          await publisher.kill()
          const second = await startPublisher(url, { gop: 2 })
          try {
            await watched.until(({ measurements }) => measurements.tracks.video === true, 20)
            await watched.until('present', 15)
            assert.deepEqual(
              watched.events.map((event) => (event.event === 'session' ? event.to : event.event)),
              seen[reader],
            )
          } finally {
            await second.kill()
          }
        } finally {
          await watched.stop()
          await publisher.kill()
        }
      })
    }

    it('are soon known where audio is all that is asked for', async () => {
      const url = server.url('live/radio')
      const publisher = await startPublisher(url, { video: false })
      const watched = watch(url, { media: 'audio' })
      try {
        const seconds = await watched.until('present', 12)
        assert.ok(seconds < 8, `${seconds} s`)
      } finally {
        await watched.stop()
        await publisher.kill()
      }
    })
  })
}
