import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type HlsServer, startHls } from '../fixtures/servers/hls.ts'
import { until } from '../fixtures/wait.ts'
import { watch } from './watched.ts'

/** Seconds in which a recording is looked at again, at the latest. */
const NEXT_LOOK = 10

describe('an event over HLS whose recording stays where it was', () => {
  let server: HlsServer
  before(async () => {
    server = await startHls(() => ({ '/vod.m3u8': '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nevent.m3u8\n' }))
  })
  after(() => server.stop())

  const segments = () => server.asked.filter((path) => path.endsWith('.ts')).length

  it('ends once, and is not fetched any more', { timeout: 90_000 }, async () => {
    const watched = watch(`http://127.0.0.1:${server.port}/event.m3u8`)
    try {
      await watched.until('present', 25)
      server.end()
      await watched.until('absent ended', 20)
      const looks = server.asked.filter((path) => path === '/event.m3u8').length
      await until(
        () => server.asked.filter((path) => path === '/event.m3u8').length > looks,
        NEXT_LOOK,
        'it is looked at again',
      )
      const fetched = segments()
      await sleep(NEXT_LOOK * 500)
      assert.equal(segments(), fetched)
      const said = watched.changes.map((change) => change.said)
      assert.equal(said.filter((one) => one === 'present').length, 1, said.join(', '))
      const reading = watched.read()
      assert.match('message' in reading ? (reading.message ?? '') : '', /EXT-X-ENDLIST.* recording/)
    } finally {
      await watched.stop()
    }
  })

  it('is not taken for live by whoever comes later', { timeout: 60_000 }, async () => {
    server.end()
    const before = segments()
    const watched = watch(`http://127.0.0.1:${server.port}/vod.m3u8`)
    try {
      await watched.until('absent ended', 10)
      await sleep(3000)
      assert.deepEqual([watched.said(), segments()], ['absent ended', before])
    } finally {
      await watched.stop()
    }
  })
})
