import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { before, describe, it } from 'node:test'
import { type Piece, TransportStream } from '../../src/readers/transport-stream.ts'
import { pidOf, readProgramme, readProgrammes, SectionReader, tableOfOne } from '../../src/readers/transport-tables.ts'
import { transport } from '../fixtures/transport.ts'

const PACKET = 188

/** What it makes of bytes that come in pieces of so many. */
function cut(bytes: Buffer, size = 1316, stream = new TransportStream()): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(...stream.push(bytes.subarray(at, at + size)))
  return pieces
}

const beginnings = (pieces: readonly Piece[]) =>
  pieces.flatMap(({ begins }) => (begins === null ? [] : [begins.map(({ pid }) => pid)]))
const joined = (pieces: readonly Piece[]) => Buffer.concat(pieces.map(({ bytes }) => bytes))
const pidsIn = (bytes: Buffer) =>
  new Set(Array.from({ length: Math.floor(bytes.length / PACKET) }, (_, at) => pidOf(bytes, at * PACKET)))

describe('an MPEG transport stream', () => {
  let one = Buffer.alloc(0)
  let other = Buffer.alloc(0)
  let two = Buffer.alloc(0)
  let second = Buffer.alloc(0)
  before(async () => {
    const read = async (...[options]: Parameters<typeof transport>) => readFileSync(await transport(options))
    one = await read({})
    other = await read({ pid: 0x200, table: 0x1200, size: '240x136' })
    two = await read({ programmes: [1, 2] })
    second = await read({ programmes: [2], version: 1 })
  })

  for (const size of [1, 187, 188, 1000, 1316, 65_536, 1e9]) {
    it(`is cut where other tracks begin, in pieces of ${size} bytes`, () => {
      const some = [one.subarray(0, 100 * PACKET), other.subarray(0, 100 * PACKET)]
      const pieces = cut(Buffer.concat(some), size)
      assert.deepEqual(beginnings(pieces), [
        [0x100, 0x101],
        [0x200, 0x201],
      ])
      const at = pieces.findLastIndex(({ begins }) => begins !== null)
      assert.equal(pidsIn(joined(pieces.slice(0, at))).has(0x200), false)
      assert.equal(pidsIn(joined(pieces.slice(at))).has(0x100), false)
    })
  }

  it('begins once, with its tables, whatever packets stand before them', () => {
    for (const size of [188, 1316, 1e9]) {
      const [first, ...others] = cut(one.subarray(0, 100 * PACKET), size)
      assert.deepEqual(
        first?.begins?.map(({ pid }) => pid),
        [0x100, 0x101],
      )
      assert.ok(others.every(({ begins }) => begins === null))
    }
  })

  it('loses the second of two packets that are the same, but for a clock, and no other one', () => {
    const packets = Array.from({ length: 200 }, (_, at) => one.subarray(at * PACKET, (at + 1) * PACKET))
    const twice = packets.flatMap((packet) => {
      const again = Buffer.from(packet)
      // A clock (PCR) is the one thing that may differ: it stands in the first bytes behind the length and the flags.
      const hasClock = ((again[3] ?? 0) & 0x20) !== 0 && (again[4] ?? 0) > 6 && ((again[5] ?? 0) & 0x10) !== 0
      if (hasClock) again.writeUInt32BE(again.readUInt32BE(6) + 1, 6)
      return pidOf(packet, 0) >= 0x100 && pidOf(packet, 0) < 0x1000 ? [packet, again] : [packet]
    })
    const expected = joined(cut(Buffer.concat(packets)))
    assert.ok(twice.length > 350)
    assert.ok(joined(cut(Buffer.concat(twice))).equals(expected))
    // A packet of which only the counter is the same is another one.
    const other = Buffer.from(packets.findLast((packet) => pidOf(packet, 0) === 0x100) ?? assert.fail())
    other[187] = (other[187] ?? 0) ^ 1
    assert.equal(joined(cut(Buffer.concat([...packets, other]))).length, expected.length + PACKET)
  })

  it('begins with its tables for every reader', () => {
    const pieces = cut(Buffer.concat([one, other]))
    for (const { bytes } of pieces.filter(({ begins }) => begins !== null)) {
      const table = new SectionReader().push(bytes.subarray(0, PACKET))
      const programmes = table && readProgrammes(table.section)
      assert.equal(programmes?.size, 1)
      assert.equal(programmes?.get(1), pidOf(bytes, PACKET))
    }
  })

  it('is found where it begins in the middle of a packet', () => {
    const pieces = cut(one.subarray(100))
    assert.deepEqual(beginnings(pieces), [[0x100, 0x101]])
    const [first] = pieces
    assert.equal(first?.bytes[0], 0x47)
  })

  it('goes on behind bytes that are none of it', () => {
    const damaged = Buffer.concat([one.subarray(0, 50 * PACKET), Buffer.alloc(77), one.subarray(50 * PACKET)])
    const [whole, rest] = [joined(cut(one)), joined(cut(damaged))]
    assert.ok(whole.length - rest.length <= PACKET, `${whole.length - rest.length}`)
  })

  it('is one programme of several, and stays that one', () => {
    const pieces = cut(two)
    assert.deepEqual(beginnings(pieces), [[0x100, 0x101]])
    const pids = pidsIn(joined(pieces))
    assert.deepEqual(
      [0x100, 0x101, 0x102, 0x103].map((pid) => pids.has(pid)),
      [true, true, false, false],
    )
  })

  it('is the other programme where the first one is not there any more', () => {
    const stream = new TransportStream()
    cut(two, 1316, stream)
    assert.deepEqual(beginnings(cut(second, 1316, stream)), [[0x100, 0x101]])
  })

  it('does not begin anew where its tables come in another version and say the same', async () => {
    const same = readFileSync(await transport({ version: 5 }))
    assert.equal(beginnings(cut(Buffer.concat([one, same]))).length, 1)
  })

  it('does not believe a damaged table', () => {
    const damaged = Buffer.from(one.subarray(0, 100 * PACKET))
    for (let at = 0; at < damaged.length; at += PACKET) {
      // The PID of its first track.
      if (pidOf(damaged, at) === 0x1000) damaged[at + 19] = (damaged[at + 19] ?? 0) ^ 1
    }
    assert.equal(beginnings(cut(Buffer.concat([one, damaged]))).length, 1)
  })

  it('is handed on as it comes where it is something else, and where it has no tables', () => {
    const text = Buffer.from('x'.repeat(10_000))
    const pieces = cut(text)
    assert.equal(beginnings(pieces).length, 0)
    assert.deepEqual(joined(pieces), text)
    const bare = Buffer.concat(
      Array.from({ length: 8000 }, () => Buffer.concat([Buffer.from([0x47, 1, 0, 0x10]), Buffer.alloc(184)])),
    )
    assert.deepEqual(joined(cut(bare)), bare.subarray(0, joined(cut(bare)).length))
    assert.ok(joined(cut(bare)).length > 1e6)
  })

  it('survives whatever may come', () => {
    let seed = 1
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed
    }
    for (let round = 0; round < 200; round++) {
      const bytes = Buffer.from(two.subarray(0, 60 * PACKET))
      for (let change = 0; change < 40; change++) bytes[random() % bytes.length] = random() & 0xff
      assert.ok(joined(cut(bytes, 1 + (random() % 3000))).length <= bytes.length + 50 * PACKET)
    }
  })
})

describe('a table', () => {
  it('of one programme is read as it was written', () => {
    const table = new SectionReader().push(tableOfOne(7, 0x1abc))
    assert.deepEqual(table && [...(readProgrammes(table.section) ?? [])], [[7, 0x1abc]])
  })

  it('is handed on once, until it says something else', () => {
    const reader = new SectionReader()
    assert.ok(reader.push(tableOfOne(1, 0x100)))
    assert.equal(reader.push(tableOfOne(1, 0x100)), null)
    assert.ok(reader.push(tableOfOne(1, 0x101)))
  })

  it('names sound in private data by its descriptors, and neither subtitles nor cues as media', () => {
    const stream = (type: number, pid: number, descriptors: readonly number[]) => [
      ...[type, 0xe0 | (pid >> 8), pid & 0xff, 0xf0, descriptors.length],
      ...descriptors,
    ]
    const body = [
      ...stream(0x24, 0x100, []),
      ...stream(0x06, 0x101, [0x6a, 1, 0]),
      ...stream(0x06, 0x102, [0x59, 2, 0, 0]),
      ...stream(0x86, 0x103, [0x05, 4, 0x43, 0x55, 0x45, 0x49]),
      ...stream(0x06, 0x104, [0x05, 4, 0x4f, 0x70, 0x75, 0x73]),
    ]
    const head = [2, 0xb0, 9 + body.length + 4, 0, 1, 0xc1, 0, 0, 0xe1, 0x00, 0xf0, 0]
    const programme = readProgramme(Buffer.from([...head, ...body, 0, 0, 0, 0]))
    assert.deepEqual(
      programme?.tracks.map(({ pid, media }) => [pid, media]),
      [
        [0x100, 'video'],
        [0x101, 'audio'],
        [0x104, 'audio'],
      ],
    )
    assert.deepEqual(programme?.pids, [0x100, 0x101, 0x102, 0x103, 0x104])
  })
})
