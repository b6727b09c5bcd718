import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { beyond, beyondFfmpeg, KnownLimit, mayBeBeyond } from '../../src/ffmpeg/limits.ts'
import type { Program } from '../../src/ffmpeg/program.ts'
import { MonitorError } from '../../src/observation/errors.ts'
import type { StreamParameters } from '../../src/observation/stream.ts'
import { parseStreamUrl } from '../../src/secrets/stream-address.ts'

const RTMP = parseStreamUrl('rtmp://h/live/x')
const IN_PIECES = '[flv @ 0x1] Packet mismatch 554237953 3105 5998\n'

const program = (version: string, libavformat: number): Program => ({
  ...{
    path: `/opt/${version}`,
    version,
    libavformat,
    protocols: new Set<string>(),
    resolvesNames: true,
    readsLists: true,
  },
})
const OLD = program('5.1.9', 59.027)
const BETWEEN = program('N-66595', 60.01)
const NEW = program('8.0', 62.003)

const seen = (video: string, audio = 'aac', format = 'flv') =>
  ({ format, video: [{ codec: video }], audio: [{ codec: audio }], encoder: null }) as unknown as StreamParameters

const said = (
  ffprobe: Program,
  parameters: StreamParameters,
  errors = '',
  media: 'both' | 'video' | 'audio' = 'both',
) => beyond(ffprobe, RTMP, parameters, { media, errors })?.message ?? null

describe('what an ffprobe cannot read', () => {
  it('is said of one that takes Enhanced RTMP for a codec of Flash', () => {
    for (const codec of ['flashsv', 'vp6f', 'unknown']) {
      assert.match(
        said(OLD, seen(codec)) ?? '',
        /^This ffprobe 5\.1\.9 cannot read HEVC, AV1 or VP9 over RTMP .*6\.1 and newer can.*FFPROBE_PATH.*\/opt\/5\.1\.9/,
      )
    }
  })

  it('is said of one that knows the codec and loses packets, by its name', () => {
    assert.match(said(BETWEEN, seen('hevc'), IN_PIECES) ?? '', /cannot read HEVC over RTMP/)
    assert.equal(said(BETWEEN, seen('hevc')), null)
  })

  it('is said of sound that only the newest can read, where sound is wanted', () => {
    assert.match(said(BETWEEN, seen('h264', 'unknown')) ?? '', /cannot read Opus, FLAC or AC-3 .*8\.0/)
    assert.equal(said(BETWEEN, seen('h264', 'unknown'), '', 'video'), null)
    assert.equal(said(NEW, seen('h264', 'unknown')), null)
  })

  it('is nothing of what it can, of a newer one, or of another container', () => {
    assert.equal(said(OLD, seen('h264')), null)
    assert.equal(said(NEW, seen('hevc')), null)
    assert.equal(said(OLD, seen('hevc', 'aac', 'mpegts'), IN_PIECES), null)
    assert.equal(said(OLD, seen('unknown', 'aac', 'mpegts')), null)
  })

  it('is said of an ffmpeg by what an ffprobe has seen', () => {
    assert.match(
      beyondFfmpeg(program('4.1', 58.02), RTMP, seen('av1'))?.message ?? '',
      /^This ffmpeg 4\.1 cannot read AV1 over RTMP .*FFMPEG_PATH/,
    )
    assert.equal(beyondFfmpeg(NEW, RTMP, seen('av1')), null)
    assert.equal(beyondFfmpeg(OLD, RTMP, seen('h264')), null)
  })

  it('is looked for only where FLV may come', () => {
    const may = (url: string, of = OLD) => mayBeBeyond(of, parseStreamUrl(url))
    assert.deepEqual(
      ['rtmps://h/live/x', 'http://h/x.flv'].map((url) => may(url)),
      [true, true],
    )
    assert.deepEqual(
      ['srt://h:1', 'rtsp://h/x', 'http://h/x.m3u8'].map((url) => may(url)),
      [false, false, false],
    )
    assert.equal(may('rtmp://h/live/x', NEW), false)
  })
})

describe('a limit that is known', () => {
  const error = new MonitorError('unsupported', 'it cannot')

  it('keeps the program from being started for a minute, and then it looks again', () => {
    const limit = new KnownLimit()
    limit.learn(error, OLD, 100)
    assert.throws(() => limit.require(OLD, 159), { code: 'unsupported' })
    limit.require(OLD, 161)
    assert.equal(limit.isOf(OLD), true)
  })

  it('is none of another program, nor once it has been able to', () => {
    const limit = new KnownLimit()
    limit.learn(error, OLD, 100)
    limit.require(NEW, 101)
    assert.equal(limit.isOf(NEW), false)
    limit.learn(null, OLD, 102)
    limit.require(OLD, 102)
  })
})
