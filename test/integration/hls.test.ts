import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import { watchStream } from '../faults/watched-stream.ts'
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

  it('is off when somebody says that it is over, and is not fetched', { timeout: 90_000 }, async () => {
    const again = await startHls()
    const state = new MonitorState('hls-event', KINDS)
    const url = `http://127.0.0.1:${again.port}/event.m3u8`
    const watched = watchStream({ name: 'event', url, target: { expected: 'manual' }, state })
    try {
      await watched.untilObserved(({ measurements: { up } }) => up === true, 25)
      again.end()
      await watched.untilObserved((observation) => observation.state === 'down', 20)
      watched.expect(false)
      await watched.untilObserved((observation) => observation.state === 'off', 10)
      const fetched = again.asked.filter((path) => path.endsWith('.ts')).length
      await sleep(NEXT_LOOK * 1000)
      assert.equal(watched.state(), 'off')
      assert.equal(again.asked.filter((path) => path.endsWith('.ts')).length, fetched)
      assert.equal(
        watched.said.some(({ issue }) => issue.type === 'streamFlapping'),
        false,
      )
    } finally {
      await watched.stop()
      await again.stop()
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

describe('what a web server has', { concurrency: true }, () => {
  let server: HlsServer
  before(async () => {
    const file = { 'Content-Type': 'video/mp2t', 'Accept-Ranges': 'bytes', 'Content-Length': 188 * 20_000 }
    server = await startHls(() => ({
      '/manifest(format=m3u8-aapl)': (response, live) => void response.end(live),
      '/called/anything.flv': (response, live) =>
        void response.writeHead(200, { 'Content-Type': 'video/x-flv' }).end(live),
      '/moved': { to: '/manifest(format=m3u8-aapl)' },
      '/recording.ts': (response) => void response.writeHead(200, file).write(Buffer.alloc(188 * 100, 0x47)),
    }))
  })
  after(() => server.stop())

  for (const path of ['/manifest(format=m3u8-aapl)', '/called/anything.flv', '/moved']) {
    it(`is known to be HLS by what it says: ${path}`, { timeout: 60_000 }, async () => {
      const watched = watch(`http://127.0.0.1:${server.port}${path}`)
      try {
        await watched.until('present', 25)
        await sleep(8000)
        assert.equal(watched.said(), 'present')
        const said = watched.changes.map((change) => change.said)
        assert.equal(said.includes('absent stalled'), false, said.join(', '))
      } finally {
        await watched.stop()
      }
    })
  }

  it('is a recording where it is a file of a fixed length', { timeout: 30_000 }, async () => {
    const watched = watch(`http://127.0.0.1:${server.port}/recording.ts`)
    try {
      await watched.until('absent ended', 10)
      const reading = watched.read()
      assert.match('message' in reading ? (reading.message ?? '') : '', /a file of a fixed length/)
    } finally {
      await watched.stop()
    }
  })
})
