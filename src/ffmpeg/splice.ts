import type { Packet } from '../stream/packet.ts'

/** Packets of each medium that have to be the same in both. */
const TAIL = 8
/** Of these, so many have to be of different sizes where the clocks differ: sizes that are all alike tell nothing. */
const TELLING = TAIL / 2
/** Newest packets of each medium of the first reader that are known. */
const HISTORY = 64
/** Packets of the second reader that are kept: more than a playlist's segments hold. */
const MOST_HELD = 8192
/** Seconds. Both read the same time stamps, but a server may begin each player's own clock. */
const SAME_TIME = 0.002
/** Seconds by which the second reader may be behind the first: one that hands on a packet only with the next always is. */
const BEHIND = 0.25
/** Seconds. A medium that has been gone for longer, the second reader need not show. */
const GONE = 3
/** Seconds back: the publisher began anew, and with it the clock that was made to fit. */
const NEW_CLOCK = 1

const MEDIA = ['video', 'audio'] as const
type Medium = (typeof MEDIA)[number]
type Timed = Packet & { dts: number; media: Medium }

/**
 * Joins what a second reader of a stream reads to what the first has read, so that no packet is lost and none counts
 * twice. Where both agree is found by time stamps and sizes; a clock that the server began for the second reader is made
 * to fit the first one's.
 */
export class Splice {
  readonly #read: Record<Medium, Timed[]> = { video: [], audio: [] }
  #held: Timed[] = []
  readonly #indexes = { first: new Map<number, Medium>(), second: new Map<number, Medium>() }
  #offset = 0
  /** By track of the second reader: its newest time stamp. */
  readonly #newest = new Map<number, number>()
  /** By medium: the last that the first reader handed on, until the second has passed it. */
  readonly #passed = new Map<Medium, number>()

  /** A packet of the first reader was handed on. */
  first(packet: Packet): void {
    if (!isTimed(packet)) return
    this.#indexes.first.set(packet.index, packet.media)
    if (packet.index !== lowest(this.#indexes.first, packet.media)) return
    const read = this.#read[packet.media]
    read.push(packet)
    if (read.length > HISTORY) read.shift()
  }

  /**
   * Takes a packet of the second reader. Null until it has caught up; then what follows on what the first has read, once.
   * From then on it is the second's packets that count, each as `adjusted`.
   */
  second(packet: Packet): Packet[] | null {
    if (!isTimed(packet)) return null
    this.#indexes.second.set(packet.index, packet.media)
    this.#held.push(packet)
    if (this.#held.length > MOST_HELD) this.#held = this.#held.slice(MOST_HELD / 2)
    const media = this.#present()
    const offset = packet.media === media[0] ? this.#findOffset(media) : null
    if (offset === null) return null
    this.#offset = offset
    for (const medium of media) this.#passed.set(medium, this.#read[medium].at(-1)?.dts ?? 0)
    const held = this.#held
    this.#held = []
    return held.flatMap((next) => this.adjusted(next) ?? [])
  }

  /**
   * A packet of the second reader on the clock, and with the numbers of the tracks, of the first. Null for one that the
   * first has handed on.
   */
  adjusted(packet: Packet): Packet | null {
    if (!isTimed(packet)) return packet
    const { media, index, dts } = packet
    if (dts < (this.#newest.get(index) ?? dts) - NEW_CLOCK) {
      this.#offset = 0
      this.#passed.clear()
    }
    this.#newest.set(index, dts)
    if (dts + this.#offset <= (this.#passed.get(media) ?? Number.NEGATIVE_INFINITY) + SAME_TIME) return null
    this.#indexes.second.set(index, media)
    const shifted = (time: number) => time + this.#offset
    const pts = packet.pts === null ? null : shifted(packet.pts)
    return { ...packet, index: this.#indexOf(index, media), pts, dts: shifted(dts) }
  }

  /** Media that go on, of which enough is known; the one that tells most comes first. None while there is too little. */
  #present(): Medium[] {
    const newest = Math.max(...MEDIA.map((media) => this.#read[media].at(-1)?.dts ?? Number.NEGATIVE_INFINITY))
    const present = MEDIA.filter(
      (media) => (this.#read[media].at(-1)?.dts ?? Number.NEGATIVE_INFINITY) >= newest - GONE,
    )
    return present.every((media) => this.#read[media].length >= TAIL) ? present : []
  }

  #findOffset(media: readonly Medium[]): number | null {
    const [lead] = media
    if (lead === undefined) return null
    const held = Object.fromEntries(media.map((medium) => [medium, this.#heldOf(medium)]))
    const agree = (offset: number) => media.every((medium) => isJoined(this.#read[medium], held[medium] ?? [], offset))
    if (agree(0)) return 0
    const offset = offsetBySizes(this.#read[lead], held[lead] ?? [])
    return offset !== null && agree(offset) ? offset : null
  }

  #heldOf(media: Medium): Timed[] {
    const index = lowest(this.#indexes.second, media)
    return this.#held.filter((packet) => packet.media === media && packet.index === index)
  }

  /** The tracks of a medium come in the same order in both. */
  #indexOf(index: number, media: Medium): number {
    const rank = ranked(this.#indexes.second, media).indexOf(index)
    return ranked(this.#indexes.first, media)[rank] ?? index
  }
}

function isTimed(packet: Packet): packet is Timed {
  return packet.media !== 'other' && packet.dts !== null
}

/** Whether the second is hardly behind, and the newest that both can have they have. */
function isJoined(first: readonly Timed[], second: readonly Timed[], offset: number): boolean {
  const [newest, reached] = [first.at(-1), second.at(-1)]
  if (newest === undefined || reached === undefined) return false
  const until = reached.dts + offset + SAME_TIME
  if (newest.dts > until + BEHIND) return false
  const common = first.filter(({ dts }) => dts <= until).slice(-TAIL)
  const near = second.slice(-2 * HISTORY)
  return common.length === TAIL && common.every((packet) => near.some((other) => isSame(packet, other, offset)))
}

function isSame(one: Timed, other: Timed, offset: number): boolean {
  return one.size === other.size && Math.abs(other.dts + offset - one.dts) <= SAME_TIME
}

/** How far the clocks are apart where the same sizes come in the same order, and nowhere else. */
function offsetBySizes(first: readonly Timed[], second: readonly Timed[]): number | null {
  const near = second.slice(-HISTORY)
  const offsets: number[] = []
  for (let end = first.length; end >= TAIL; end--) {
    const part = first.slice(end - TAIL, end)
    if (new Set(part.map(({ size }) => size)).size < TELLING) continue
    for (let other = near.length; other >= TAIL; other--) {
      if (!part.every(({ size }, at) => size === near[other - TAIL + at]?.size)) continue
      const offset = (part.at(-1)?.dts ?? 0) - (near[other - 1]?.dts ?? 0)
      if (!offsets.some((known) => Math.abs(known - offset) <= SAME_TIME)) offsets.push(offset)
    }
  }
  return offsets.length === 1 ? (offsets[0] ?? null) : null
}

function ranked(indexes: ReadonlyMap<number, Medium>, media: Medium): number[] {
  return [...indexes].flatMap(([index, of]) => (of === media ? [index] : [])).sort((a, b) => a - b)
}

function lowest(indexes: ReadonlyMap<number, Medium>, media: Medium): number | undefined {
  return ranked(indexes, media)[0]
}
