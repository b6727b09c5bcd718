import { RepeatedPackets } from './repeated-packets.ts'
import {
  PACKET,
  type Programme,
  pidOf,
  readProgramme,
  readProgrammes,
  SectionReader,
  SYNC,
  type Track,
  tableOfOne,
} from './transport-tables.ts'

/** Bytes that are kept until the tables have shown: a second of 8 Mb/s, which has each of them twice. */
const MOST_HELD = 1024 * 1024
/** Bytes without two packets on end after which it is no transport stream. */
const MOST_LOOKED = 16 * PACKET

/** A stretch of a stream that one and the same reader can read. */
export interface Piece {
  /** The tracks that begin with it, where they are others than before: those before are over. Null: it goes on. */
  begins: readonly Track[] | null
  bytes: Buffer
}

interface OwnTable {
  reader: SectionReader
  programme: Programme | null
  packets: readonly Buffer[]
}

/**
 * Cuts an MPEG transport stream where its tables say that other tracks begin: another encoder took over, or one was added.
 * Readers of FFmpeg go by what they saw at their beginning. Of several programmes it hands on one, and stays with it as
 * long as there is that one: of those with a picture or a sound, the one of the lowest number.
 */
export class TransportStream {
  #rest: Buffer = Buffer.alloc(0)
  /** Nothing of it is known: it goes on as it comes. */
  #isOther = false
  #isAligned = false
  #wasFound = false
  /** Kept until the tables are known. */
  #held: Buffer[] = []
  #heldBytes = 0
  readonly #programmes = new SectionReader()
  /** By programme number: the PID of its table. */
  #tablePids: ReadonlyMap<number, number> = new Map()
  readonly #tables = new Map<number, OwnTable>()
  #chosen: Programme | null = null
  #chosenKey = ''
  /** PIDs of the other programmes, which are left out. */
  #others: ReadonlySet<number> = new Set()
  /** PIDs of the tracks that are read. */
  #read: ReadonlySet<number> = new Set()
  readonly #repeated = new RepeatedPackets()

  /** What a reader that begins now is to be given first. */
  tables(): Buffer {
    const chosen = this.#chosen
    const pid = chosen && this.#tablePids.get(chosen.number)
    if (chosen === null || pid == null) return Buffer.alloc(0)
    return Buffer.concat([tableOfOne(chosen.number, pid), ...(this.#tables.get(pid)?.packets ?? [])])
  }

  /** Takes the next bytes, cut anywhere. */
  push(bytes: Buffer): Piece[] {
    if (this.#isOther) return [{ begins: null, bytes }]
    const all = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes])
    const pieces: Piece[] = []
    let from = -1
    let at = 0
    const keep = (to: number, isKnown = this.#chosen !== null) => {
      if (from >= 0 && to > from) this.#keep(pieces, all.subarray(from, to), isKnown)
      from = -1
    }
    while (at + PACKET <= all.length) {
      // Where it is not known where packets begin, two of them on end show it.
      if (!this.#isAligned && at + PACKET >= all.length) break
      if (all[at] !== SYNC || (!this.#isAligned && all[at + PACKET] !== SYNC)) {
        keep(at)
        this.#isAligned = false
        at++
        continue
      }
      this.#isAligned = true
      this.#wasFound = true
      const pid = pidOf(all, at)
      const wasKnown = this.#chosen !== null
      const tables = this.#look(pid, all.subarray(at, at + PACKET))
      if (tables === 'other-tracks') {
        keep(at, wasKnown)
        this.#begin(pieces)
      } else if (this.#isLeftOut(pid) || this.#isRepeated(pid, all, at)) keep(at)
      else if (from < 0) from = at
      at += PACKET
    }
    keep(at)
    // What nothing was found in yet may have to be handed on after all.
    this.#rest = Buffer.from(this.#wasFound ? all.subarray(at) : all)
    return this.#rest.length > MOST_LOOKED ? this.#giveUp() : pieces
  }

  /** @param isKnown whether the tables were, before these bytes: else they are held until they are */
  #keep(pieces: Piece[], bytes: Buffer, isKnown: boolean): void {
    const last = pieces.at(-1)
    if (isKnown) {
      if (last?.begins) last.bytes = Buffer.concat([last.bytes, bytes])
      else pieces.push({ begins: null, bytes })
      return
    }
    this.#held.push(Buffer.from(bytes))
    this.#heldBytes += bytes.length
    if (this.#heldBytes > MOST_HELD) {
      this.#isOther = true
      pieces.push({ begins: null, bytes: this.#release() })
    }
  }

  #release(): Buffer {
    const held = Buffer.concat(this.#held)
    this.#held = []
    this.#heldBytes = 0
    return held
  }

  #giveUp(): Piece[] {
    this.#isOther = true
    return [{ begins: null, bytes: this.#rest }]
  }

  /** Takes a packet of a table; `other-tracks`: it tells of others than those that are read. */
  #look(pid: number, packet: Buffer): 'other-tracks' | null {
    if (pid === 0) {
      const whole = this.#programmes.push(packet)
      const programmes = whole && readProgrammes(whole.section)
      if (!programmes) return null
      this.#tablePids = programmes
      const known = new Set(programmes.values())
      for (const old of this.#tables.keys()) if (!known.has(old)) this.#tables.delete(old)
      for (const one of known) {
        if (!this.#tables.has(one)) this.#tables.set(one, { reader: new SectionReader(), programme: null, packets: [] })
      }
    } else {
      const table = this.#tables.get(pid)
      const whole = table?.reader.push(packet)
      const programme = whole ? readProgramme(whole.section) : null
      if (!table || !whole || programme === null) return null
      table.programme = programme
      table.packets = whole.packets
    }
    return this.#choose()
  }

  #choose(): 'other-tracks' | null {
    const present = [...this.#tablePids].flatMap(([number, pid]) => {
      const programme = this.#tables.get(pid)?.programme
      return programme?.number === number ? [programme] : []
    })
    const isKnown = present.length === this.#tablePids.size
    const same = present.find(({ number }) => number === this.#chosen?.number)
    const first = present
      .filter(({ tracks }) => tracks.length > 0)
      .sort((a, b) => a.number - b.number)
      .at(0)
    // What is read goes on until all tables of what is there instead are known.
    const chosen = same ?? (isKnown ? first : undefined)
    if (chosen === undefined || chosen.tracks.length === 0) return null
    const own = new Set([...chosen.pids, chosen.clockPid, this.#tablePids.get(chosen.number)])
    const theirs = present.filter((one) => one !== chosen).flatMap((one) => [...one.pids, one.clockPid])
    const tables = [...this.#tablePids.values()]
    this.#others = new Set([...theirs, ...tables].filter((pid) => !own.has(pid)))
    this.#chosen = chosen
    const key = JSON.stringify([chosen.number, chosen.tracks])
    if (key === this.#chosenKey) return null
    this.#chosenKey = key
    this.#read = new Set(chosen.tracks.map(({ pid }) => pid))
    this.#repeated.reset()
    return 'other-tracks'
  }

  #begin(pieces: Piece[]): void {
    // A table that says other tracks before the first ones were read leaves nothing of these.
    const held = this.#release()
    pieces.push({
      begins: this.#chosen?.tracks ?? [],
      bytes: Buffer.concat([this.tables(), this.#withoutOthers(held)]),
    })
  }

  #withoutOthers(bytes: Buffer): Buffer {
    const packets: Buffer[] = []
    for (let at = 0; at + PACKET <= bytes.length; at += PACKET) {
      if (!this.#isLeftOut(pidOf(bytes, at))) packets.push(bytes.subarray(at, at + PACKET))
    }
    return Buffer.concat(packets)
  }

  #isRepeated(pid: number, bytes: Buffer, at: number): boolean {
    return this.#read.has(pid) && this.#repeated.has(pid, bytes, at)
  }

  #isLeftOut(pid: number): boolean {
    if (this.#others.has(pid)) return true
    // Its own table of all programmes would have readers wait for those that are left out.
    return pid === 0 && this.#tablePids.size > 1
  }
}
