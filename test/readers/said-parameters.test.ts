import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { joinedParameters, saidParameters, withoutUnheard } from '../../src/readers/said-parameters.ts'
import { encodeAmf0 } from '../../src/rtmp/amf0.ts'

/** 1280x720, High, 3.1, and 48 kHz in stereo, as x264 and FFmpeg's AAC write them into FLV. */
const AVC = Buffer.from(
  '17000000000164001fffe1001e6764001facd9405005bbff000300041000000300100000030320f183196001000668ebe3cb22c0',
  'hex',
)
const AAC = Buffer.from('af00119056e500', 'hex')

const track = (kind: 'video' | 'audio', codec: string, payload: Buffer | null) => ({
  ...{ kind, codec },
  header: payload === null ? null : { payload },
})
const metadata = encodeAmf0('onMetaData', { width: 640, height: 360, framerate: 30, audiosamplerate: 44100 })

describe('what a stream says of itself, where no program has looked', () => {
  it('is what the parameters of its codecs say, and not what its metadata claims', () => {
    const { video, audio } = saidParameters(metadata, [track('video', 'h264', AVC), track('audio', 'aac', AAC)])
    const [picture] = video
    assert.deepEqual([picture?.width, picture?.height, picture?.profile, picture?.level], [1280, 720, 'High', 31])
    assert.equal(picture?.declaredFrameRate, 30)
    assert.deepEqual([audio[0]?.sampleRate, audio[0]?.channels, audio[0]?.profile], [48000, 2, 'LC'])
  })

  it('is what the metadata claims where no parameters came, or none that make sense', () => {
    for (const payload of [null, AVC.subarray(0, 12)]) {
      const { video } = saidParameters(metadata, [track('video', 'h264', payload)])
      assert.deepEqual([video[0]?.width, video[0]?.height, video[0]?.profile], [640, 360, null])
    }
  })

  it('is read the same way out of Enhanced RTMP', () => {
    const enhanced = Buffer.concat([Buffer.of(0x90), Buffer.from('avc1'), AVC.subarray(5)])
    const { video } = saidParameters(null, [track('video', 'h264', enhanced)])
    assert.deepEqual([video[0]?.width, video[0]?.height], [1280, 720])
  })
})

describe('the frame rate that a stream declares', () => {
  const declared = (said: Buffer | null, payload: Buffer | null, seen: number | null, codec = 'h264') =>
    saidParameters(said, [track('video', codec, payload)], seen).video[0]?.declaredFrameRate ?? null
  /** 25, as x264 writes it. */
  const timed = Buffer.concat([
    Buffer.from('1700000000', 'hex'),
    Buffer.from(
      '0164001fffe1001e6764001facd9405005bbff000300041000000300100000030320f183196001000668ebe3cb22c0',
      'hex',
    ),
  ])

  it('is what the metadata says, where it can be believed', () => {
    assert.equal(declared(metadata, timed, 25), 30)
    for (const framerate of [0, -5, 1000, Number.NaN]) {
      assert.equal(declared(encodeAmf0('onMetaData', { framerate }), timed, 25.04), 25)
    }
  })

  it('is else what the codec says, where what comes bears that out', () => {
    for (const seen of [null, 25, 24.6, 25.6]) assert.equal(declared(null, timed, seen), 25)
    // Encoders that write the half of it, or twice.
    assert.equal(declared(null, timed, 50), 50)
    assert.equal(declared(null, timed, 12.49), 12.5)
  })

  it('and else that of the time stamps, to the nearest that is usual', () => {
    const cases = [
      ...[
        [29.99, 30],
        [29.975, 30_000 / 1001],
        [60.02, 60],
        [23.98, 24_000 / 1001],
        [17.3, 17.3],
        [30.3, 30.3],
      ],
    ] as const
    for (const [seen, expected] of cases) assert.equal(declared(null, null, seen, 'vvc'), expected)
    assert.equal(declared(null, null, null), null)
  })

  it('is not that which ffprobe guesses of the first few frames', () => {
    const seen = saidParameters(null, [track('video', 'h264', timed)], 25)
    const guessed = { ...seen, video: seen.video.map((one) => ({ ...one, declaredFrameRate: 25.3 })) }
    assert.equal(joinedParameters(seen, guessed).video[0]?.declaredFrameRate, 25)
    const nothing = { ...seen, video: seen.video.map((one) => ({ ...one, declaredFrameRate: null })) }
    assert.equal(joinedParameters(nothing, guessed).video[0]?.declaredFrameRate, 25.3)
  })
})

describe('a codec whose parameters nobody here reads', () => {
  it('is called by its name, with what the stream declares and nothing that is guessed: VVC, and one that nobody knows', () => {
    const header = Buffer.concat([Buffer.of(0x90), Buffer.from('vvc1'), AVC.subarray(5)])
    for (const codec of ['vvc', 'xyz9']) {
      const [declared, bare] = [metadata, null].map(
        (said) => saidParameters(said, [track('video', codec, header)]).video,
      )
      assert.deepEqual([declared?.[0]?.codec, declared?.[0]?.width, declared?.[0]?.height], [codec, 640, 360])
      const { codec: named, width, height, profile, level, pixelFormat, bFrames } = bare?.[0] ?? {}
      assert.deepEqual([named, width, height, profile, level], [codec, 0, 0, null, null])
      assert.deepEqual([pixelFormat, bFrames], [null, null])
    }
  })
})

describe('what is known of a medium of which no frame was recorded', () => {
  const own = saidParameters(null, [track('video', 'h264', AVC), track('audio', 'aac', AAC)])
  const guessed = { ...own, audio: own.audio.map((one) => ({ ...one, sampleRate: 44100, profile: 'guessed' })) }
  const before = { ...own, audio: own.audio.map((one) => ({ ...one, profile: 'HE-AAC' })) }
  const pictureOnly = (kind: string) => kind === 'video'
  const profileOf = (known: typeof own | null, hasFrames: (kind: string) => boolean) =>
    withoutUnheard(joinedParameters(own, guessed), { known, own }, hasFrames).audio[0]?.profile

  it('is what was seen of it before, or what the stream says, and never what a program makes of nothing', () => {
    assert.equal(profileOf(before, pictureOnly), 'HE-AAC')
    assert.equal(profileOf(null, pictureOnly), 'LC')
    assert.equal(
      profileOf(before, () => true),
      'guessed',
    )
  })
})
