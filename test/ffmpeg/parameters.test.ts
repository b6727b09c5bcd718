import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { parseParameters } from '../../src/ffmpeg/inspect.ts'

const VIDEO = {
  index: 1,
  codec_name: 'h264',
  profile: 'High',
  codec_type: 'video',
  width: 1280,
  height: 720,
  has_b_frames: 2,
  pix_fmt: 'yuv420p',
  level: 31,
  field_order: 'progressive',
  r_frame_rate: '30/1',
  avg_frame_rate: '30000/1001',
  bit_rate: '4000000',
}
const AUDIO = {
  codec_name: 'aac',
  profile: 'LC',
  codec_type: 'audio',
  sample_rate: '48000',
  channels: 2,
  bit_rate: '128000',
}
const read = (streams: unknown, format: unknown = { format_name: 'flv', tags: { encoder: 'obs-output' } }) =>
  parseParameters(JSON.stringify({ streams, format }))

describe('what a stream says of itself', () => {
  it('is read from ffprobe, in base units', () => {
    assert.deepEqual(read([AUDIO, VIDEO]), {
      format: 'flv',
      video: [
        {
          codec: 'h264',
          profile: 'High',
          level: 31,
          width: 1280,
          height: 720,
          declaredFrameRate: 30000 / 1001,
          declaredBytesPerSecond: 500_000,
          pixelFormat: 'yuv420p',
          fieldOrder: 'progressive',
          bFrames: 2,
        },
      ],
      audio: [{ codec: 'aac', profile: 'LC', sampleRate: 48_000, channels: 2, declaredBytesPerSecond: 16_000 }],
      encoder: 'obs-output',
    })
  })

  it('may have several tracks of each kind, or none', () => {
    assert.equal(read([VIDEO, VIDEO, AUDIO, AUDIO, AUDIO])?.audio.length, 3)
    assert.deepEqual(read([])?.video, [])
    assert.equal(read(Array.from({ length: 60 }, () => AUDIO))?.audio.length, 8)
  })

  it('has no video in a cover picture, and no tracks in data', () => {
    const cover = { ...VIDEO, disposition: { attached_pic: 1 } }
    const parameters = read([cover, { codec_type: 'data' }, { codec_type: 'subtitle' }])
    assert.deepEqual([parameters?.video, parameters?.audio], [[], []])
  })

  it('is null field by field where it is missing or makes no sense', () => {
    const lies = {
      codec_type: 'video',
      width: -1,
      height: '720x',
      avg_frame_rate: '0/0',
      r_frame_rate: '90000/1',
      bit_rate: 'much',
      level: -99,
      has_b_frames: 1e9,
      profile: 'unknown',
      pix_fmt: '\u001b[31m\n',
    }
    assert.deepEqual(read([lies], 7)?.video[0], {
      codec: 'unknown',
      profile: null,
      level: null,
      width: 0,
      height: 0,
      declaredFrameRate: null,
      declaredBytesPerSecond: null,
      pixelFormat: '[31m',
      fieldOrder: null,
      bFrames: null,
    })
    assert.equal(read([VIDEO], {})?.format, 'unknown')
  })

  it('is bounded, whatever a publisher puts into its texts', () => {
    const long = { ...VIDEO, profile: 'x'.repeat(100_000) }
    assert.equal(read([long], { tags: { encoder: 'e'.repeat(100_000) } })?.encoder?.length, 80)
    assert.equal(read([long])?.video[0]?.profile?.length, 80)
  })

  it('is nothing where ffprobe printed something else', () => {
    for (const text of ['', '{', 'null', '[]', '{}', '{"streams":{}}', '"x"']) assert.equal(parseParameters(text), null)
  })

  it('is read from any JSON without a failure', () => {
    fc.assert(fc.property(fc.json(), (json) => void parseParameters(json)))
    fc.assert(fc.property(fc.array(fc.jsonValue()), fc.jsonValue(), (streams, format) => void read(streams, format)))
  })
})
