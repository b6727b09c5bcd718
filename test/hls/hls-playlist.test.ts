import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parsePlaylist } from '../../src/hls/hls-playlist.ts'

const MEDIA = '#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-MEDIA-SEQUENCE:7\n#EXT-X-TARGETDURATION:4\n#EXTINF:4.000,\nx-7.ts\n'
const MASTER =
  '#EXTM3U\r\n#EXT-X-STREAM-INF:BANDWIDTH=1\r\n\r\nlow/index.m3u8?x=1\r\n#EXT-X-STREAM-INF:BANDWIDTH=2\r\nhigh.m3u8\r\n'
const AT = 'https://me:secret@cdn.example/a/b.m3u8?k=1'
const faultOf = (text: string) => parsePlaylist(`#EXTM3U\n${text}\n`, AT).fault

describe('a playlist', () => {
  it('names its target duration', () => {
    assert.equal(parsePlaylist(MEDIA, AT).targetDuration, 4)
    assert.equal(parsePlaylist(MEDIA.replaceAll('\n', '\r\n'), AT).targetDuration, 4)
  })

  it('names none that makes sense', () => {
    for (const value of ['0', '-1', '1e9', 'x', '', '3600']) {
      assert.equal(parsePlaylist(`#EXTM3U\n#EXT-X-TARGETDURATION:${value}\n`, AT).targetDuration, null)
    }
    assert.deepEqual(parsePlaylist('<html>', AT), {
      targetDuration: null,
      playlists: [],
      ended: false,
      fault: null,
    })
  })

  it('says that the stream is over, wherever it says so', () => {
    const ended = (text: string) => parsePlaylist(text, AT).ended
    assert.equal(ended(MEDIA), false)
    assert.equal(ended(`${MEDIA}#EXT-X-ENDLIST`), true)
    assert.equal(ended(`${MEDIA}#EXT-X-ENDLIST  \r\n`), true)
    assert.equal(ended(MEDIA.replace('#EXTINF', '#EXT-X-ENDLIST\n#EXTINF')), true)
    assert.equal(ended(`${MEDIA}#EXT-X-PLAYLIST-TYPE:VOD\n`), true)
    assert.equal(ended(`${MEDIA}#EXT-X-PLAYLIST-TYPE:EVENT\n`), false)
  })

  it('names others where it is a master, as addresses with the credentials that go there', () => {
    assert.deepEqual(parsePlaylist(MASTER, AT).playlists, [
      'https://me:secret@cdn.example/a/low/index.m3u8?x=1',
      'https://me:secret@cdn.example/a/high.m3u8',
    ])
    const audio = '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="b",URI="//other.example/audio.m3u8"\n'
    assert.equal(parsePlaylist(MASTER + audio, AT).playlists[2], 'https://other.example/audio.m3u8')
    assert.deepEqual(parsePlaylist(MEDIA, AT).playlists, [])
  })

  for (const [title, text] of [
    ['a variant', '#EXT-X-STREAM-INF:BANDWIDTH=1\nfile:///etc/passwd'],
    ['a rendition', '#EXT-X-MEDIA:TYPE=AUDIO,URI="file:///etc/passwd"'],
    ['a segment', '#EXTINF:4,\nfile:///etc/passwd'],
    ['a map', '#EXT-X-MAP:URI="file:///etc/passwd"'],
    ['a key', '#EXT-X-KEY:METHOD=AES-128,URI="file:///etc/passwd"'],
  ]) {
    it(`is not read where it names ${title} by a file, and says so`, () => {
      assert.match(faultOf(text ?? '') ?? '', /"file:".* only http:\/\/ and https:\/\//)
      assert.doesNotMatch(faultOf(text ?? '') ?? '', /passwd|secret/)
    })
  }

  it('is not read where it names a segment by any other protocol than HTTP', () => {
    for (const uri of [
      'concat:a|b',
      'data:video/mp2t;base64,x',
      'crypto+http://x/',
      'httpproxy://a:1/b:2',
      'pipe:0',
      'tcp://a:1',
    ]) {
      assert.match(faultOf(`#EXTINF:4,\n${uri}`) ?? '', /only http/, uri)
    }
  })

  it('may name keys of systems that FFmpeg does not ask, and paths of its own server', () => {
    for (const text of [
      '#EXT-X-KEY:METHOD=SAMPLE-AES,URI="skd://key",KEYFORMAT="com.apple.streamingkeydelivery"',
      '#EXT-X-KEY:METHOD=SAMPLE-AES-CTR,URI="data:text/plain;base64,AAAA",KEYFORMAT="urn:uuid:edef8ba9-79d6-4ace-a3c8-27dcd51d21ed"',
      '#EXT-X-KEY:METHOD=NONE',
      '#EXTINF:4,\n/etc/passwd',
      '# file:///etc/passwd',
      'file:///no/segment/without/its/tag',
    ]) {
      assert.equal(faultOf(text), null, text)
    }
  })
})
