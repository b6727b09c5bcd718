import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { Spool } from '../../src/shipping/spool.ts'

const ALL = { lines: 1_000_000, bytes: 100_000_000 }
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`)

describe('lines on disk', () => {
  let folder: string
  let damaged: string[]
  let gone: number
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hmonitor-spool-'))
    damaged = []
    gone = 0
  })
  afterEach(() => rmSync(folder, { recursive: true }))
  const open = () =>
    new Spool(folder, ({ what }, lines) => {
      damaged.push(what)
      gone += lines
    })
  /** All that waits, taken by so many. */
  const drain = (spool: Spool, by = 7) => {
    const all: string[] = []
    while (spool.lines > 0) {
      const lines = spool.peek({ ...ALL, lines: by })
      all.push(...lines)
      spool.drop(lines.length)
    }
    return all
  }

  it('come out as they went in, over restarts, wherever one was in the middle', () => {
    const expected: string[] = []
    let next = 1
    const all: string[] = []
    for (let round = 0; round < 8; round += 1) {
      const spool = open()
      assert.equal(spool.lines, expected.length - all.length)
      const more = numbered(next, next + 9)
      next += 10
      assert.equal(spool.append(more), true)
      expected.push(...more)
      const lines = spool.peek({ ...ALL, lines: 3 + round })
      all.push(...lines)
      spool.drop(lines.length)
    }
    all.push(...drain(open()))
    assert.deepEqual(all, expected)
    assert.deepEqual(readdirSync(folder), ['position.json'])
    const spool = open()
    assert.deepEqual([spool.lines, spool.bytes, spool.peek(ALL)], [0, 0, []])
    spool.append(['after'])
    assert.deepEqual(open().peek(ALL), ['after'], 'a position of a file that is gone is of no other file')
  })

  it('are given within bounds, and one at least', () => {
    const spool = open()
    spool.append(['ä'.repeat(100), 'b', 'c'])
    assert.equal(spool.peek({ lines: 10, bytes: 10 }).length, 1)
    assert.equal(spool.peek({ lines: 2, bytes: 10_000 }).length, 2)
    assert.equal(spool.bytes, 201 + 2 + 2)
  })

  it('give their room back by files', () => {
    const spool = open()
    for (let file = 0; file < 3; file += 1) spool.append([`${file}`.repeat(1_000_001)])
    assert.equal(readdirSync(folder).length, 3)
    spool.drop(2)
    assert.equal(readdirSync(folder).filter((name) => name.endsWith('.ndjson')).length, 1)
    assert.equal(spool.bytes, 1_000_002)
  })

  it('are counted where their file is cut or gone, and the others are given', () => {
    const spool = open()
    spool.append(numbered(1, 5))
    truncateSync(join(folder, '1.ndjson'), Buffer.byteLength('line 1\nline 2\n'))
    assert.deepEqual(spool.peek(ALL), ['line 1', 'line 2'])
    assert.deepEqual([damaged, gone, spool.lines], [['3 of the lines in it are gone'], 3, 2])
    rmSync(join(folder, '1.ndjson'))
    assert.deepEqual(spool.peek(ALL), [])
    assert.deepEqual([gone, spool.lines], [5, 0])
    assert.equal(spool.append(['again']), true)
    assert.deepEqual(spool.peek(ALL), ['again'])
  })

  it('are not joined to the half of a line that a killed process left', () => {
    open().append(['whole'])
    appendFileSync(join(folder, '1.ndjson'), 'half')
    const spool = open()
    spool.append(['next'])
    assert.deepEqual(drain(spool, 1), ['whole', 'half', 'next'])
  })

  it('are all sent again where the position is damaged: whoever gets them knows them', () => {
    const spool = open()
    spool.append(numbered(1, 5))
    spool.drop(2)
    writeFileSync(join(folder, 'position.json'), '{"version":1,')
    assert.deepEqual(open().peek(ALL), numbered(1, 5))
    assert.match(damaged[0] ?? '', /^it is no JSON/)
  })
})
