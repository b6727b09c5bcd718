import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aacParameters, h264Parameters } from '../../src/rtmp/codec-parameters.ts'

const hex = (text: string) => Buffer.from(text, 'hex')

/** What x264 writes, and what ffprobe says of it. */
const PICTURES: [avcC: string, profile: string, width: number, height: number, level: number][] = [
  [
    '0164001fffe1001e6764001facd9405005bbff000300041000000300100000030320f183196001000668ebe3cb22c0',
    'High',
    1280,
    720,
    31,
  ],
  [
    '0142c02affe1001d6742c02ada01e0089f97ff000300041000000300100000030320f1832a01000468ce0fc8',
    'Constrained Baseline',
    1920,
    1080,
    42,
  ],
  [
    '0142c01effe1001d6742c01eda0280bfe5ffc000c00104000003000400000300c83c58ba8001000468ce0fc8',
    'Constrained Baseline',
    640,
    360,
    30,
  ],
  [
    '017a000dffe1001d677a000dbcb40a8cf1117ff801a00228800000030080000019078a155001000468ce0fc8',
    'High 4:2:2',
    322,
    182,
    13,
  ],
  [
    '016e0028ffe1001f676e0028a6cb402201e3cbffe008000362000003000200000300641e30654001000468ce0fc8',
    'High 10',
    1080,
    1920,
    40,
  ],
  // Interlaced.
  ['014d4028ffe1001d674d4028f403c0227efff000300041000003000100000300321f162ea001000468de0fc8', 'Main', 1920, 1080, 40],
  [
    '01f4000bffe1001e67f4000b9196834fe78bffc011001944000003000400000300c83c50aa8001000568ce0f1920',
    'High 4:4:4 Predictive',
    202,
    102,
    11,
  ],
  // With the matrices of a JVT encoder.
  ['0164001effe1001d6764001eacb405a0937fe0020001e2000003000200000300641e2c5d4001000568ce0fc40c', 'High', 720, 576, 30],
]

/** The same of pictures with another timing, and with an aspect ratio and colours before it. */
const TIMINGS: [name: string, avcC: string, frameRate: number, mayBeFields: boolean][] = [
  ['30', '0164000dffe100196764000dacd94141fb0110000003001000000303c0f142996001000668ebe3cb22c0', 30, false],
  ['29.97', '0164000dffe100176764000dacd94141fb011000003e90000ea600f142996001000668ebe3cb22c0', 30_000 / 1001, false],
  [
    '50, interlaced',
    '01640015ffe1001a67640015acd941410fcb808800000300080000030320f8a14cb001000668fba3cb22c0',
    50,
    true,
  ],
  [
    '25, with aspect ratio and colours',
    '0164000dffe1001b6764000dacd94141fb026a020202800000030080000019078a14cb01000668ebe3cb22c0',
    25,
    false,
  ],
]

const SOUNDS: [name: string, config: string, profile: string, sampleRate: number, channels: number][] = [
  ['stereo', '119056e500', 'LC', 48000, 2],
  ['mono', '120856e500', 'LC', 44100, 1],
  ['5.1', '12b056e500', 'LC', 32000, 6],
  ['another profile', '0b9056e500', 'Main', 22050, 2],
  ['as few bytes as encoders send', '1210', 'LC', 44100, 2],
  ['HE-AAC that says so first', '2b118800', 'HE-AAC', 48000, 2],
  ['HE-AAC that older decoders take for LC', '131056e598', 'HE-AAC', 48000, 2],
  ['HE-AACv2 that says so first', 'eb098800', 'HE-AACv2', 48000, 2],
]

describe('the parameters of H.264', () => {
  for (const [avcC, profile, width, height, level] of PICTURES) {
    it(`say ${profile}, ${width}x${height}, level ${level / 10}`, () => {
      const { frameRate, mayBeFields, ...said } = h264Parameters(hex(avcC)) ?? {}
      assert.deepEqual(said, { profile, level, width, height })
      assert.deepEqual([frameRate, mayBeFields], [25, profile === 'Main'])
    })
  }

  for (const [name, avcC, frameRate, mayBeFields] of TIMINGS) {
    it(`say how many pictures there are in a second: ${name}`, () => {
      const said = h264Parameters(hex(avcC))
      assert.deepEqual([said?.frameRate, said?.mayBeFields], [frameRate, mayBeFields])
    })
  }

  it('say nothing of it where they are cut off within it, or where it makes no sense', () => {
    const [, whole = ''] = TIMINGS[0] ?? []
    const bytes = hex(whole)
    // The length of the set stands in two bytes, and the timing at its end.
    const cut = Buffer.from(bytes)
    cut.writeUInt16BE(bytes.readUInt16BE(6) - 9, 6)
    assert.deepEqual([h264Parameters(cut)?.width, h264Parameters(cut)?.frameRate], [320, null])
    const still = Buffer.from(bytes)
    still.fill(0, bytes.indexOf(hex('03c0f1')), bytes.indexOf(hex('03c0f1')) + 2)
    assert.equal(h264Parameters(still)?.frameRate ?? null, null)
  })
})

describe('the parameters of AAC', () => {
  for (const [name, config, profile, sampleRate, channels] of SOUNDS) {
    it(`say profile, rate and channels: ${name}`, () => {
      assert.deepEqual(aacParameters(hex(config)), { profile, sampleRate, channels })
    })
  }
})

describe('parameters that make no sense', () => {
  it('are none: they end too early', () => {
    const avcC = hex(PICTURES[0]?.[0] ?? '')
    for (let length = 0; length < 20; length++)
      assert.equal(h264Parameters(avcC.subarray(0, length)), null, `${length}`)
    for (let length = 0; length < 2; length++) assert.equal(aacParameters(hex('1190').subarray(0, length)), null)
  })

  it('are none, or something that can be, whatever stands there', () => {
    let seed = 1
    const random = () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31
      return seed >> 16
    }
    const beginnings = PICTURES.map(([avcC]) => hex(avcC))
    for (let round = 0; round < 20_000; round++) {
      const bytes = Buffer.from(beginnings[round % beginnings.length] ?? [])
      for (let change = 0; change < 1 + (round % 5); change++) bytes[random() % bytes.length] = random() & 0xff
      const picture = h264Parameters(bytes)
      if (picture !== null) assert.ok(picture.width > 0 && picture.width <= 16_384 && picture.height <= 16_384)
      const sound = aacParameters(bytes.subarray(9))
      if (sound !== null) assert.ok(sound.sampleRate > 0 && sound.sampleRate <= 192_000)
    }
  })
})
