import assert from 'node:assert/strict'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, it } from 'node:test'
import { CookieJar } from '../../src/connection/cookies.ts'
import { KeptConnections } from '../../src/connection/kept-connections.ts'
import { followPlaylist, type PlaylistEnd } from '../../src/hls/follow-playlist.ts'

/** Follows a playlist of which each look is the next text, until it ends or so many segments came. */
async function follow(texts: readonly string[], enough = 99): Promise<{ end: PlaylistEnd; segments: string[] }> {
  let look = 0
  const server = http.createServer(({ url }, response) => {
    response.end(url === '/live.m3u8' ? texts[Math.min(look++, texts.length - 1)] : url)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const stopping = new AbortController()
  const connections = new KeptConnections()
  ends.push(
    () => connections.end(),
    () => server.close(),
  )
  const client = { cookies: new CookieJar(), verifyTls: true, allowed: null, connections, signal: stopping.signal }
  const segments: string[] = []
  const end = await followPlaylist(`http://127.0.0.1:${port}/live.m3u8`, client, {
    targetDuration: () => {},
    segment: async (_, bytes) => {
      segments.push(String(bytes))
      if (segments.length >= enough) stopping.abort()
    },
  })
  return { end, segments }
}

const ends: (() => unknown)[] = []
const list = (first: number, number: string) =>
  `#EXTM3U\n#EXT-X-TARGETDURATION:1\n${number}${[0, 1, 2].map((at) => `#EXTINF:0.5,\n/${first + at}.ts\n`).join('')}`

describe('a playlist', { concurrency: true }, () => {
  after(() => ends.map((end) => end()))

  it('that loses segments and does not number them is no stream that a player could follow', async () => {
    const { end, segments } = await follow([list(5, ''), list(6, '')])
    assert.deepEqual(segments, ['/5.ts', '/6.ts', '/7.ts'])
    assert.match(JSON.stringify(end), /"fault".*EXT-X-MEDIA-SEQUENCE/)
  })

  it('that numbers them, or loses none, is followed', async () => {
    const numbered = [5, 6].map((first) => list(first, `#EXT-X-MEDIA-SEQUENCE:${first}\n`))
    assert.deepEqual((await follow(numbered, 4)).segments, ['/5.ts', '/6.ts', '/7.ts', '/8.ts'])
    const kept = [list(5, ''), `${list(5, '')}#EXTINF:0.5,\n/8.ts\n`]
    assert.deepEqual((await follow(kept, 4)).segments, ['/5.ts', '/6.ts', '/7.ts', '/8.ts'])
  })
})
