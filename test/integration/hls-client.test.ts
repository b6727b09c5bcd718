import assert from 'node:assert/strict'
import { createCipheriv } from 'node:crypto'
import { after, before, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { execa } from 'execa'
import { type HlsServer, startHls } from '../fixtures/servers/hls.ts'
import { type Watched, type WatchedOptions, watch } from './watched.ts'

const KEY = Buffer.from('0123456789abcdef')
/** Segments of each stretch between two discontinuities. */
const STRETCH = 4

const firstOf = (live: string) => Number(/SEQUENCE:(\d+)/.exec(live)?.[1])
const named = (live: string, name: (sequence: number) => string) => {
  let sequence = firstOf(live)
  return live.replace(/^\/\d+\.ts$/gm, () => name(sequence++))
}

/** Another clock after every stretch, as with advertisements, and announced. */
function withBreaks(live: string): string {
  const first = firstOf(live)
  const passed = Math.floor(first / STRETCH)
  const segments = [0, 1, 2, 3].map((index) => {
    const sequence = first + index
    const stretch = Math.floor(sequence / STRETCH)
    const begins = sequence % STRETCH === 0 && index > 0
    return `${begins ? '#EXT-X-DISCONTINUITY\n' : ''}#EXTINF:1.0,\n/${(sequence + (stretch % 2) * 30) % 60}.ts\n`
  })
  const head = live.slice(0, live.indexOf('#EXTINF'))
  // The one that begins the list is counted by the sequence.
  return `${head}#EXT-X-DISCONTINUITY-SEQUENCE:${passed}\n${segments.join('')}`
}

describe('HLS by our own client', { concurrency: 4 }, () => {
  let server: HlsServer
  before(async () => {
    server = await startHls((_port, segment) => {
      const send = (text: string) => (response: import('node:http').ServerResponse) => void response.end(text)
      const variant = (bandwidth: number, size: string) =>
        `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth},RESOLUTION=${size},AUDIO="sound"`
      return {
        '/ladder.m3u8': send(
          `#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="sound",NAME="a",DEFAULT=YES,URI="/sound.m3u8"\n${variant(100_000, '160x90')}\n/low.m3u8\n${variant(900_000, '320x180')}\n/big.m3u8\n${variant(500_000, '240x136')}\n/middle.m3u8\n`,
        ),
        '/big.m3u8': (response, live) => void response.end(named(live, (sequence) => `/big${sequence}.ts`)),
        '/sound.m3u8': (response, live) => void response.end(named(live, (sequence) => `/sound${sequence}.ts`)),
        '/breaks.m3u8': (response, live) => void response.end(withBreaks(live)),
        '/aes.m3u8': (response, live) =>
          void response.end(
            named(live, (sequence) => `/aes/${sequence}.ts`).replace(
              '#EXTINF',
              '#EXT-X-KEY:METHOD=AES-128,URI="/key"\n#EXTINF',
            ),
          ),
        '/key': (response) => void response.end(KEY),
        '/aes/*': (response, _live, { url = '' }) => {
          const sequence = Number(/(\d+)\.ts$/.exec(url)?.[1])
          const vector = Buffer.alloc(16)
          vector.writeUInt32BE(sequence, 12)
          const cipher = createCipheriv('aes-128-cbc', KEY, vector)
          response.end(Buffer.concat([cipher.update(segment(`${sequence}.ts`)), cipher.final()]))
        },
        '/fmp4.m3u8': (response, live) =>
          void response.end(
            named(live, (sequence) => `/${sequence}.m4s`).replace('#EXTINF', '#EXT-X-MAP:URI="/init.mp4"\n#EXTINF'),
          ),
        '/ranges.m3u8': (response, live) => {
          const first = firstOf(live)
          const ranges = [0, 1, 2, 3].map((index) => {
            const length = segment(`${first + index}.ts`).length
            return `#EXTINF:1.0,\n#EXT-X-BYTERANGE:${length}@100\n/padded/${first + index}.ts\n`
          })
          response.end(live.slice(0, live.indexOf('#EXTINF')).replace('VERSION:3', 'VERSION:4') + ranges.join(''))
        },
        '/padded/*': (response, _live, { url = '', headers }) => {
          const whole = Buffer.concat([Buffer.alloc(100), segment(url.replace('/padded/', '')), Buffer.alloc(100)])
          const [, from, to] = /bytes=(\d+)-(\d+)/.exec(headers.range ?? '') ?? []
          if (from === undefined) response.end(whole)
          else response.writeHead(206).end(whole.subarray(Number(from), Number(to) + 1))
        },
        '/cookie.m3u8': (response, live) =>
          void response
            .writeHead(200, { 'Set-Cookie': 'token=secret; Path=/; HttpOnly' })
            .end(named(live, (sequence) => `/guarded/${sequence}.ts`)),
        '/guarded/*': (response, _live, { url = '', headers }) => {
          if (headers.cookie !== 'token=secret') response.writeHead(403).end()
          else response.end(segment(url.replace('/guarded/', '')))
        },
        '/low-latency.m3u8': (response, live) =>
          void response.end(
            `${live.replace('VERSION:3', 'VERSION:9\n#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.0\n#EXT-X-PART-INF:PART-TARGET=0.33')}#EXT-X-PART:DURATION=0.33,URI="part.ts"\n#EXT-X-PRELOAD-HINT:TYPE=PART,URI="next.ts"\n`,
          ),
        '/gaps.m3u8': (response, live) =>
          void response.end(live.replace('VERSION:3', 'VERSION:8').replace('#EXTINF', '#EXT-X-GAP\n#EXTINF')),
      }
    })
  })
  after(() => server.stop())

  async function seen(path: string, then: (watched: Watched) => unknown, options: WatchedOptions = {}): Promise<void> {
    const watched = watch(`http://127.0.0.1:${server.port}${path}`, options)
    try {
      await watched.until('present', 25)
      await watched.until(({ measurements }) => measurements.last10s.framesPerSecond !== null, 20)
      await then(watched)
      assert.equal(watched.said(), 'present')
      const { total } = watched.read().measurements
      assert.deepEqual(total.timestampFaults, { regression: 0, jump: 0, gap: 0 })
      assert.equal(total.publisherRestarts, 0)
    } finally {
      await watched.stop()
    }
  }
  const frames = ({ read }: Watched) => read().measurements.last10s.framesPerSecond ?? 0
  const isNear = (value: number, expected: number) => assert.ok(Math.abs(value / expected - 1) < 0.03, String(value))

  it('reads the best of several variants, with its sound, and nothing of the others', { timeout: 90_000 }, () =>
    seen('/ladder.m3u8', async (watched) => {
      await watched.until(({ measurements }) => measurements.parameters !== null, 10)
      const { parameters, tracks } = watched.read().measurements
      assert.deepEqual(
        parameters?.video.map(({ height }) => height),
        [180],
      )
      assert.deepEqual(
        parameters?.audio.map(({ codec }) => codec),
        ['aac'],
      )
      assert.equal(parameters?.format, 'hls')
      assert.deepEqual(tracks, { video: true, audio: true })
      isNear(frames(watched), 25)
      assert.equal(
        server.asked.some((asked) => /low|middle/.test(asked)),
        false,
      )
    }),
  )

  it('goes on over discontinuities that are announced', { timeout: 90_000 }, () =>
    seen('/breaks.m3u8', async (watched) => {
      await sleep(3 * STRETCH * 1000)
      isNear(frames(watched), 25)
    }),
  )

  for (const path of ['/aes.m3u8', '/fmp4.m3u8', '/ranges.m3u8', '/cookie.m3u8', '/low-latency.m3u8', '/gaps.m3u8']) {
    it(`reads ${path.slice(1, -5)}`, { timeout: 60_000 }, () => seen(path, (watched) => isNear(frames(watched), 25)))
  }

  it('shows no address in any process list, and asks again over the same connection', { timeout: 60_000 }, () =>
    seen('/live.m3u8?at=/&key=verysecret', async () => {
      const { stdout } = await execa('ps', ['-eo', 'args'])
      assert.equal(stdout.includes('verysecret'), false)
      const { requests, connections } = server.askedFor('/live.m3u8?at=/&key=verysecret')
      assert.ok(requests > 6, `${requests} playlists`)
      // The first one is to see what is there.
      assert.ok(connections <= 2, `${connections} connections`)
    }),
  )

  it('looks at the content of what it has fetched', { timeout: 90_000 }, () =>
    seen(
      '/ladder.m3u8',
      (watched) =>
        watched.until(({ measurements: { content } }) => content?.black === false && content.silent === false, 20),
      { checks: 'content' },
    ),
  )
})
