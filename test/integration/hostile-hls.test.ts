import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { type HlsServer, startHls } from '../fixtures/servers/hls.ts'
import { until } from '../fixtures/wait.ts'
import { BUILDS, watch } from './watched.ts'

const media = (uri: string) =>
  `#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:1\n#EXT-X-MEDIA-SEQUENCE:1\n${uri}#EXTINF:1.0,\n0.ts\n#EXTINF:1.0,\n1.ts\n`
const master = (uri: string) => `#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=800000\n${uri}\n`

for (const [build, ffprobe] of Object.entries(BUILDS)) {
  describe(`a server of HLS that is up to something, read by the ${build} ffprobe`, { concurrency: 3 }, () => {
    let server: HlsServer
    before(async () => {
      server = await startHls((port) => ({
        '/self.m3u8': master('self.m3u8'),
        '/tree.m3u8': master('tree2.m3u8'),
        '/tree2.m3u8': master('tree3.m3u8'),
        '/tree3.m3u8': master('tree4.m3u8'),
        '/segment.m3u8': media('#EXTINF:1.0,\nfile:///etc/hostname\n'),
        '/map.m3u8': media('#EXT-X-MAP:URI="file:///etc/hostname"\n'),
        '/key.m3u8': media('#EXT-X-KEY:METHOD=AES-128,URI="file:///etc/hostname"\n'),
        '/variant.m3u8': master('file:///etc/hostname'),
        '/concat.m3u8': { to: `concat:http://127.0.0.1:${port}/0.ts|http://127.0.0.1:${port}/1.ts` },
        '/data.m3u8': { to: 'data:text/plain,x' },
        '/concat.flv': { to: `concat:http://127.0.0.1:${port}/0.ts|http://127.0.0.1:${port}/1.ts` },
        '/data.flv': { to: 'data:text/plain,x' },
        '/file.flv': { to: 'file:///etc/hostname' },
        '/named.m3u8': { to: `http://localhost:${port}/live.m3u8` },
      }))
    })
    after(() => server.stop())

    const refused: [string, RegExp][] = [
      ['/self.m3u8', /names a master playlist again/],
      ['/tree.m3u8', /names a master playlist again/],
      ['/segment.m3u8', /names a segment by "file:"/],
      ['/map.m3u8', /names a map by "file:"/],
      ['/key.m3u8', /names a key by "file:"/],
      ['/variant.m3u8', /names a variant by "file:"/],
      ['/concat.m3u8', /sends on to "concat:"/],
      ['/data.m3u8', /sends on to "data:"/],
      ['/concat.flv', /./],
      ['/data.flv', /./],
      ['/file.flv', /./],
    ]
    for (const [path, why] of refused) {
      it(`is down, and says why: ${path}`, async () => {
        const watched = watch(`http://127.0.0.1:${server.port}${path}`, { ffprobe })
        try {
          await until(
            () => watched.said() !== 'unknown connecting',
            20,
            () => `says ${watched.said()}`,
          )
          const reading = watched.read()
          assert.equal(watched.said(), 'absent refused', JSON.stringify(reading).slice(0, 300))
          assert.match('message' in reading ? (reading.message ?? '') : '', why)
        } finally {
          await watched.stop()
        }
      })
    }

    const measured: [string, (port: number) => string][] = [
      ['by its address', () => '/live.m3u8'],
      ['whose segments are at a host by its name', (port) => `/live.m3u8?at=http://localhost:${port}/`],
      ['that sends on to a host by its name', () => '/named.m3u8'],
    ]
    for (const [title, path] of measured) {
      it(`is measured ${title}`, async () => {
        const watched = watch(`http://127.0.0.1:${server.port}${path(server.port)}`, { ffprobe })
        try {
          await watched.until('present', 25)
        } finally {
          await watched.stop()
        }
      })
    }
  })
}

for (const [build, ffprobe] of Object.entries(BUILDS)) {
  describe(`where servers may not send on to private addresses, read by the ${build} ffprobe`, {
    concurrency: 3,
  }, () => {
    let server: HlsServer
    before(async () => {
      process.env.PRIVATE_ADDRESSES = 'refuse'
      server = await startHls((port) => ({
        '/redirect.m3u8': { to: `http://127.0.0.2:${port}/live.m3u8` },
        '/mapped.m3u8': { to: `http://[::ffff:127.0.0.2]:${port}/live.m3u8` },
        '/variant.m3u8': master(`http://127.0.0.2:${port}/live.m3u8`),
        '/decimal.m3u8': master(`http://2130706434:${port}/live.m3u8`),
        '/redirect.ts': { to: `http://127.0.0.2:${port}/0.ts` },
        '/back.m3u8': { to: `http://127.0.0.1:${port}/live.m3u8` },
      }))
    })
    after(async () => {
      delete process.env.PRIVATE_ADDRESSES
      await server.stop()
    })

    for (const [title, path] of [
      ['a redirect', () => '/redirect.m3u8'],
      ['a redirect to such an IPv4 address written as IPv6', () => '/mapped.m3u8'],
      ['a variant', () => '/variant.m3u8'],
      ['a variant by a number', () => '/decimal.m3u8'],
      ['segments', (port) => `/live.m3u8?at=http://127.0.0.2:${port}/`],
      ['a redirect of what is no playlist', () => '/redirect.ts'],
    ] satisfies [string, (port: number) => string][]) {
      it(`refuses ${title}, and says why`, async () => {
        const watched = watch(`http://127.0.0.1:${server.port}${path(server.port)}`, { ffprobe })
        try {
          await watched.until('absent refused', 30)
          const reading = watched.read()
          assert.match('message' in reading ? (reading.message ?? '') : '', /sends on to an address that is not public/)
        } finally {
          await watched.stop()
        }
      })
    }

    it('measures what leads back to the server that the target names, private as it is', async () => {
      const watched = watch(`http://127.0.0.1:${server.port}/back.m3u8`, { ffprobe })
      try {
        await watched.until('present', 25)
      } finally {
        await watched.stop()
      }
    })
  })
}
