/** What the parameters of H.264 and AAC, as FLV carries them, say of picture and sound. Pure; what makes no sense is null. */

export interface PictureParameters {
  /** As FFmpeg names it; null where it has no name for it. */
  profile: string | null
  /** Ten times the level: 31 is 3.1. */
  level: number
  /** Pixels that are shown. */
  width: number
  height: number
  /** Pictures per second, as the encoder's timing has it; null where it has none that makes sense. */
  frameRate: number | null
  /** Whether a picture may come as two fields. */
  mayBeFields: boolean
}

export interface SoundParameters {
  /** As FFmpeg names it; null where it has no name for it. */
  profile: string | null
  /** Hz. */
  sampleRate: number
  /** Null where the frames say it. */
  channels: number | null
}

const H264_PROFILES: Readonly<Record<number, string>> = {
  44: 'CAVLC 4:4:4',
  66: 'Baseline',
  77: 'Main',
  88: 'Extended',
  100: 'High',
  110: 'High 10',
  122: 'High 4:2:2',
  244: 'High 4:4:4 Predictive',
}
/** Whose sequence parameter sets say the sampling of colours (H.264, 7.3.2.1.1). */
const WITH_CHROMA: ReadonlySet<number> = new Set([100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135])
/** Pixels on a side of a picture that are believed. */
const LARGEST = 16_384
/** Bytes of a sequence parameter set that are read: what is wanted stands at its beginning. */
const READ = 512

/** @param avcC an AVCDecoderConfigurationRecord (ISO/IEC 14496-15, 5.3.3.1) */
export function h264Parameters(avcC: Uint8Array): PictureParameters | null {
  const [version, , , , , sets = 0, high = 0, low = 0] = avcC
  const length = high * 256 + low
  if (version !== 1 || (sets & 0x1f) === 0 || length < 4 || 8 + length > avcC.length) return null
  // Without the type of the NAL unit.
  return sequenceParameters(new Bits(withoutEmulation(avcC.subarray(9, 8 + Math.min(length, READ)))))
}

function sequenceParameters(bits: Bits): PictureParameters | null {
  const profile = bits.fixed(8)
  const constraints = bits.fixed(8)
  const level = bits.fixed(8)
  bits.golomb()
  let chroma = 1
  let isPlanar = false
  if (WITH_CHROMA.has(profile)) {
    chroma = bits.golomb()
    if (chroma === 3) isPlanar = bits.fixed(1) === 1
    bits.golomb()
    bits.golomb()
    bits.fixed(1)
    if (bits.fixed(1) === 1) passScaling(bits, chroma === 3 ? 12 : 8)
  }
  bits.golomb()
  passOrder(bits)
  bits.golomb()
  bits.fixed(1)
  const columns = bits.golomb() + 1
  const rows = bits.golomb() + 1
  const isFrame = bits.fixed(1)
  if (isFrame === 0) bits.fixed(1)
  bits.fixed(1)
  const [left, right, top, bottom] =
    bits.fixed(1) === 1 ? [bits.golomb(), bits.golomb(), bits.golomb(), bits.golomb()] : [0, 0, 0, 0]
  const isHalved = { across: !isPlanar && (chroma === 1 || chroma === 2), down: !isPlanar && chroma === 1 }
  const width = columns * 16 - (left + right) * (isHalved.across ? 2 : 1)
  const height = (2 - isFrame) * (rows * 16 - (top + bottom) * (isHalved.down ? 2 : 1))
  if (bits.isOver || !(width > 0 && width <= LARGEST && height > 0 && height <= LARGEST)) return null
  const isConstrained = profile === 66 && (constraints & 0x40) !== 0
  const name = isConstrained ? 'Constrained Baseline' : (H264_PROFILES[profile] ?? null)
  return { profile: name, level, width, height, frameRate: timing(bits), mayBeFields: isFrame === 0 }
}

/** Of H.264, annex E.1.1: a tick is half of a picture. */
function timing(bits: Bits): number | null {
  if (bits.fixed(1) === 0) return null
  if (bits.fixed(1) === 1 && bits.fixed(8) === EXTENDED_ASPECT) bits.fixed(32)
  if (bits.fixed(1) === 1) bits.fixed(1)
  if (bits.fixed(1) === 1) {
    bits.fixed(4)
    if (bits.fixed(1) === 1) bits.fixed(24)
  }
  if (bits.fixed(1) === 1) {
    bits.golomb()
    bits.golomb()
  }
  if (bits.fixed(1) === 0) return null
  const [tick, scale] = [bits.fixed(32), bits.fixed(32)]
  const rate = tick === 0 ? 0 : scale / (2 * tick)
  return !bits.isOver && rate >= SLOWEST && rate <= FASTEST ? rate : null
}

/** Aspect ratio: its two numbers follow. */
const EXTENDED_ASPECT = 255
/** Pictures per second that are believed. */
const SLOWEST = 1
const FASTEST = 300

function passScaling(bits: Bits, lists: number): void {
  for (let list = 0; list < lists; list++) {
    if (bits.fixed(1) === 0) continue
    let [last, next] = [8, 8]
    for (let at = 0; at < (list < 6 ? 16 : 64); at++) {
      if (next !== 0) next = (last + bits.signedGolomb() + 256) & 0xff
      if (next !== 0) last = next
    }
  }
}

function passOrder(bits: Bits): void {
  const type = bits.golomb()
  if (type === 0) bits.golomb()
  if (type !== 1) return
  bits.fixed(1)
  bits.golomb()
  bits.golomb()
  const cycle = Math.min(255, bits.golomb())
  for (let at = 0; at < cycle; at++) bits.golomb()
}

const SAMPLE_RATES = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350] as const
const CHANNELS = [null, 1, 2, 3, 4, 5, 6, 8] as const
const AAC_PROFILES: Readonly<Record<number, string>> = { 1: 'Main', 2: 'LC', 3: 'SSR', 4: 'LTP', 23: 'LD', 39: 'ELD' }
/** Object types that extend another one: by spectral band replication, and parametric stereo with it. */
const SBR = 5
const PARAMETRIC_STEREO = 29
/** What stands before such an extension where it was added behind what older decoders read (1.6.5.3). */
const EXTENSION = { sbr: 0x2b7, stereo: 0x548 } as const

/** @param config an AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1) */
export function aacParameters(config: Uint8Array): SoundParameters | null {
  const bits = new Bits(config)
  const type = objectType(bits)
  const own = sampleRate(bits)
  const channels = CHANNELS[bits.fixed(4)] ?? null
  // Of what is extended the first rate is that of the core.
  const isExtended = type === SBR || type === PARAMETRIC_STEREO
  const rate = isExtended ? sampleRate(bits) : own
  if (bits.isOver || rate === null) return null
  const added = isExtended || channels === null ? null : extensionIn(bits)
  if (type === PARAMETRIC_STEREO || added?.isStereo) {
    return { profile: 'HE-AACv2', sampleRate: added?.sampleRate ?? rate, channels: 2 }
  }
  if (type === SBR || added) return { profile: 'HE-AAC', sampleRate: added?.sampleRate ?? rate, channels }
  return { profile: AAC_PROFILES[type] ?? null, sampleRate: rate, channels }
}

function extensionIn(bits: Bits): { sampleRate: number; isStereo: boolean } | null {
  bits.fixed(3)
  if (bits.fixed(11) !== EXTENSION.sbr || objectType(bits) !== SBR || bits.fixed(1) === 0) return null
  const rate = sampleRate(bits)
  const isStereo = bits.fixed(11) === EXTENSION.stereo && bits.fixed(1) === 1
  return rate === null ? null : { sampleRate: rate, isStereo }
}

function objectType(bits: Bits): number {
  const type = bits.fixed(5)
  return type === 31 ? 32 + bits.fixed(6) : type
}

function sampleRate(bits: Bits): number | null {
  const index = bits.fixed(4)
  const rate = index === 15 ? bits.fixed(24) : (SAMPLE_RATES[index] ?? 0)
  return rate > 0 && rate <= 192_000 ? rate : null
}

/** H.264, 7.4.1: a byte 3 after two of 0 stands there for the sake of start codes. */
function withoutEmulation(bytes: Uint8Array): Uint8Array {
  return bytes.filter((byte, at) => !(byte === 3 && at >= 2 && bytes[at - 1] === 0 && bytes[at - 2] === 0))
}

/** Bits in the order in which they are written; zeros behind the end. */
class Bits {
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  /** Whether more was read than there is. */
  get isOver(): boolean {
    return this.#at > this.#bytes.length * 8
  }

  /** @param length 1 to 32 */
  fixed(length: number): number {
    let value = 0
    for (let bit = 0; bit < length; bit++, this.#at++) {
      value = value * 2 + (((this.#bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1)
    }
    return value
  }

  /** H.264, 9.1: ue(v). */
  golomb(): number {
    let zeros = 0
    while (zeros < 24 && this.fixed(1) === 0) zeros++
    return zeros === 0 ? 0 : 2 ** zeros - 1 + this.fixed(zeros)
  }

  /** H.264, 9.1.1: se(v). */
  signedGolomb(): number {
    const value = this.golomb()
    return value % 2 === 1 ? (value + 1) / 2 : -value / 2
  }
}
