import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { LogFile, type LogFileOptions } from '../../src/logs/log-file.ts'
import { until } from '../fixtures/wait.ts'
import { LogFolder } from './fixtures.ts'

describe('a log file', () => {
  let folder: LogFolder
  let log: LogFile
  let changes: number
  beforeEach(() => {
    folder = new LogFolder()
    changes = 0
  })
  afterEach(async () => {
    await log.flush()
    log.close()
    folder.remove()
  })
  const open = (more: Partial<LogFileOptions> = {}) => {
    log = new LogFile({
      path: folder.file(),
      limits: () => ({ bytes: 1_000_000, kept: 2 }),
      sayLost: (count) => `lost ${count}\n`,
      changed: () => {
        changes += 1
      },
      ...more,
    })
  }
  const append = (...lines: string[]) => {
    for (const line of lines) log.append(`${line}\n`)
  }
  const mode = (path: string) => (statSync(path).mode & 0o777).toString(8)
  const untilLines = (count: number) =>
    until(
      () => folder.lines().length === count,
      5,
      () => `${count} lines, not ${folder.lines().length}`,
    )

  it('is made with its folder, for the user of the monitor alone', async () => {
    open()
    append('one')
    await log.flush()
    assert.deepEqual(folder.lines(), ['one'])
    assert.equal(mode(folder.file()), '600')
    assert.equal(mode(dirname(folder.file())), '700')
  })

  it('holds lines in the order in which they came, after those of an earlier process', async () => {
    open()
    append('one')
    await log.flush()
    log.close()
    open()
    append('two', 'three')
    await log.flush()
    assert.deepEqual(folder.lines(), ['one', 'two', 'three'])
  })

  it('makes nobody wait for the disk', async () => {
    open()
    append('one')
    assert.equal(existsSync(folder.file()), false)
    assert.equal(log.state.waiting, 1)
    await untilLines(1)
  })

  it('takes thousands of lines at once and goes on with what comes meanwhile', async () => {
    open({ limits: () => ({ bytes: 100_000_000, kept: 0 }) })
    const lines = Array.from({ length: 5000 }, (_, at) => `${at} ${'x'.repeat(400)}`)
    append(...lines)
    setImmediate(() => append('meanwhile'))
    await untilLines(5001)
    // The last line stands in the file a moment before the write is known to have succeeded.
    await log.flush()
    assert.deepEqual(folder.lines(), [...lines, 'meanwhile'])
    assert.deepEqual(log.state, { waiting: 0, lost: 0, problem: null, failingSince: null })
  })

  it('begins a new line where a process was killed within one', async () => {
    mkdirSync(dirname(folder.file()))
    writeFileSync(folder.file(), '{"half')
    open()
    append('whole')
    await log.flush()
    assert.deepEqual(folder.lines(), ['{"half', 'whole'])
  })

  it('goes on in a new file where somebody deleted it', async () => {
    open()
    append('one')
    await log.flush()
    rmSync(dirname(folder.file()), { recursive: true })
    append('two')
    await log.flush()
    assert.deepEqual(folder.lines(), ['two'])
    assert.equal(changes, 0)
  })

  it('goes on in a new file where logrotate moved it, or in the old one where it cut it', async () => {
    open()
    append('one')
    await log.flush()
    renameSync(folder.file(), folder.file('moved'))
    append('two')
    await log.flush()
    assert.deepEqual([folder.lines('moved'), folder.lines()], [['one'], ['two']])
    writeFileSync(folder.file(), '')
    append('three')
    await log.flush()
    assert.deepEqual(folder.lines(), ['three'])
  })

  describe('that is full', () => {
    it('becomes .1, that one .2, and the oldest goes', async () => {
      open({ limits: () => ({ bytes: 20, kept: 12 }) })
      append(...Array.from({ length: 29 }, (_, at) => `line ${at + 10}`))
      await log.flush()
      const older = Array.from({ length: 12 }, (_, at) => `hmonitor.ndjson.${at + 1}`)
      assert.deepEqual(folder.names(), ['hmonitor.ndjson', ...older].sort())
      assert.deepEqual(folder.lines(), ['line 38'])
      for (const [at, name] of older.entries()) {
        assert.deepEqual(folder.lines(name), [`line ${36 - 2 * at}`, `line ${37 - 2 * at}`])
        assert.equal(mode(folder.file(name)), '600')
      }
    })

    it('never becomes larger than it may, but for a line that alone is', async () => {
      open({ limits: () => ({ bytes: 1000, kept: 100 }) })
      append(...Array.from({ length: 300 }, (_, at) => `${at}`.repeat(at % 20)), 'y'.repeat(2000), 'end')
      await log.flush()
      const sizes = folder.names().map((name) => statSync(folder.file(name)).size)
      assert.deepEqual(
        sizes.filter((size) => size > 1000),
        [2001],
      )
      assert.deepEqual(folder.lines(), ['end'])
    })

    it('is begun anew where no older one is to be kept', async () => {
      open({ limits: () => ({ bytes: 10, kept: 0 }) })
      append('first', 'second', 'third')
      await log.flush()
      assert.deepEqual(folder.names(), ['hmonitor.ndjson'])
      assert.deepEqual(folder.lines(), ['third'])
    })

    it('takes what a larger number had kept, and no file of another name', async () => {
      mkdirSync(dirname(folder.file()))
      const others = ['hmonitor.ndjson.gz', 'hmonitor.ndjson.01', 'hmonitor.ndjson2.7', 'hmonitor.ndjson.1.gz']
      for (const name of ['hmonitor.ndjson.2', 'hmonitor.ndjson.9', ...others]) appendFileSync(folder.file(name), 'x\n')
      open({ limits: () => ({ bytes: 10, kept: 1 }) })
      append('first', 'second')
      await log.flush()
      assert.deepEqual(folder.names(), ['hmonitor.ndjson', 'hmonitor.ndjson.1', ...others].sort())
      assert.deepEqual(folder.lines('hmonitor.ndjson.1'), ['first'])
    })
  })

  describe('that cannot be written', () => {
    /** A file where the folder should be: nobody can write below it, not even root. */
    const block = () => writeFileSync(join(folder.path, 'logs'), '')
    const unblock = () => rmSync(join(folder.path, 'logs'))

    it('says why, keeps what comes, and writes it as soon as it can', async () => {
      block()
      open()
      append('one')
      await until(() => log.state.problem !== null, 5, 'the problem')
      assert.equal(log.state.problem, 'a part of that path is a file')
      assert.ok(Math.abs(Date.now() - (log.state.failingSince ?? 0)) < 5000)
      append('two')
      assert.equal(log.state.waiting, 2)
      unblock()
      await untilLines(2)
      assert.deepEqual(folder.lines(), ['one', 'two'])
      await until(() => log.state.problem === null, 5, 'the problem is over')
      assert.equal(log.state.failingSince, null)
      assert.equal(changes, 2)
    })

    it('keeps so many lines, counts the others, and says in their place how many are missing', async () => {
      block()
      open({ bounds: { lines: 3, bytes: 1000 } })
      append('1', '2', '3')
      await log.flush()
      append('4', '5')
      assert.deepEqual([log.state.waiting, log.state.lost], [3, 2])
      assert.equal(changes, 2)
      unblock()
      await untilLines(4)
      append('6')
      await untilLines(5)
      assert.deepEqual(folder.lines(), ['1', '2', '3', 'lost 2', '6'])
      assert.equal(log.state.lost, 0)
    })

    it('asks the disk no more often because more comes', async () => {
      block()
      let tries = 0
      const limits = () => {
        tries += 1
        return { bytes: 1000, kept: 0 }
      }
      open({ limits })
      append('one')
      await until(() => log.state.problem !== null, 5, 'the problem')
      for (let turn = 0; turn < 20; turn += 1) {
        append('more')
        await new Promise(setImmediate)
      }
      assert.equal(tries, 1)
    })

    it('keeps so many bytes', async () => {
      block()
      open({ bounds: { lines: 1000, bytes: 20 } })
      append('12345678', '12345678', '12345678')
      await log.flush()
      assert.deepEqual([log.state.waiting, log.state.lost], [2, 1])
    })

    it('ends at once, and leaves no timer behind', async () => {
      block()
      open()
      append('one')
      await log.flush()
      log.close()
      unblock()
      append('two')
      await log.flush()
      assert.equal(existsSync(folder.file()), false)
      assert.equal(log.state.waiting, 1)
    })
  })

  describe('on a full disk', () => {
    beforeEach(() => {
      mkdirSync(dirname(folder.file()))
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dirname(folder.file())])
    })
    afterEach(async () => {
      // The other hook has not yet closed it.
      await log.flush()
      log.close()
      execFileSync('umount', ['--lazy', dirname(folder.file())])
    })

    it('leaves no half line, and writes each line once when there is room again', async () => {
      open()
      writeFileSync(folder.file('other'), Buffer.alloc(40_000))
      append('before')
      await log.flush()
      const lines = Array.from({ length: 400 }, (_, at) => `${at} ${'x'.repeat(100)}`)
      append(...lines)
      await log.flush()
      assert.equal(log.state.problem, 'the disk is full')
      assert.deepEqual(folder.lines(), ['before'])
      assert.equal(statSync(folder.file()).size, 'before\n'.length)
      rmSync(folder.file('other'))
      append('after')
      await untilLines(402)
      assert.deepEqual(folder.lines(), ['before', ...lines, 'after'])
    })
  })
})
