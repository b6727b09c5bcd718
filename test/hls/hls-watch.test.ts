import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { lookAtPlaylist, watchPlaylist } from '../../src/hls/hls-watch.ts'
import { BAD_WEB, startBadWeb } from '../fixtures/bad-web.ts'
import { until } from '../fixtures/wait.ts'

const MEDIA = '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-TARGETDURATION:4\n#EXTINF:4.000,\nx-7.ts\n'
const master = (...names: string[]) =>
  `#EXTM3U\n${names.map((name) => `#EXT-X-STREAM-INF:BANDWIDTH=1\n${name}\n`).join('')}`
const { signal } = new AbortController()

describe('a look at the playlists of a stream', () => {
  const ends: (() => unknown)[] = []
  after(() => Promise.all(ends.map((end) => end())))

  async function web(pages: Record<string, string | ((response: http.ServerResponse) => void)>) {
    const asked: string[] = []
    const server = http.createServer(({ url = '', headers }, response) => {
      asked.push(`${url} ${headers.authorization ?? ''}`.trim())
      const page = pages[url]
      if (page === undefined) response.writeHead(404).end()
      else if (typeof page === 'string') response.end(page)
      else page(response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    ends.push(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    return {
      asked,
      look: (path: string, user = '') => lookAtPlaylist(`http://${user}127.0.0.1:${port}${path}`, { signal }),
    }
  }
  const redirect = (to: string) => (response: http.ServerResponse) =>
    void response.writeHead(302, { Location: to }).end()

  it('finds the target duration, through a master and through redirects', async () => {
    const { look } = await web({ '/a': redirect('/b'), '/b': master('low/x.m3u8', 'gone.m3u8'), '/low/x.m3u8': MEDIA })
    assert.deepEqual(await look('/a'), { targetDuration: 4, fault: null, ended: false })
  })

  it('has the credentials of the address with it, as FFmpeg has', async () => {
    const { look, asked } = await web({ '/a.m3u8': master('x.m3u8'), '/x.m3u8': MEDIA })
    assert.deepEqual(await look('/a.m3u8', 'me:secret@'), { targetDuration: 4, fault: null, ended: false })
    assert.deepEqual(
      asked,
      ['/a.m3u8', '/x.m3u8'].map((path) => `${path} Basic ${btoa('me:secret')}`),
    )
  })

  it('takes the beginning of a playlist of hours', async () => {
    const { look } = await web({ '/a.m3u8': MEDIA + '#EXTINF:4.000,\nanother.ts\n'.repeat(50_000) })
    assert.deepEqual(await look('/a.m3u8'), { targetDuration: 4, fault: null, ended: false })
  })

  it('finds that the stream is over, at the end of a playlist of hours as well', async () => {
    const hours = MEDIA + '#EXTINF:4.000,\nanother.ts\n'.repeat(50_000)
    const { look } = await web({
      '/event.m3u8': `${hours}#EXT-X-ENDLIST\n`,
      '/going.m3u8': hours,
      '/some.m3u8': master('going.m3u8', 'event.m3u8'),
      '/all.m3u8': master('gone.m3u8', 'event.m3u8'),
      '/none.m3u8': master('gone.m3u8'),
    })
    const ended = async (path: string) => (await look(path)).ended
    assert.equal(await ended('/event.m3u8'), true)
    assert.equal(await ended('/going.m3u8'), false)
    assert.equal(await ended('/some.m3u8'), false)
    assert.equal(await ended('/all.m3u8'), true)
    assert.equal(await ended('/none.m3u8'), false)
  })

  it('finds a master that names itself, in any of its variants, and asks no more', async () => {
    for (const self of ['a.m3u8', '/a.m3u8', './a.m3u8#x']) {
      const { look, asked } = await web({ '/a.m3u8': master('good.m3u8', self), '/good.m3u8': MEDIA })
      assert.match((await look('/a.m3u8')).fault ?? '', /names a master playlist again/)
      assert.deepEqual(asked, ['/a.m3u8'])
    }
  })

  it('finds masters below a master, which may have another name each time', async () => {
    const { look, asked } = await web({
      '/a.m3u8': master('good.m3u8', 'b.m3u8'),
      '/good.m3u8': MEDIA,
      '/b.m3u8': redirect('/c.m3u8'),
      '/c.m3u8': master('d.m3u8'),
      '/d.m3u8': master('e.m3u8'),
    })
    assert.match((await look('/a.m3u8')).fault ?? '', /names a master playlist again/)
    assert.equal(asked.length, 4)
  })

  it('asks for no more than 17 playlists', async () => {
    const names = Array.from({ length: 500 }, (_, index) => `${index}.m3u8`)
    const { look, asked } = await web({ '/a.m3u8': master(...names) })
    await look('/a.m3u8')
    assert.equal(asked.length, 17)
  })

  it('finds what is no address of HTTP, in a variant and behind a redirect', async () => {
    const { look } = await web({
      '/a.m3u8': master('good.m3u8', 'bad.m3u8'),
      '/good.m3u8': MEDIA,
      '/bad.m3u8': `${MEDIA}#EXTINF:4,\nfile:///etc/passwd\n`,
      '/concat.m3u8': redirect('concat:http://a/|http://b/'),
      '/data.m3u8': redirect('data:text/plain,x'),
      '/file.m3u8': master('data.m3u8'),
    })
    assert.match((await look('/a.m3u8')).fault ?? '', /names a segment by "file:"/)
    assert.match((await look('/concat.m3u8')).fault ?? '', /sends on to "concat:"/)
    assert.match((await look('/file.m3u8')).fault ?? '', /sends on to "data:"/)
  })

  it('says nothing of what it could not read: ffprobe may know better', async () => {
    const { look } = await web({ '/loop.m3u8': redirect('/loop.m3u8') })
    const nothing = { targetDuration: null, fault: null, ended: false }
    assert.deepEqual(await look('/none.m3u8'), nothing)
    assert.deepEqual(await look('/loop.m3u8'), nothing)
    assert.deepEqual(await lookAtPlaylist('http://127.0.0.1:1/a.m3u8', { signal }), nothing)
    assert.deepEqual(await lookAtPlaylist('http://127.0.0.1:1/a.m3u8', { signal: AbortSignal.abort() }), nothing)
  })

  it('ends, and says nothing, whatever a server does', { timeout: 20_000 }, async () => {
    await Promise.all(
      Object.values(BAD_WEB).map(async (behave) => {
        const peer = await startBadWeb(behave)
        ends.push(peer.stop)
        const { fault } = await lookAtPlaylist(`http://127.0.0.1:${peer.port}/a.m3u8`, { signal })
        assert.equal(fault, null)
      }),
    )
  })

  describe('that is watched', () => {
    /** A server whose answers to the playlist are given, and every target duration that was found in them. */
    async function watched(answer: (request: number) => string | null, times?: { firstPause: number; every: number }) {
      let requests = 0
      const server = http.createServer((_, response) => {
        const text = answer(++requests)
        response.writeHead(text === null ? 404 : 200).end(text ?? '')
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const found: number[] = []
      const faults: string[] = []
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.m3u8`
      const { signal } = new AbortController()
      const watch = await watchPlaylist(
        url,
        { targetDuration: (seconds) => found.push(seconds), fault: (message) => faults.push(message) },
        { signal, ...times },
      )
      const stop = async () => {
        await watch.stop()
        server.closeAllConnections()
        server.close()
      }
      return { found, faults, requests: () => requests, stop }
    }

    it('has said its target duration when the watch begins', async () => {
      const { found, stop } = await watched(() => MEDIA)
      assert.deepEqual(found, [4])
      await stop()
    })

    it('is asked again where it was not there yet', async () => {
      const { found, stop } = await watched((request) => (request < 3 ? null : MEDIA), { firstPause: 0.01, every: 60 })
      assert.deepEqual(found, [])
      await until(() => found.length > 0, 5, 'the playlist is read')
      assert.deepEqual(found, [4])
      await stop()
    })

    it('says another target duration when an encoder changes its key frames, and the same one once', async () => {
      const { found, requests, stop } = await watched((request) => (request < 4 ? MEDIA : MEDIA.replaceAll('4', '8')), {
        firstPause: 0.01,
        every: 0.02,
      })
      await until(() => found.length > 1 && requests() > 6, 5, 'the playlist is read again')
      assert.deepEqual(found, [4, 8])
      await stop()
    })

    it('says once that it became one that must not be read, and is asked no more', async () => {
      const bad = `${MEDIA}#EXTINF:4,\nfile:///etc/passwd\n`
      const { found, faults, requests, stop } = await watched((request) => (request < 3 ? MEDIA : bad), {
        firstPause: 0.01,
        every: 0.01,
      })
      await until(() => faults.length > 0, 5, 'the fault is found')
      const asked = requests()
      await new Promise((resolve) => setTimeout(resolve, 50))
      assert.deepEqual([found, faults.length, requests()], [[4], 1, asked])
      await stop()
    })

    it('is asked no more once it says that the stream is over', async () => {
      const { faults, requests, stop } = await watched(
        (request) => (request < 3 ? MEDIA : `${MEDIA}#EXT-X-ENDLIST\n`),
        { firstPause: 0.01, every: 0.01 },
      )
      await until(() => requests() === 3, 5, 'it is over')
      await new Promise((resolve) => setTimeout(resolve, 50))
      assert.deepEqual([faults.length, requests()], [0, 3])
      await stop()
    })

    it('is asked no more after the watch ended', async () => {
      const { requests, stop } = await watched(() => MEDIA, { firstPause: 0.01, every: 0.01 })
      await stop()
      const asked = requests()
      await new Promise((resolve) => setTimeout(resolve, 50))
      assert.equal(requests(), asked)
    })
  })
})
