/** What becomes of the history when its process is killed while it writes, and its disk is full or read-only. */
import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, it, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { HistoryStore, type StoreProblem } from '../../src/history/store.ts'
import { until } from '../fixtures/wait.ts'
import { batch, folder, interval, openStore, START, sliceRow } from '../history/fixtures.ts'

/** What these tests write is of a day long past: it must not be too old. */
const KEPT = { days: 3660, megabytes: 1000 }
const WRITER = fileURLToPath(new URL('history-writer.ts', import.meta.url))

/** A small file system of its own. */
function disk(t: TestContext, options: string): string {
  const path = mkdtempSync(join(tmpdir(), 'hmonitor-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path])
  t.after(() => {
    execFileSync('umount', ['-l', path])
    rmdirSync(path)
  })
  return path
}

function storeIn(t: TestContext, path: string): HistoryStore {
  const store = new HistoryStore({
    path: join(path, 'history.db'),
    bounds: KEPT,
    damaged: ({ what }) => assert.fail(what),
  })
  t.after(() => store.close())
  return store
}

/** As it is now: the compiler would hold what was looked at before for all there is. */
function problemOf(store: HistoryStore): StoreProblem | null {
  return store.problem
}

/** How many slices there are of one target. */
async function countIn(store: HistoryStore): Promise<number> {
  const question = {
    ask: 'slices',
    monitor: 'm1',
    kind: 'stream',
    target: 'main',
    step: 10_000,
    measures: null,
  } as const
  return (await store.ask({ ...question, from: START, to: START + 1e9 })).length
}

describe('the history', () => {
  it('is whole after its process was killed in the middle of writing, with all that was said to be on disk', async (t) => {
    const path = join(folder(t), 'history.db')
    for (let time = 0; time < 3; time++) {
      const writer = spawn(process.execPath, [WRITER, path], { stdio: ['ignore', 'pipe', 'inherit'] })
      let written = -1
      const lines = createInterface({ input: writer.stdout })
      lines.on('line', (line) => {
        assert.match(line, /^on disk/)
        written = Number(line.split(' ').at(-1))
      })
      await until(() => written >= 3 + 4 * time, 120, 'some batches on disk')
      writer.kill('SIGKILL')
      await once(writer, 'exit')
      lines.close()
      const { store, damaged } = openStore(t, path)
      const found = store.answer({
        ...{ ask: 'slices', monitor: 'm1', kind: 'stream', target: 's199', step: 10_000, measures: null },
        ...{ from: START, to: START + 1e9 },
      })
      assert.ok(Array.isArray(found) && found.length > written, `${written}`)
      assert.deepEqual(damaged, [])
      store.close()
    }
  })

  it('waits for room on a full disk, and has all of it then', async (t) => {
    const path = disk(t, 'size=1m')
    const store = storeIn(t, path)
    store.write(batch({ slices: [sliceRow(0, 0)] }))
    await store.settled(30_000)
    assert.equal(store.problem, null)
    writeFileSync(join(path, 'other'), Buffer.alloc(900_000))
    let number = 1
    await until(
      async () => {
        const slices = Array.from({ length: 50 }, (_, index) => sliceRow((number + index) * 10, 1))
        store.write(batch({ slices, states: [interval(number * 10, (number + 50) * 10)] }))
        number += 50
        await store.settled(30_000)
        return store.problem !== null
      },
      60,
      'a full disk',
    )
    const told = problemOf(store)
    assert.match(told?.message ?? '', /the disk is full/)
    assert.equal(told?.lost, 0)
    rmSync(join(path, 'other'))
    store.write(batch({ slices: [sliceRow(number * 10, 1)] }))
    await store.settled(30_000)
    assert.equal(store.problem, null)
    assert.equal(await countIn(store), number + 1)
  })

  it('is written once a read-only disk can be written', async (t) => {
    const path = disk(t, 'ro,size=8m')
    const store = storeIn(t, path)
    store.write(batch({ slices: [sliceRow(0, 0)] }))
    await store.settled(30_000)
    assert.match(store.problem?.message ?? '', /read-only/)
    execFileSync('mount', ['-o', 'remount,rw', path])
    store.write(batch({ slices: [sliceRow(10, 0)] }))
    await store.settled(30_000)
    assert.equal(store.problem, null)
    assert.equal(await countIn(store), 2)
  })

  it('forgets the oldest where more waits than memory may take', async (t) => {
    const store = storeIn(t, disk(t, 'ro,size=8m'))
    const slices = Array.from({ length: 3000 }, (_, index) => sliceRow(index * 10, 1))
    for (let times = 0; times < 9; times++) store.write(batch({ slices }))
    await store.settled(60_000)
    await until(() => (store.problem?.lost ?? 0) > 0, 30, 'rows that are given up')
    assert.equal(store.problem?.lost, 9000)
  })
})
