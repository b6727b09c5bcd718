import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it } from 'node:test'
import { firstVariant, readTargetDuration, targetDuration, watchTargetDuration } from '../../src/stream/hls-playlist.ts'
import { until } from '../fixtures/wait.ts'

const MEDIA = '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-TARGETDURATION:4\n#EXTINF:4.000,\nx-7.ts\n'
const MASTER =
  '#EXTM3U\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\n\r\nlow/index.m3u8?x=1\r\n#EXT-X-STREAM-INF:BANDWIDTH=2\r\nhigh.m3u8\r\n'

describe('a playlist', () => {
  it('names its target duration', () => {
    assert.equal(targetDuration(MEDIA), 4)
    assert.equal(targetDuration(MEDIA.replaceAll('\n', '\r\n')), 4)
  })

  it('names none that makes sense', () => {
    for (const value of ['0', '-1', '1e9', 'x', '', '3600']) {
      assert.equal(targetDuration(`#EXTM3U\n#EXT-X-TARGETDURATION:${value}\n`), null)
    }
    assert.equal(targetDuration('<html>'), null)
  })

  it('has a first variant where it is a master', () => {
    assert.equal(firstVariant(MASTER, 'https://cdn.example/a/b.m3u8?k=1'), 'https://cdn.example/a/low/index.m3u8?x=1')
    assert.equal(firstVariant(MEDIA, 'https://cdn.example/a/b.m3u8'), null)
    assert.equal(firstVariant('#EXT-X-STREAM-INF:X\nfile:///etc/passwd\n', 'https://cdn.example/a'), null)
  })

  it('is read through its master; a failure is no answer', async () => {
    const server = http.createServer((request, response) => {
      if (request.url === '/a.m3u8') response.end(MASTER)
      else if (request.url === '/low/index.m3u8?x=1') response.end(MEDIA)
      else if (request.url === '/endless') setInterval(() => response.write('#'.repeat(65_536)), 1).unref()
      else response.writeHead(404).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const at = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`
    const { signal } = new AbortController()
    assert.equal(await readTargetDuration(at('/a.m3u8'), signal), 4)
    assert.equal(await readTargetDuration(at('/nope.m3u8'), signal), null)
    assert.equal(await readTargetDuration(at('/endless'), signal), null)
    assert.equal(await readTargetDuration(at('/a.m3u8'), AbortSignal.abort()), null)
    server.closeAllConnections()
    server.close()
    assert.equal(await readTargetDuration('http://127.0.0.1:1/a.m3u8', signal), null)
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
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/x.m3u8`
      const { signal } = new AbortController()
      const watch = await watchTargetDuration(url, (seconds) => found.push(seconds), { signal, ...times })
      const stop = async () => {
        await watch.stop()
        server.closeAllConnections()
        server.close()
      }
      return { found, requests: () => requests, stop }
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

    it('is asked no more after the watch ended', async () => {
      const { requests, stop } = await watched(() => MEDIA, { firstPause: 0.01, every: 0.01 })
      await stop()
      const asked = requests()
      await new Promise((resolve) => setTimeout(resolve, 50))
      assert.equal(requests(), asked)
    })
  })
})
