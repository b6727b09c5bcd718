import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { toldInput, withContainer } from '../../src/ffmpeg/told-input.ts'
import { parseStreamUrl } from '../../src/secrets/stream-address.ts'

const OPTIONS = { media: 'both', verifyTls: true, resolved: null } as const
const told = (url: string, readsLists = true, purpose: Parameters<typeof toldInput>[3] = 'session') =>
  toldInput(parseStreamUrl(url), OPTIONS, { readsLists }, purpose)

describe('a program is told an address that holds a secret', () => {
  for (const url of [
    'srt://a.example:9000?passphrase=verysecret',
    'srt://a.example:9000?streamid=read:verysecret',
    'rtsp://user:verysecret@a.example/live',
    'rtsp://a.example/live?token=verysecret',
    'rtmpt://a.example/live/verysecret',
  ]) {
    it(`by its standard input: ${url}`, () => {
      const { args, url: read, script } = told(url)
      assert.equal(read, 'pipe:0')
      assert.doesNotMatch(args.join(' '), /verysecret|user|a\.example/)
      assert.ok(script?.includes(`file '${url}'\n`))
      assert.match(script ?? '', /^option analyzeduration '\d+'$/m)
    })
  }

  it('with a key that stands apart', () => {
    const { args, script } = told('rtmpt://a.example/one/two#verysecret/main')
    assert.doesNotMatch(args.join(' '), /verysecret/)
    assert.match(
      script ?? '',
      /^file 'rtmpt:\/\/a\.example\/one\/two'\noption[\s\S]*^option rtmp_playpath 'verysecret\/main'$/m,
    )
  })

  it('through a proxy where one stands between', () => {
    const options = { ...OPTIONS, proxied: true }
    const url = parseStreamUrl('rtmpt://a.example/live/verysecret')
    const { args } = toldInput(url, options, { readsLists: true }, 'session')
    assert.equal(args[args.indexOf('-protocol_whitelist') + 1], 'pipe,rtmpt,ffrtmphttp,http,tcp,httpproxy')
  })

  it('over RTMP only for a picture: what a server says when it turns somebody away would be lost', () => {
    for (const url of ['rtmp://a.example/live/verysecret', 'rtmps://a.example/live/verysecret']) {
      assert.equal(told(url, true, 'session').script, null)
      assert.equal(told(url, true, 'inspection').script, null)
      const { args, script } = told(url, true, 'picture')
      assert.doesNotMatch(args.join(' '), /verysecret/)
      assert.ok(script?.includes(url))
    }
  })

  it('with a quote in it as FFmpeg reads one', () => {
    assert.ok(
      told("rtsp://it's:secret@a.example/live").script?.includes(String.raw`'rtsp://it'\''s:secret@a.example/live'`),
    )
  })

  it('and no frame rate is guessed of packets, but of what a stream says of itself', () => {
    const url = 'srt://a.example:9000?passphrase=verysecret'
    assert.match(told(url).script ?? '', /^option fpsprobesize '0'$/m)
    assert.doesNotMatch(told(url, true, 'inspection').script ?? '', /fpsprobesize/)
  })

  it('by its arguments where it reads no lists, where there is no secret, and where the container is not known', () => {
    for (const one of [
      told('srt://a.example:9000?passphrase=verysecret', false),
      told('rtsp://a.example/live'),
      told('https://a.example/live?token=verysecret'),
    ]) {
      assert.equal(one.script, null)
      assert.notEqual(one.url, 'pipe:0')
    }
  })
})

describe('the container of what an inspection saw by a list', () => {
  const seen = { format: 'concat', video: [], audio: [], encoder: null }
  const unused = "[concat @ 0x1] Unused options for 'srt://a.example:9000?passphrase=verysecret'."

  it('is that of the protocol, but over SRT where nobody took what is for MPEG-TS', () => {
    assert.equal(withContainer(seen, parseStreamUrl('rtsp://a.example/live'), '').format, 'rtsp')
    assert.equal(withContainer(seen, parseStreamUrl('srt://a.example:9000'), '').format, 'mpegts')
    assert.equal(withContainer(seen, parseStreamUrl('rtmpt://a.example/live/one'), '').format, 'flv')
    assert.equal(withContainer(seen, parseStreamUrl('srt://a.example:9000'), unused).format, 'unknown')
  })
})
