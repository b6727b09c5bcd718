import type { Packet } from '../stream/packet.ts'
import { COMMA, indexOfComma, LARGEST_PACKET, MINUS, MOST_DIGITS, NINE, PacketLines, ZERO } from './line-reader.ts'

/**
 * What ffprobe is asked to print of each packet. It prints the fields in its own order, not in this one:
 * `codec_type,stream_index,pts_time,dts_time,size,flags[,side data]`; an empty line follows a line with side data
 * (ffprobe 5.1.9 and the static build of 2023 agree but for the length of `flags`: `K_` and `K__`).
 */
const PACKET_ENTRIES = 'packet=codec_type,stream_index,pts_time,dts_time,size,flags:packet_side_data=side_data_type'

/**
 * The arguments that make ffprobe print lines this parser reads; the address follows them.
 *
 * `-correct_ts_overflow 0`: libavformat would otherwise take a publisher that begins anew at 0 for a clock that ran
 * over, when the session joined more than 60 s after the former publisher began, and print 4294967.296 instead of 0
 * (measured with ffprobe 5.1.9 and the static build of 2023). The meter unwraps by itself.
 */
export const PACKET_ARGUMENTS: readonly string[] = [
  '-correct_ts_overflow',
  '0',
  '-show_packets',
  '-show_entries',
  PACKET_ENTRIES,
  '-of',
  'csv=p=0',
]

const DOT = 46
const NEW_EXTRADATA = Buffer.from('New Extradata', 'latin1')
const MEDIA_NAMES: readonly { name: Buffer; media: Packet['media'] }[] = [
  { name: Buffer.from('video,', 'latin1'), media: 'video' },
  { name: Buffer.from('audio,', 'latin1'), media: 'audio' },
  { name: Buffer.from('data,', 'latin1'), media: 'other' },
  { name: Buffer.from('subtitle,', 'latin1'), media: 'other' },
  { name: Buffer.from('attachment,', 'latin1'), media: 'other' },
  { name: Buffer.from('unknown,', 'latin1'), media: 'other' },
]

/**
 * Reads ffprobe's packet lines from the bytes of its output, cut anywhere. It never throws: a line that is no packet
 * line is counted, and a source that prints too many of them `isBroken`.
 */
export class PacketLineParser extends PacketLines {
  #afterSideData = false
  #position = 0

  protected override line(bytes: Buffer, start: number, end: number): void {
    if (end === start) {
      this.#afterSideData = false
      return
    }
    const packet = this.#packet(bytes, start, end)
    if (packet !== null) {
      this.garbage.good()
      this.onPacket(packet)
    } else if (!this.#afterSideData) {
      // The second and later side data of one packet have a line each, before the empty line that ends the packet.
      this.garbage.bad()
    }
  }

  #packet(bytes: Buffer, start: number, end: number): Packet | null {
    const media = this.#media(bytes, start, end)
    if (media === null) return null
    const index = this.#number(bytes, end)
    const pts = this.#number(bytes, end)
    const dts = this.#number(bytes, end)
    const size = this.#number(bytes, end)
    const flags = this.#position
    if (index === null || !Number.isInteger(index) || index < 0) return null
    if (size === null || !Number.isInteger(size) || size < 0 || size > LARGEST_PACKET) return null
    if (Number.isNaN(pts) || Number.isNaN(dts) || flags >= end) return null
    const flagsEnd = indexOfComma(bytes, flags, end)
    this.#afterSideData = flagsEnd < end
    return {
      media,
      index,
      pts,
      dts,
      size,
      keyframe: bytes[flags] === 75, // K
      newExtradata: flagsEnd < end && holdsNewExtradata(bytes, flagsEnd + 1, end),
    }
  }

  #media(bytes: Buffer, start: number, end: number): Packet['media'] | null {
    for (const { name, media } of MEDIA_NAMES) {
      if (!startsWith(bytes, start, end, name)) continue
      this.#position = start + name.length
      return media
    }
    return null
  }

  /** Reads a decimal field and the comma behind it. Null when it says `N/A`, NaN when it is no number. */
  #number(bytes: Buffer, end: number): number | null {
    let position = this.#position
    const negative = bytes[position] === MINUS
    if (negative) position++
    const first = position
    let value = 0
    let scale = 0
    let digits = 0
    for (; position < end; position++) {
      const byte = bytes[position] ?? 0
      if (byte >= ZERO && byte <= NINE) {
        value = value * 10 + (byte - ZERO)
        scale *= 10
        digits++
      } else if (byte === DOT && scale === 0) scale = 1
      else break
    }
    this.#position = position + 1
    if (digits > 0 && digits <= MOST_DIGITS && bytes[position] === COMMA && position < end) {
      const magnitude = scale > 1 ? value / scale : value
      return negative ? -magnitude : magnitude
    }
    if (startsWith(bytes, first, end, NOT_AVAILABLE)) {
      this.#position = first + NOT_AVAILABLE.length
      return null
    }
    return Number.NaN
  }
}

const NOT_AVAILABLE = Buffer.from('N/A,', 'latin1')

function startsWith(bytes: Buffer, start: number, end: number, expected: Buffer): boolean {
  if (start + expected.length > end) return false
  for (let i = 0; i < expected.length; i++) if (bytes[start + i] !== expected[i]) return false
  return true
}

function holdsNewExtradata(bytes: Buffer, start: number, end: number): boolean {
  for (let position = start; position + NEW_EXTRADATA.length <= end; position++) {
    if (startsWith(bytes, position, end, NEW_EXTRADATA)) return true
  }
  return false
}
