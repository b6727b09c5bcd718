import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import type { EntryRow } from '../../src/history/crossing.ts'
import { OwnStore } from '../../src/history/own-store.ts'
import { BOUNDS, batch, interval, MAIN, meansOf, openStore, START, sliceRow, statesOf } from './fixtures.ts'

const HOUR = 3600

function entry(changes: Partial<EntryRow> = {}): EntryRow {
  return { type: 'event', of: MAIN, time: START, ended: null, key: null, content: '{"event":"state"}', ...changes }
}
const asked = { ask: 'entries', monitor: 'm1', of: null, from: START - 1, to: START + 1e9, most: 100 } as const

/** Lets the store do all its upkeep. @param seconds after the start */
function keepUp(store: OwnStore, seconds: number): number {
  let steps = 0
  while (store.keepUp(START + seconds * 1000, 1e6 + seconds)) steps += 1
  return steps
}

describe('the store', () => {
  it('answers what was written, also after it was closed', (t) => {
    const { store, path, damaged } = openStore(t)
    assert.equal(store.write([batch({ slices: [sliceRow(0, 1), sliceRow(10, 2)], states: [interval(0, 20)] })]), null)
    store.close()
    const again = openStore(t, path)
    assert.deepEqual(meansOf(again.store), [
      [0, 1],
      [10, 2],
    ])
    assert.deepEqual(statesOf(again.store), [[0, 20, 'ok']])
    assert.deepEqual(damaged, [])
  })

  it('can be read by its user alone', (t) => {
    const { store, path } = openStore(t)
    store.write([batch({ slices: [sliceRow(0, 1)] })])
    for (const file of [path, `${path}-wal`]) assert.equal(statSync(file).mode & 0o777, 0o600, file)
  })

  it('keeps what several monitors say of targets of the same name apart', (t) => {
    const { store } = openStore(t)
    store.write([batch({ slices: [sliceRow(0, 1)] }), batch({ monitor: 'm2', slices: [sliceRow(0, 9)] })])
    assert.deepEqual(meansOf(store), [[0, 1]])
  })

  it('joins slices to longer steps by the time that was measured', (t) => {
    const { store } = openStore(t)
    store.write([batch({ slices: [sliceRow(0, 1), sliceRow(10, 4, 'main', 5), sliceRow(60, 7)] })])
    assert.deepEqual(meansOf(store, { step: 60_000 }), [
      [0, 2],
      [60, 7],
    ])
  })

  it('answers the same when slices are packed', (t) => {
    const { store, path } = openStore(t)
    const slices = Array.from({ length: 180 }, (_, index) => sliceRow(index * 10, index))
    store.write([batch({ slices })])
    const before = meansOf(store)
    assert.ok(keepUp(store, 1500) > 0)
    assert.deepEqual(meansOf(store), before)
    assert.deepEqual(meansOf(store, { from: START + 595_000, to: START + 620_000 }), [
      [600, 60],
      [610, 61],
    ])
    const db = new DatabaseSync(path, { readOnly: true })
    t.after(() => db.close())
    const count = (table: string) => db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n
    assert.deepEqual([count('chunks'), count('slices')], [2, 60])
  })

  it('adds the two parts of a slice in which the monitor began again', (t) => {
    const { store } = openStore(t)
    store.write([batch({ slices: [sliceRow(0, 1, 'main', 4)] })])
    store.write([batch({ slices: [sliceRow(0, 3, 'main', 4)] })])
    assert.deepEqual(meansOf(store), [[0, 2]])
  })

  it('takes what was observed last where the clock was set back, packed or not', (t) => {
    const { store } = openStore(t)
    store.write([batch({ slices: [sliceRow(0, 1), sliceRow(10, 1)] })])
    store.write([batch({ slices: [sliceRow(0, 5)] })])
    keepUp(store, 1200)
    store.write([batch({ slices: [sliceRow(10, 6)] })])
    keepUp(store, 2400)
    assert.deepEqual(meansOf(store), [
      [0, 5],
      [10, 6],
    ])
  })

  it('keeps entries, those with a key once', (t) => {
    const { store } = openStore(t)
    const incident = (content: string, ended: number | null) =>
      entry({ type: 'incident', of: null, key: 'i1', content, ended })
    store.write([batch({ entries: [entry(), entry({ time: START + 5 }), incident('{"severity":"warning"}', null)] })])
    store.write([batch({ entries: [incident('{"severity":"critical"}', START + 60_000)] })])
    const found = store.answer({ ...asked, types: ['event', 'incident'] })
    assert.ok(Array.isArray(found))
    assert.deepEqual(
      found.map((one) => ('content' in one ? [one.type, one.of?.target ?? null, one.content, one.ended] : [])),
      [
        ['event', 'main', { event: 'state' }, null],
        ['incident', null, { severity: 'critical' }, START + 60_000],
        ['event', 'main', { event: 'state' }, null],
      ],
    )
  })

  it('answers entries of the targets that are asked for, and an incident that goes on', (t) => {
    const { store } = openStore(t)
    const other = { kind: 'ping', target: 'gateway' } as const
    const open = entry({ type: 'incident', of: null, key: 'i1', time: START - 9e6 })
    store.write([batch({ entries: [entry(), entry({ of: other }), open] })])
    const events = store.answer({ ...asked, types: ['event'], of: [other] })
    const incidents = store.answer({ ...asked, types: ['incident'] })
    assert.deepEqual(
      [events, incidents].map((found) => Array.isArray(found) && found.length),
      [1, 1],
    )
  })

  describe('of states', () => {
    it('lets the last one grow', (t) => {
      const { store } = openStore(t)
      for (const from of [0, 10, 20]) store.write([batch({ states: [interval(from, from + 10)] })])
      assert.deepEqual(statesOf(store), [[0, 30, 'ok']])
    })

    it('leaves the time unmeasured in which nobody watched', (t) => {
      const { store } = openStore(t)
      store.write([batch({ states: [interval(0, 10)] })])
      store.write([batch({ states: [interval(60, 70)] })])
      assert.deepEqual(statesOf(store), [
        [0, 10, 'ok'],
        [60, 70, 'ok'],
      ])
    })

    it('has one state at each time, also when the clock is set an hour back and forth', (t) => {
      const { store } = openStore(t)
      const write = (from: number, to: number, state: 'ok' | 'down') =>
        store.write([batch({ states: [interval(from, to, state)] })])
      write(0, 2 * HOUR, 'ok')
      write(HOUR, HOUR + 10, 'down')
      write(HOUR + 10, HOUR + 20, 'down')
      write(2 * HOUR + 20, 2 * HOUR + 30, 'ok')
      assert.deepEqual(statesOf(store), [
        [0, HOUR, 'ok'],
        [HOUR, HOUR + 20, 'down'],
        [HOUR + 20, 2 * HOUR, 'ok'],
        [2 * HOUR + 20, 2 * HOUR + 30, 'ok'],
      ])
    })

    it('cuts them to what is asked about', (t) => {
      const { store } = openStore(t)
      store.write([batch({ states: [interval(0, 100)] })])
      assert.deepEqual(statesOf(store, START + 20_000, START + 30_000), [[20, 30, 'ok']])
    })
  })

  describe('is kept small:', () => {
    it('what is older than its days goes', (t) => {
      const { store } = openStore(t)
      const old = entry({ time: START })
      store.write([batch({ slices: [sliceRow(0, 1)], states: [interval(0, 10)], entries: [old] })])
      keepUp(store, 1200)
      keepUp(store, 31 * 24 * HOUR + 1300)
      assert.deepEqual([meansOf(store), statesOf(store)], [[], []])
      assert.deepEqual(store.answer({ ...asked, types: ['event'] }), [])
    })

    it('the oldest goes when it is too large', (t) => {
      const { path } = openStore(t)
      const store = new OwnStore(path, { days: 31, megabytes: 0.15 }, () => {})
      t.after(() => store.close())
      const hours = 100
      for (let hour = 0; hour < hours; hour += 20) {
        const rows = Array.from({ length: 120 * 60 }, (_, index) =>
          sliceRow(hour * HOUR + index * 10, Math.random() * 1e6),
        )
        store.write([batch({ slices: rows })])
        keepUp(store, (hour + 20) * HOUR)
      }
      const extent = store.answer({ ask: 'extent' })
      assert.ok('bytes' in extent && extent.bytes < 250_000, JSON.stringify(extent))
      const from = START + (hours - 1) * HOUR * 1000
      assert.equal(meansOf(store, { from, to: from + 1e9 }).length, 360, 'the newest is there')
    })
  })

  describe('with a file that is', () => {
    for (const [what, spoil] of [
      [
        'no database',
        (path: string) => writeFileSync(path, 'this is no database at all, and never was one'.repeat(100)),
      ],
      [
        'damaged in the middle',
        (path: string) => {
          const bytes = readFileSync(path)
          bytes.fill(0xa5, 4096, 40_960)
          writeFileSync(path, bytes)
        },
      ],
    ] as const) {
      it(`${what}, puts it aside, says so and begins anew`, (t) => {
        const { store, path } = openStore(t)
        store.write([batch({ slices: Array.from({ length: 500 }, (_, index) => sliceRow(index * 10, 1)) })])
        store.close()
        spoil(path)
        const again = openStore(t, path)
        assert.equal(again.store.write([batch({ slices: [sliceRow(0, 7)] })]), null)
        assert.deepEqual(meansOf(again.store), [[0, 7]])
        assert.deepEqual(
          again.damaged.map(({ kept }) => kept),
          [`${path}.damaged`],
        )
        assert.ok(existsSync(`${path}.damaged`))
      })
    }

    it('of a newer version, leaves it as it is', (t) => {
      const { store, path, damaged } = openStore(t)
      store.write([batch({ slices: [sliceRow(0, 1)] })])
      store.close()
      const db = new DatabaseSync(path)
      db.exec('PRAGMA user_version = 99')
      db.close()
      const before = readFileSync(path)
      const fault = store.write([batch({ slices: [sliceRow(10, 1)] })])
      assert.equal(fault?.kind, 'newer')
      assert.match(fault?.message ?? '', /99/)
      assert.deepEqual(readFileSync(path), before)
      assert.deepEqual(damaged, [])
    })

    it('moved away while it is open, begins another', (t) => {
      const { store, path } = openStore(t)
      store.write([batch({ slices: [sliceRow(0, 1)] })])
      renameSync(path, `${path}.moved`)
      assert.equal(store.write([batch({ slices: [sliceRow(10, 2)] })]), null)
      assert.deepEqual(meansOf(store), [[10, 2]])
    })

    it('in use by another process for long, says so and goes on later', (t) => {
      const { store, path } = openStore(t)
      store.write([batch({ slices: [sliceRow(0, 1)] })])
      const other = new DatabaseSync(path)
      t.after(() => other.close())
      other.exec('BEGIN IMMEDIATE')
      const fault = store.write([batch({ slices: [sliceRow(10, 2)] })])
      assert.deepEqual([fault?.kind, fault?.message], ['unwritable', 'another process writes to it'])
      other.exec('ROLLBACK')
      assert.equal(store.write([batch({ slices: [sliceRow(10, 2)] })]), null)
    })
  })

  it('in a folder that is none says why, makes none, and is made when it is one', (t) => {
    const { path } = openStore(t)
    const folder = `${path}-folder`
    writeFileSync(folder, 'a file')
    const store = new OwnStore(`${folder}/history.db`, BOUNDS, () => {})
    t.after(() => store.close())
    assert.equal(store.write([batch({ slices: [sliceRow(0, 1)] })])?.kind, 'unwritable')
    renameSync(folder, `${folder}-old`)
    assert.equal(store.write([batch({ slices: [sliceRow(0, 1)] })])?.kind, 'unwritable')
    assert.equal(existsSync(folder), false)
    mkdirSync(folder)
    assert.equal(store.write([batch({ slices: [sliceRow(0, 1)] })]), null)
    chmodSync(`${folder}/history.db`, 0o600)
  })
})
