/** The ways to a stream over HLS: which variant, by which address, with which credentials, over which connections. */
import assert from 'node:assert/strict'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { execa } from 'execa'
import { LOOKS } from '../../src/ffmpeg/looks.ts'
import { type Certificate, selfSignedCertificate } from '../fixtures/certificate.ts'
import { type HlsServer, startHls } from '../fixtures/servers/hls.ts'
import { type Watched, type WatchedOptions, watch } from './watched.ts'

const KEY = 'verysecretkey'
const LOGIN = `Basic ${Buffer.from('me:secret').toString('base64')}`

const firstOf = (live: string) => Number(/SEQUENCE:(\d+)/.exec(live)?.[1])
const named = (live: string, name: (sequence: number) => string) => {
  let sequence = firstOf(live)
  return live.replace(/^\/\d+\.ts$/gm, () => name(sequence++))
}

describe('HLS', { concurrency: 3 }, () => {
  let server: HlsServer
  let secure: https.Server
  let other: http.Server
  let certificate: Certificate
  let securePort = 0
  let otherPort = 0
  /** What another server was sent. */
  const heard: (string | undefined)[] = []

  before(async () => {
    // Another host: it has everything that the first one has, and hears what it is sent.
    other = http.createServer((request, response) => {
      heard.push(request.headers.authorization)
      http.get({ port: server.port, path: request.url }, (answer) => {
        response.writeHead(answer.statusCode ?? 500)
        answer.pipe(response)
      })
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.2', resolve))
    otherPort = (other.address() as AddressInfo).port
    server = await startHls((_port, segment) => {
      const variant = (bandwidth: number, height: number, uri: string) =>
        `#EXT-X-STREAM-INF:BANDWIDTH=${bandwidth},RESOLUTION=${Math.round((height * 16) / 9)}x${height}\n${uri}\n`
      return {
        '/ladder.m3u8': `#EXTM3U\n${variant(900_000, 180, '/big.m3u8')}${variant(100_000, 90, '/low.m3u8')}`,
        '/big.m3u8': (response, live) => void response.end(named(live, (sequence) => `/big${sequence}.ts`)),
        '/low.m3u8': (response, live) => void response.end(live),
        '/moved.m3u8': (response) =>
          void response.writeHead(302, { Location: `http://127.0.0.2:${otherPort}/away/live.m3u8` }).end(),
        '/away/live.m3u8': (response, live) => void response.end(named(live, (sequence) => `../${sequence}.ts`)),
        '/sent.m3u8': (response, live) => void response.end(named(live, (sequence) => `/sent/${sequence}.ts`)),
        '/sent/*': (response, _live, { url = '' }) =>
          void response.writeHead(307, { Location: url.replace('/sent/', '/') }).end(),
        '/login.m3u8': (response, live, { headers }) => {
          if (headers.authorization !== LOGIN) response.writeHead(401).end()
          else response.end(named(live, (sequence) => `/login/${sequence}.ts`))
        },
        '/login/*': (response, _live, { url = '', headers }) => {
          if (headers.authorization !== LOGIN) response.writeHead(401).end()
          else response.end(segment(url.replace('/login/', '')))
        },
      }
    })
    certificate = await selfSignedCertificate()
    secure = https.createServer({ key: certificate.key, cert: certificate.cert }, (request, response) => {
      http.get({ port: server.port, path: request.url }, (answer) => {
        response.writeHead(answer.statusCode ?? 500)
        answer.pipe(response)
      })
    })
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve))
    securePort = (secure.address() as AddressInfo).port
  })
  after(async () => {
    for (const one of [secure, other]) {
      one.closeAllConnections()
      one.close()
    }
    await server.stop()
    await certificate.remove()
  })

  async function seen(url: string, options: WatchedOptions, then: (watched: Watched) => unknown = () => {}) {
    const watched = watch(url, options)
    try {
      await watched.until('present', 25)
      await then(watched)
      assert.equal(watched.said(), 'present')
      const { stdout } = await execa('ps', ['-eo', 'args'])
      assert.equal(stdout.includes(KEY), false)
    } finally {
      await watched.stop()
    }
  }
  const at = (path: string) => `http://127.0.0.1:${server.port}${path}`
  const heightIs = (height: number) => (watched: Watched) =>
    watched.until(({ measurements }) => measurements.parameters?.video[0]?.height === height, 15)

  for (const [variant, height] of [
    [null, 180],
    ['90p', 90],
    ['120k', 90],
    ['2.5M', 180],
  ] as const) {
    it(`is watched in the variant ${variant ?? 'that is the best'}`, { timeout: 60_000 }, () =>
      seen(at('/ladder.m3u8'), { variant }, heightIs(height)),
    )
  }

  it('is not found where the playlist has no such variant, and says which it has', { timeout: 30_000 }, async () => {
    const watched = watch(at('/ladder.m3u8'), { variant: '720p' })
    try {
      await watched.until('absent not-found', 10)
      const reading = watched.read()
      const message = reading.outcome === 'absent' ? reading.message : ''
      assert.match(message ?? '', /no variant 720p.* it has 180p \(900k\), 90p \(100k\)/)
    } finally {
      await watched.stop()
    }
  })

  it('is followed where its playlist is sent on to another host', { timeout: 60_000 }, () =>
    seen(at(`/moved.m3u8?key=${KEY}`), {}),
  )

  it('is followed where its segments are sent on', { timeout: 60_000 }, () => seen(at(`/sent.m3u8?key=${KEY}`), {}))

  it('is let in by user and password, which no other host hears', { timeout: 60_000 }, async () => {
    const login = `http://me:secret@127.0.0.1:${server.port}`
    await seen(`${login}/login.m3u8`, {})
    await seen(`${login}/moved.m3u8`, {})
    assert.ok(heard.length > 3)
    assert.equal(
      heard.some((authorization) => authorization !== undefined),
      false,
    )
  })

  it('is refused without them', { timeout: 30_000 }, async () => {
    const watched = watch(at('/login.m3u8'))
    try {
      await watched.until('absent refused', 10)
      assert.match(JSON.stringify(watched.read()), /does not let us in/)
    } finally {
      await watched.stop()
    }
  })

  it('is refused over HTTPS for which nobody vouches, and says how to allow it', { timeout: 30_000 }, async () => {
    const watched = watch(`https://127.0.0.1:${securePort}/live.m3u8?at=/&key=${KEY}`)
    try {
      await watched.until('absent refused', 10)
      assert.match(JSON.stringify(watched.read()), /self-signed.*verifyTls/)
    } finally {
      await watched.stop()
    }
  })

  it('is watched over it where the target says so', { timeout: 60_000 }, () =>
    seen(`https://127.0.0.1:${securePort}/live.m3u8?at=/&key=${KEY}`, { verifyTls: false }),
  )

  it('has its content looked at now and then', { timeout: 90_000 }, () => {
    const looks = { ...LOOKS, first: 2, firstAtMost: 4, every: 30, atLeast: 3 }
    return seen(at(`/live.m3u8?at=/&key=${KEY}`), { checks: 'auto', programs: { looks } }, async (watched) => {
      await watched.until(({ measurements: { content } }) => content?.black === false, 50)
      await watched.until(({ measurements: { content } }) => content?.black !== false, 50)
      const { total } = watched.read().measurements
      assert.deepEqual(total.timestampFaults, { regression: 0, jump: 0, gap: 0 })
      assert.equal(total.publisherRestarts, 0)
    })
  })
})
