import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, it } from 'node:test'
import { findFfprobe } from '../../src/ffmpeg/binaries.ts'
import { inspectRecording } from '../../src/ffmpeg/inspect.ts'
import { matroskaOf } from '../../src/ffmpeg/matroska.ts'
import { BUILDS } from '../integration/watched.ts'

const recording = (name: string) => readFile(new URL(`../fixtures/media/${name}.flv`, import.meta.url))

/** One tag of FLV behind the file's header. */
function flvOf(...bodies: readonly [type: number, body: readonly number[]][]): Buffer {
  const tags = bodies.map(([type, body]) => {
    const tag = Buffer.alloc(11 + body.length + 4)
    tag[0] = type
    tag.writeUIntBE(body.length, 1, 3)
    Buffer.from(body).copy(tag, 11)
    return tag
  })
  return Buffer.concat([Buffer.alloc(13), ...tags])
}

describe('a recording with codecs of Enhanced RTMP', () => {
  for (const [build, path] of Object.entries(BUILDS)) {
    it(`is read by an ffprobe that knows none of it in FLV: ${build}`, async () => {
      const ffprobe = await findFfprobe(path)
      const said = async (name: string) => {
        const { signal } = new AbortController()
        const { video, audio } = await inspectRecording(await recording(name), 'flv', ffprobe, signal)
        return [
          ...video.map((one) => `${one.codec} ${one.profile} ${one.width}x${one.height} ${one.bFrames}`),
          ...video.map(({ declaredFrameRate }) => declaredFrameRate),
          ...audio.map(({ codec, sampleRate, channels }) => `${codec} ${sampleRate} ${channels}`),
        ]
      }
      assert.deepEqual(await said('hevc-opus'), ['hevc Main 320x180 2', 25, 'opus 48000 2'])
      assert.deepEqual(await said('av1-flac'), ['av1 Main 320x180 0', 25, 'flac 48000 2'])
      assert.deepEqual(await said('vp9-ac3'), ['vp9 Profile 0 320x180 0', 25, 'ac3 48000 2'])
      assert.deepEqual(await said('hevc-eac3'), ['hevc Main 320x180 0', 25, 'eac3 48000 2'])
      const tracks = ['hevc Main 320x180 0', 'hevc Main 160x90 0', 25, 25, 'aac 48000 2', 'opus 48000 2']
      assert.deepEqual(await said('multitrack'), tracks)
    })
  }

  it('is left as it is where FLV will do', () => {
    const plain = flvOf([9, [0x17, 0, 0, 0, 0, 1, 66, 0, 30, 255, 225, 0, 0, 1, 0]], [8, [0xaf, 0, 0x12, 0x10]])
    assert.equal(matroskaOf(plain), null)
    assert.equal(matroskaOf(Buffer.alloc(0)), null)
    assert.equal(matroskaOf(flvOf([9, [0x91, ...Buffer.from('zz09'), 1, 2, 3]])), null, 'nothing has a name there')
  })

  it('never fails, whatever is in it', async () => {
    const whole = await recording('multitrack')
    for (let round = 0; round < 300; round++) {
      const broken = Buffer.from(whole.subarray(0, 4000))
      for (let change = 0; change < 20; change++) {
        broken[13 + ((round * 7919 + change * 104_729) % 3987)] = (round * 31 + change * 17) & 0xff
      }
      matroskaOf(broken)
    }
  })
})
