import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { FfprobeBinary } from '../../src/ffmpeg/binaries.ts'
import { inputArguments } from '../../src/ffmpeg/ffprobe-arguments.ts'
import { type Route, routeTo } from '../../src/ffmpeg/route.ts'
import { parseStreamUrl } from '../../src/secrets/stream-address.ts'

const binary = (resolvesNames: boolean) => ({ resolvesNames }) as FfprobeBinary

async function route(url: string, resolvesNames: boolean): Promise<Route> {
  const found = await routeTo(parseStreamUrl(url), binary(resolvesNames))
  assert.ok('release' in found, JSON.stringify(found))
  found.release()
  return found
}

describe('the way of an ffprobe that cannot look up names', () => {
  for (const url of [
    'http://127.0.0.1/x.m3u8',
    'https://[::1]/x.m3u8',
    'http://localhost/x.flv',
    'rtmps://localhost/a/b',
  ]) {
    it(`is through the proxy where names may come up: ${url}`, async () => {
      const { proxied, resolved, env } = await route(url, false)
      assert.deepEqual([proxied, resolved], [true, null])
      assert.match(env.http_proxy ?? '', /^http:\/\/ffprobe:.+@127\.0\.0\.1:\d+$/)
    })
  }

  it('is straight where none can', async () => {
    for (const url of ['rtmp://127.0.0.1/a/b', 'rtmps://127.0.0.1/a/b', 'rtsp://127.0.0.1/a', 'srt://127.0.0.1:9000']) {
      const { proxied, resolved, env } = await route(url, false)
      assert.deepEqual([proxied, resolved, env.http_proxy], [false, null, undefined], url)
    }
  })

  it('is to the address of a name that it need not know', async () => {
    assert.match((await route('rtmp://localhost/a/b', false)).resolved ?? '', /^(127\.|::1)/)
  })

  it('ends at a name that is not known', async () => {
    const ending = await routeTo(parseStreamUrl('rtmp://no-such-host.invalid/a/b'), binary(false))
    assert.ok('end' in ending && ['unreachable', 'dns-failed'].includes(ending.end))
  })
})

describe('an ffprobe that looks up names itself', () => {
  it('goes straight', async () => {
    const { proxied, resolved, env } = await route('https://localhost/x.m3u8', true)
    assert.deepEqual([proxied, resolved, env], [false, null, {}])
  })
})

describe('an address of HTTP that holds a secret', () => {
  for (const resolvesNames of [true, false]) {
    it(`is asked for by a stand-in, through our proxy (a program that ${resolvesNames ? 'looks' : 'cannot look'} up names)`, async () => {
      for (const url of ['http://user:verysecret@127.0.0.1/live.mpd', 'https://localhost/live.mpd?token=verysecret']) {
        const { relayed, proxied, resolved, env } = await route(url, resolvesNames)
        assert.deepEqual([proxied, resolved], [true, null])
        assert.match(relayed?.url ?? '', /^http:\/\/[\da-f]+\.invalid\/live\.mpd$/)
        assert.equal(relayed?.tls, url.startsWith('https'), 'the certificate is looked at as before')
        assert.match(env.http_proxy ?? '', /^http:\/\/ffprobe:.+@127\.0\.0\.1:\d+$/)
      }
    })
  }
})

describe('a key that stands apart', () => {
  it('is told to FFmpeg by its own options, and is not in the address', () => {
    const address = parseStreamUrl('rtmp://relay.example/one/two/three?a=b#church/main?c=d')
    const { args, url } = inputArguments(address, { media: 'both', verifyTls: true, resolved: '192.0.2.1' })
    assert.equal(url, 'rtmp://192.0.2.1:1935/one/two/three?a=b')
    const option = (name: string) => args[args.indexOf(name) + 1]
    assert.equal(option('-rtmp_app'), 'one/two/three?a=b')
    assert.equal(option('-rtmp_playpath'), 'church/main?c=d')
    assert.equal(option('-rtmp_tcurl'), 'rtmp://relay.example:1935/one/two/three?a=b')
  })
})

describe('that a server may be spoken to by CONNECT', () => {
  const whitelist = (url: string, proxied: boolean) => {
    const { args } = inputArguments(parseStreamUrl(url), { media: 'both', verifyTls: true, resolved: null, proxied })
    return args[args.indexOf('-protocol_whitelist') + 1] ?? ''
  }

  it('is allowed only where a proxy stands between, so that no playlist can ask for it', () => {
    for (const url of ['http://a/x.m3u8', 'https://a/x.m3u8', 'rtmps://a/b/c', 'rtmpt://a/b/c']) {
      assert.doesNotMatch(whitelist(url, false), /httpproxy|file|concat|data/)
      assert.match(whitelist(url, true), /,httpproxy$/)
    }
  })
})
