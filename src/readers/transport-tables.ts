/**
 * The tables of an MPEG transport stream (ISO/IEC 13818-1, 2.4.4): which programmes there are, and which tracks each has.
 * Pure; what is damaged, too long or of no use gives null.
 */

/** Bytes of a packet (2.4.3.2), and what each begins with. */
export const PACKET = 188
export const SYNC = 0x47

/** Whether these are packets, as far as there are bytes of three: from the first byte on, or as a server sends them to who comes late. */
export function isTransport(bytes: Buffer): boolean {
  for (let at = 0; at < PACKET && at + PACKET < bytes.length; at++) {
    const third = bytes[at + 2 * PACKET] ?? SYNC
    if (bytes[at] === SYNC && bytes[at + PACKET] === SYNC && third === SYNC) return true
  }
  return false
}

const PAT = 0
const PMT = 2
/** Bytes of a section, with its first three (2.4.4.4). */
const LONGEST_SECTION = 1024
/** No broadcaster puts more into one stream; a stream that is watched has one. */
const MOST_PROGRAMMES = 64
const MOST_TRACKS = 32

export interface Track {
  pid: number
  /** Its `stream_type` (table 2-34): its codec. */
  type: number
  media: 'video' | 'audio'
}

export interface Programme {
  number: number
  /** Where its clock is. */
  clockPid: number
  tracks: readonly Track[]
  /** All that it names: with tracks that are neither picture nor sound. */
  pids: readonly number[]
}

/** The media whose tracks are others than before; none where it is not known what was before. */
export function otherMedia(
  before: readonly Track[] | null,
  after: readonly Track[] | null,
): ReadonlySet<'video' | 'audio' | 'other'> {
  if (before === null || after === null) return new Set()
  const of = (tracks: readonly Track[], medium: Track['media']) =>
    JSON.stringify(tracks.filter(({ media }) => media === medium))
  return new Set((['video', 'audio'] as const).filter((medium) => of(before, medium) !== of(after, medium)))
}

/** Puts a table together from the packets of its PID. */
export class SectionReader {
  #bytes: Buffer | null = null
  /** The packets that it came in. */
  #packets: Buffer[] = []
  #seen = ''

  /** Takes a packet of this PID; the table when it is whole, whole anew or another one, with the packets that it came in. */
  push(packet: Buffer): { section: Buffer; packets: readonly Buffer[] } | null {
    const payload = payloadOf(packet)
    if (payload === null) return null
    if (isStart(packet)) {
      // The pointer says where the section begins (2.4.4.1).
      this.#bytes = payload.subarray(1 + (payload[0] ?? 0))
      this.#packets = [Buffer.from(packet)]
    } else if (this.#bytes !== null) {
      this.#bytes = Buffer.concat([this.#bytes, payload])
      this.#packets.push(Buffer.from(packet))
    }
    const bytes = this.#bytes
    if (bytes === null || bytes.length < 3) return null
    const length = 3 + (bytes.readUInt16BE(1) & 0xfff)
    if (length > LONGEST_SECTION) this.#bytes = null
    if (length > LONGEST_SECTION || bytes.length < length) return null
    this.#bytes = null
    const section = bytes.subarray(0, length)
    // Tables come several times a second, and are nearly always the same.
    const text = section.toString('latin1')
    if (text === this.#seen || crc32(section) !== 0) return null
    this.#seen = text
    return { section: Buffer.from(section), packets: this.#packets }
  }
}

function isStart(packet: Buffer): boolean {
  return ((packet[1] ?? 0) & 0x40) !== 0
}

/** What a packet carries behind its header and its adaptation field; null where that is nothing. */
function payloadOf(packet: Buffer): Buffer | null {
  const control = (packet[3] ?? 0) & 0x30
  if ((control & 0x10) === 0) return null
  const at = control === 0x30 ? 5 + (packet[4] ?? 0) : 4
  return at < packet.length ? packet.subarray(at) : null
}

export function pidOf(bytes: Buffer, at = 0): number {
  return (((bytes[at + 1] ?? 0) & 0x1f) << 8) | (bytes[at + 2] ?? 0)
}

/** The PID of each programme's own table, by its number; null where it is no such table, or not in force yet. */
export function readProgrammes(section: Buffer): ReadonlyMap<number, number> | null {
  if (section[0] !== PAT || !isInForce(section)) return null
  const programmes = new Map<number, number>()
  for (let at = 8; at + 8 <= section.length && programmes.size < MOST_PROGRAMMES; at += 4) {
    const number = section.readUInt16BE(at)
    // Number 0 is the network's own table.
    if (number !== 0) programmes.set(number, pidOf(section, at + 1))
  }
  return programmes
}

/** Null where it is no such table, or not in force yet. */
export function readProgramme(section: Buffer): Programme | null {
  if (section[0] !== PMT || section.length < 16 || !isInForce(section)) return null
  const end = section.length - 4
  const tracks: Track[] = []
  const pids: number[] = []
  let at = 12 + (section.readUInt16BE(10) & 0xfff)
  while (at + 5 <= end && pids.length < MOST_TRACKS) {
    const type = section[at] ?? 0
    const pid = pidOf(section, at)
    const next = at + 5 + (section.readUInt16BE(at + 3) & 0xfff)
    const media = mediaOf(type, section.subarray(at + 5, Math.min(next, end)))
    pids.push(pid)
    if (media !== null) tracks.push({ pid, type, media })
    at = next
  }
  return { number: section.readUInt16BE(3), clockPid: pidOf(section, 7), tracks, pids }
}

function isInForce(section: Buffer): boolean {
  return ((section[5] ?? 0) & 1) === 1
}

/** ISO/IEC 13818-1, table 2-34, and what ATSC A/53 and AVS put beside it. */
const VIDEO: ReadonlySet<number> = new Set([
  0x01, 0x02, 0x10, 0x1b, 0x1e, 0x1f, 0x20, 0x21, 0x24, 0x33, 0x42, 0xd1, 0xea,
])
const AUDIO: ReadonlySet<number> = new Set([0x03, 0x04, 0x0f, 0x11, 0x1c, 0x2d, 0x81, 0x87])
const PRIVATE = 0x06
/** Descriptors by which DVB names what is in private data: AC-3, E-AC-3, DTS, AAC (ETSI EN 300 468, table 12). */
const AUDIO_DESCRIPTORS: ReadonlySet<number> = new Set([0x6a, 0x7a, 0x7b, 0x7c])
const REGISTRATION = 0x05
const REGISTERED: Readonly<Record<string, Track['media']>> = {
  HEVC: 'video',
  'VVC ': 'video',
  AV01: 'video',
  Opus: 'audio',
  'AC-3': 'audio',
  EAC3: 'audio',
  BSSD: 'audio',
}

function mediaOf(type: number, descriptors: Buffer): Track['media'] | null {
  if (VIDEO.has(type)) return 'video'
  if (AUDIO.has(type)) return 'audio'
  if (type !== PRIVATE) return null
  for (let at = 0; at + 2 <= descriptors.length; at += 2 + (descriptors[at + 1] ?? 0)) {
    const tag = descriptors[at] ?? 0
    if (AUDIO_DESCRIPTORS.has(tag)) return 'audio'
    const name = tag === REGISTRATION ? descriptors.toString('latin1', at + 2, at + 6) : ''
    if (Object.hasOwn(REGISTERED, name)) return REGISTERED[name] ?? null
  }
  return null
}

/** A packet with a table that names one programme alone. */
export function tableOfOne(number: number, pid: number): Buffer {
  const section = Buffer.from([PAT, 0xb0, 13, 0, 1, 0xc1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
  section.writeUInt16BE(number, 8)
  section.writeUInt16BE(0xe000 | pid, 10)
  section.writeUInt32BE(crc32(section.subarray(0, 12)), 12)
  const packet = Buffer.alloc(PACKET, 0xff)
  Buffer.from([SYNC, 0x40, 0, 0x10, 0]).copy(packet)
  section.copy(packet, 5)
  return packet
}

const POLYNOMIAL = 0x04c11db7

/** As annex A has it: 0 over a whole section. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit++) crc = crc < 0 ? (crc << 1) ^ POLYNOMIAL : crc << 1
  }
  return crc >>> 0
}
