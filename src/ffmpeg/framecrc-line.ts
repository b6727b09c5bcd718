import type { Packet } from '../stream/packet.ts'
import { COMMA, indexOfComma, LARGEST_PACKET, MINUS, MOST_DIGITS, NINE, PacketLines, ZERO } from './line-reader.ts'

/**
 * Added to the DTS, so that it never is a duration that a muxer would replace: one of 0 or less.
 * Time stamps stay below it (33 bits), and doubles hold their sum to the digit.
 */
const OFFSET = 2 ** 40

/**
 * ffmpeg's output options that make it print packets as this parser reads them.
 *
 * ffmpeg's own time stamps never go back: it holds those of a publisher that begins anew at the last one of the former.
 * So each packet carries its DTS as its duration, and has a mere number for a time stamp (measured with 5.1.9 and
 * 7.0.2; in 7.0.2 the PTS of audio would not do, because the muxer replaces it). What PTS and DTS differ by is added to
 * the PTS of video; of audio they are the same. Because of the numbers no packet waits longer than for the next one,
 * whichever track that is of; otherwise each track would wait for the other.
 *
 * @param isNamed whether tables name the tracks: one that is named and does not come would keep ffmpeg from beginning, so only
 *   those that are known are taken. Where none are named, one that is not known is beyond this ffmpeg, which has to say so
 */
export function packetOutput(isNamed: boolean): readonly string[] {
  const known = isNamed ? ':u' : ''
  return [
    ...['-map', `0:V${known}?`, '-map', `0:a${known}?`, '-c', 'copy', '-copyinkf'],
    ...['-bsf:v', `setts=ts=N:pts=N+abs(PTS-DTS):duration=DTS+${OFFSET}`],
    ...['-bsf:a', `setts=ts=N:duration=DTS+${OFFSET}`],
    ...['-max_interleave_delta', '1', '-flush_packets', '1', '-f', 'framecrc', 'pipe:1'],
  ]
}

/** Tracks that are told apart; a stream that is watched has two. */
const MOST_TRACKS = 64

const HASH = 35
const SPACE = 32
const EQUALS = 61
const CAPITAL_F = 70
const CAPITAL_S = 83
const LOWER_X = 120

/** Sizes of side data that comes with packets and is no codec parameters: MPEG-TS stream ids, samples to skip. */
const OTHER_SIDE_DATA: readonly number[] = [1, 10]
/** What stands in the place of a time stamp that there is not. */
const NONE = 'NOPTS'
const NAMED_EXTRADATA = 'New Extradata'

interface TrackHeader {
  media: Packet['media']
  /** Seconds per unit of its time stamps; null until the header has said. */
  unit: number | null
}

/**
 * Reads the packets that ffmpeg's `framecrc` muxer prints with `packetOutput`, from bytes cut anywhere. Its header says
 * what each track is (`#media_type 0: video`, `#tb 0: 1/1000`), then a line per packet follows:
 * `track, dts, pts, duration, size, crc[, F=flags][, S=number of side data, size of each …]`, where `F` is left out of
 * key frames and some versions print a check sum or a name with the sizes. It never throws.
 */
export class FramecrcParser extends PacketLines {
  readonly #tracks = new Map<number, TrackHeader>()
  #position = 0

  protected override line(bytes: Buffer, start: number, end: number): void {
    if (end === start) return
    if (bytes[start] === HASH) {
      this.#header(bytes.toString('latin1', start, end))
      return
    }
    const packet = this.#packet(bytes, start, end)
    if (packet === null) {
      this.garbage.bad()
      return
    }
    this.garbage.good()
    this.onPacket(packet)
  }

  #header(line: string): void {
    const [, name, track, value] = /^#(tb|media_type) (\d{1,2}): (\S{1,40})$/.exec(line) ?? []
    if (value === undefined) return
    const index = Number(track)
    if (index >= MOST_TRACKS) return
    const header = this.#tracks.get(index) ?? { media: 'other', unit: null }
    this.#tracks.set(index, header)
    if (name === 'tb') header.unit = fraction(value)
    else header.media = value === 'video' || value === 'audio' ? value : 'other'
  }

  #packet(bytes: Buffer, start: number, end: number): Packet | null {
    this.#position = start
    const index = this.#integer(bytes, end)
    const number = this.#integer(bytes, end)
    const presented = this.#numberOrNone(bytes, end)
    const dts = this.#integer(bytes, end)
    const size = this.#integer(bytes, end)
    const crc = this.#position + 1
    if (Number.isNaN(index + number + presented + dts + size) || size < 0 || size > LARGEST_PACKET) return null
    if (bytes[crc] !== ZERO || bytes[crc + 1] !== LOWER_X || crc + 1 >= end) return null
    const { unit = null, media = 'other' } = this.#tracks.get(index) ?? {}
    if (unit === null) return null
    let position = indexOfComma(bytes, crc, end)
    let keyframe = true
    if (position + 3 < end && bytes[position + 2] === CAPITAL_F && bytes[position + 3] === EQUALS) {
      const next = indexOfComma(bytes, position + 1, end)
      // The lowest bit of the flags: libavcodec's AV_PKT_FLAG_KEY.
      keyframe = isOddHexDigit(bytes[next - 1])
      position = next
    }
    return {
      media,
      index,
      pts: presented === Number.POSITIVE_INFINITY ? null : (dts - OFFSET + presented - number) * unit,
      dts: (dts - OFFSET) * unit,
      size,
      keyframe,
      newExtradata:
        position + 3 < end &&
        bytes[position + 2] === CAPITAL_S &&
        holdsParameters(bytes.toString('latin1', position, end)),
    }
  }

  /** The same, and infinity for `NOPTS`: a packet without a time stamp. */
  #numberOrNone(bytes: Buffer, end: number): number {
    const comma = indexOfComma(bytes, this.#position, end)
    if (bytes[comma - 1] !== CAPITAL_S || bytes.toString('latin1', comma - NONE.length, comma) !== NONE)
      return this.#integer(bytes, end)
    this.#position = comma + 1
    return Number.POSITIVE_INFINITY
  }

  /** Reads a whole number and the comma behind it. NaN when there is none. */
  #integer(bytes: Buffer, end: number): number {
    let position = this.#position
    while (position < end && bytes[position] === SPACE) position++
    const negative = bytes[position] === MINUS
    if (negative) position++
    const first = position
    let value = 0
    for (; position < end; position++) {
      const byte = bytes[position] ?? 0
      if (byte < ZERO || byte > NINE) break
      value = value * 10 + (byte - ZERO)
    }
    const digits = position - first
    if (digits === 0 || digits > MOST_DIGITS || position >= end || bytes[position] !== COMMA) return Number.NaN
    this.#position = position + 1
    return negative ? -value : value
  }
}

/** `1/1000`, in seconds. */
function fraction(text: string): number | null {
  const [, numerator, denominator] = /^(\d{1,10})\/(\d{1,10})$/.exec(text) ?? []
  const value = Number(numerator) / Number(denominator)
  return value > 0 && Number.isFinite(value) ? value : null
}

function isOddHexDigit(byte: number | undefined): boolean {
  return Number.parseInt(String.fromCharCode(byte ?? 0), 16) % 2 === 1
}

/** Whether side data (`, S=1,       45`) is new parameters of the codec: by its name, or by its size without one. */
function holdsParameters(sideData: string): boolean {
  if (sideData.includes(NAMED_EXTRADATA)) return true
  const fields = sideData.split(',').slice(2)
  const isNamed = fields.some((field) => /[A-Za-z]/.test(field.replace('0x', '')) && !/^ 0x[0-9a-f]+$/.test(field))
  if (isNamed) return false
  const sizes = fields.filter((field) => !field.includes('0x')).map(Number)
  return sizes.some((size) => size > 0 && !OTHER_SIDE_DATA.includes(size))
}
