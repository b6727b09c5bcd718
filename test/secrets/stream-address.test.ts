import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { MonitorError } from '../../src/observation/errors.ts'
import {
  joinStreamKey,
  keyApart,
  parseStreamUrl,
  redactUrl,
  rtmpApplication,
  splitKey,
  withHost,
} from '../../src/secrets/stream-address.ts'

function codeOf(url: string): string {
  try {
    parseStreamUrl(url)
    return 'accepted'
  } catch (error) {
    return error instanceof MonitorError ? error.code : String(error)
  }
}

describe('the address of a stream', () => {
  for (const [url, expected] of [
    [
      'rtmp://relay.example/live/key',
      { protocol: 'rtmp', host: 'relay.example', port: 1935, transport: 'tcp', tls: false },
    ],
    ['rtmps://relay.example/live/key', { protocol: 'rtmps', port: 443, tls: true }],
    ['rtmpt://relay.example/live/key', { protocol: 'rtmpt', port: 80 }],
    ['RTMP://Relay.Example:1936/live', { protocol: 'rtmp', host: 'Relay.Example', port: 1936 }],
    ['rtmp://[2001:db8::1]:1935/live/key', { host: '2001:db8::1', port: 1935 }],
    ['rtmp://user:p@ss@relay.example/live/key', { host: 'relay.example' }],
    ['srt://relay.example:9000?streamid=x', { protocol: 'srt', port: 9000, transport: 'udp' }],
    ['rtsp://camera.example/1', { protocol: 'rtsp', port: 554, hls: false }],
    ['https://cdn.example/x/y.m3u8?token=1', { protocol: 'https', port: 443, tls: true, hls: true }],
    ['http://cdn.example:8080/live/x.flv', { protocol: 'http', port: 8080, hls: false }],
    ['rtmp://bücher.example/live/key', { host: 'bücher.example' }],
  ] as const) {
    it(`is read from ${url}`, () => {
      const address = parseStreamUrl(url)
      for (const [name, value] of Object.entries(expected)) assert.equal(address[name as keyof typeof address], value)
      assert.equal(address.url, url)
    })
  }

  for (const url of [
    'file:///etc/passwd',
    'concat:a|b',
    'pipe:0',
    'udp://1.2.3.4:5',
    'rtp://x',
    'rtmp:x',
    'data:,x',
    'ftp://x/y',
  ]) {
    it(`is refused by its protocol: ${url}`, () => assert.equal(codeOf(url), 'forbidden-protocol'))
  }

  for (const [what, url] of [
    ['is empty', ''],
    ['begins with a dash', '-i rtmp://x/live/y'],
    ['has no protocol', 'relay.example/live/key'],
    ['has no host', 'rtmp:///live/key'],
    ['has no application', 'rtmp://relay.example'],
    ['has an empty application', 'rtmp://relay.example/'],
    ['holds a line break', 'rtmp://relay.example/live/a\nb'],
    ['holds a NUL', 'rtmp://relay.example/live/a\0b'],
    ['holds a space', 'rtmp://relay.example/live/a b'],
    ['has a port that does not exist', 'rtmp://relay.example:70000/live/x'],
    ['has a host that begins with a dash', 'rtmp://-relay.example/live/x'],
    ['has a host of strange characters', 'rtmp://re|lay/live/x'],
    ['is SRT without a port', 'srt://relay.example'],
    ['is endless', `rtmp://relay.example/live/${'x'.repeat(3000)}`],
  ] as const) {
    it(`is refused when it ${what}`, () => assert.equal(codeOf(url), 'invalid-url'))
  }

  for (const url of [
    'rtmp://a.rtmp.youtube.com/live2/key',
    'rtmps://b.rtmps.youtube.com/live2/key',
    'https://a.upload.youtube.com/http_upload_hls?cid=key',
    'rtmp://live.twitch.tv/app/key',
    'rtmp://live-fra.twitch.tv/app/key',
    'rtmp://fra05.contribute.live-video.net/app/key',
    'rtmps://abc.global-contribute.live-video.net:443/app/key',
    'rtmps://live-api-s.facebook.com:443/rtmp/key',
    'rtmps://LIVE-API-S.Facebook.com./rtmp/key',
    'rtmp://rtmp-global.cloud.vimeo.com/live/key',
  ]) {
    it(`is refused because it can only be published to: ${new URL(url).host}`, () => {
      assert.throws(
        () => parseStreamUrl(url),
        (error: MonitorError) =>
          error.code === 'publish-only' && /relay/.test(error.message) && !/key/.test(error.message),
      )
    })
  }

  it('is not refused for a playback address of the same platforms', () => {
    assert.equal(codeOf('https://manifest.googlevideo.com/api/x/index.m3u8'), 'accepted')
    assert.equal(codeOf('https://fra.playlist.live-video.net/v1/playlist.m3u8'), 'accepted')
  })

  it('is refused without a word of it but its protocol and host', () => {
    for (const url of [
      'rtmp://relay.example:99999/live/SECRET',
      'rtmp://x/live/SECRET\n',
      'ftp://u:SECRET@h/SECRET',
      '-SECRET',
    ]) {
      assert.throws(
        () => parseStreamUrl(url),
        (error: MonitorError) => !error.message.includes('SECRET'),
      )
    }
  })

  it('never fails in another way than by its codes', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...(':/?#@[]-.&=%$' + '{}|rtmpsh0197é \u0000\n')) }), (text) => {
        assert.match(codeOf(text), /^(accepted|invalid-url|forbidden-protocol|publish-only)$/)
        assert.match(codeOf(`rtmp://${text}`), /^(accepted|invalid-url|publish-only)$/)
      }),
    )
  })
})

describe('Server URL and Stream key', () => {
  it('are joined as OBS does', () => {
    assert.equal(joinStreamKey('rtmp://relay.example/live', 'key'), 'rtmp://relay.example/live/key')
    assert.equal(joinStreamKey('rtmp://relay.example/live/', '/key?x=1'), 'rtmp://relay.example/live/key?x=1')
    assert.equal(joinStreamKey('rtmp://relay.example/live/', 'church/main'), 'rtmp://relay.example/live#church/main')
    assert.equal(joinStreamKey('rtmp://relay.example/live', 'a#b'), 'rtmp://relay.example/live#a#b')
    assert.equal(joinStreamKey('rtmp://relay.example/a/b', 'key'), 'rtmp://relay.example/a/b/key')
    assert.equal(joinStreamKey('rtmps://relay.example/a/b/c?d=e', 'f/g#h'), 'rtmps://relay.example/a/b/c?d=e#f/g#h')
    assert.equal(joinStreamKey('rtmp://relay.example', 'live/key'), 'rtmp://relay.example/live/key')
    assert.equal(joinStreamKey('https://relay.example/live', 'key.m3u8'), 'https://relay.example/live/key.m3u8')
    assert.equal(joinStreamKey('srt://relay.example:9000?streamid=', 'key'), 'srt://relay.example:9000?streamid=key')
    assert.equal(joinStreamKey('rtmp://relay.example/live', ''), 'rtmp://relay.example/live')
  })

  it('are joined by what a variable holds, and as RTMP where that is not known', () => {
    assert.equal(joinStreamKey('${SERVER}', '${KEY}'), '${SERVER}#${KEY}')
    const known = (serverUrl: string, key: string) => joinStreamKey('${SERVER}', '${KEY}', { serverUrl, key })
    assert.equal(known('https://relay.example/live', 'a/b'), '${SERVER}/${KEY}')
    assert.equal(known('rtmp://relay.example/live', 'b'), '${SERVER}/${KEY}')
    assert.equal(known('rtmp://relay.example/live', 'a/b'), '${SERVER}#${KEY}')
    assert.equal(joinStreamKey('rtmp://relay.example/live', '${KEY}'), 'rtmp://relay.example/live#${KEY}')
  })

  it('are refused where the key stands in both', () => {
    assert.throws(() => joinStreamKey('rtmp://relay.example/live#one', 'two'), { code: 'invalid-target' })
  })

  it('are told apart again', () => {
    const apart = (url: string) => {
      const { server, application, key } = keyApart(url) ?? {}
      return [server, application, key]
    }
    assert.deepEqual(apart('rtmp://h/live#church/main'), ['rtmp://h/live', 'live', 'church/main'])
    assert.deepEqual(apart('rtmps://u:p@h:1/a/b/c?d=e#f?g#h'), ['rtmps://u:p@h:1/a/b/c?d=e', 'a/b/c?d=e', 'f?g#h'])
    assert.equal(keyApart('rtmp://h/live/church/main'), null)
    assert.equal(keyApart('https://h/live#here'), null)
  })
})

describe('the secret of an address', () => {
  for (const [url, without, key] of [
    ['rtmp://relay.example/live/key', 'rtmp://relay.example/live/', 'key'],
    ['rtmp://relay.example/live/inst/key?a=b', 'rtmp://relay.example/live/', 'inst/key?a=b'],
    ['rtmps://relay.example/live?token=t', 'rtmps://relay.example/live', 'token=t'],
    ['rtmp://relay.example/live', 'rtmp://relay.example/live', null],
    ['rtmp://relay.example/live#church/main', 'rtmp://relay.example/live#', 'church/main'],
    ['rtmp://relay.example/a/b/c?d=e#key?f#g', 'rtmp://relay.example/a/b/c?d=e#', 'key?f#g'],
    ['https://cdn.example/a.m3u8#part', 'https://cdn.example/a.m3u8#part', null],
    ['rtmp://me:pw@relay.example/live', 'rtmp://me:@relay.example/live', 'pw'],
    ['https://cdn.example/a/b.m3u8?token=t&x=y', 'https://cdn.example/a/b.m3u8', 'token=t&x=y'],
    ['rtsp://me:p@ss@camera.example/1', 'rtsp://me:@camera.example/1', 'p@ss'],
    ['srt://relay.example:9000?streamid=s&passphrase=p', 'srt://relay.example:9000', 'streamid=s&passphrase=p'],
    ['no address', 'no address', null],
  ] as const) {
    it(`is split from ${url}`, () => assert.deepEqual(splitKey(url), { url: without, key }))
  }

  for (const [url, shown] of [
    ['rtmp://relay.example/live/key', 'rtmp://relay.example/live/***'],
    ['rtmp://relay.example/live/inst/key?user=me&token=t', 'rtmp://relay.example/live/***?user=***&token=***'],
    ['rtmp://relay.example/live/${KEY}', 'rtmp://relay.example/live/${KEY}'],
    ['rtmp://relay.example/live/a${KEY}', 'rtmp://relay.example/live/***'],
    ['rtmp://relay.example/live', 'rtmp://relay.example/live'],
    ['rtmp://relay.example/live#church/main', 'rtmp://relay.example/live#***'],
    ['rtmp://relay.example/live?token=t#${KEY}', 'rtmp://relay.example/live?token=***#${KEY}'],
    ['rtsp://me:pw@camera.example/1?x=y', 'rtsp://me:***@camera.example/1?x=***'],
    ['rtsp://token@camera.example/1', 'rtsp://***@camera.example/1'],
    ['srt://relay.example:9000?streamid=s&passphrase=${P}', 'srt://relay.example:9000?streamid=***&passphrase=${P}'],
    ['https://cdn.example/a/b.m3u8?abc#f', 'https://cdn.example/a/b.m3u8?***'],
    ['not a url', 'not a url'],
  ] as const) {
    it(`is taken out of ${url}`, () => assert.equal(redactUrl(url), shown))
  }

  it('is in no redacted address, wherever it stands', () => {
    const secret = fc.string({ minLength: 8, maxLength: 12, unit: fc.constantFrom(...'ABCDEFGH23') })
    const shapes = [
      (s: string) => `rtmp://h.example/live/${s}`,
      (s: string) => `rtmp://h.example:1/live/a/${s}/b`,
      (s: string) => `rtmps://u:${s}@h.example/live/x`,
      (s: string) => `rtmp://h.example/live#a/${s}`,
      (s: string) => `rtmp://h.example/live/${s}?a=b#c`,
      (s: string) => `https://h.example/x?k=${s}`,
      (s: string) => `srt://h.example:1?${s}`,
      (s: string) => `rtsp://${s}@h.example/x#${s}`,
    ]
    fc.assert(
      fc.property(secret, fc.constantFrom(...shapes), (value, shape) => {
        assert.ok(!redactUrl(shape(value)).includes(value))
      }),
    )
  })
})

describe('an address for a player that cannot look up names', () => {
  it('has the IP address in the place of the name, and nothing else is changed', () => {
    const at = (url: string, ip: string) => withHost(parseStreamUrl(url), ip).url
    assert.equal(at('rtmp://relay.example/live/k?x=1', '192.0.2.1'), 'rtmp://192.0.2.1:1935/live/k?x=1')
    assert.equal(at('rtmp://relay.example/live#a/b', '192.0.2.1'), 'rtmp://192.0.2.1:1935/live#a/b')
    assert.equal(at('rtsp://me:pw@camera.example:8554/1', '2001:db8::1'), 'rtsp://me:pw@[2001:db8::1]:8554/1')
  })

  it('keeps the application as FFmpeg reads it', () => {
    assert.equal(rtmpApplication('rtmp://h/live/key?x'), 'live')
    assert.equal(rtmpApplication('rtmp://h/live/inst/key'), 'live/inst')
    assert.equal(rtmpApplication('rtmp://h/vod/mp4:a/b'), 'vod')
    assert.equal(rtmpApplication('rtmp://h/live'), 'live')
    assert.equal(rtmpApplication('rtmp://h/one/two/three#key'), 'one/two/three')
  })
})
