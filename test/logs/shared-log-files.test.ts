import assert from 'node:assert/strict'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { type LogFileOwner, openLogFiles, shareLogFile } from '../../src/logs/shared-log-files.ts'
import { LogFolder } from './fixtures.ts'

describe('a file that several write to', () => {
  let folder: LogFolder
  beforeEach(() => {
    folder = new LogFolder()
  })
  afterEach(() => {
    folder.remove()
    assert.equal(openLogFiles(), 0)
  })
  const owner = (bytes = 1000, kept = 1): LogFileOwner & { changes: number } => ({
    changes: 0,
    limits: { bytes, kept },
    sayLost: (count, { sequence }) => `${sequence} lost ${count}\n`,
    changed() {
      this.changes += 1
    },
  })

  it('is one file, in which each line has its place', async () => {
    const [one, other] = [shareLogFile(folder.file(), owner()), shareLogFile(folder.file(), owner())]
    assert.equal(openLogFiles(), 1)
    one.append(({ sequence }) => `${sequence} one\n`)
    other.append(({ sequence }) => `${sequence} other\n`)
    one.append(({ sequence }) => `${sequence} one\n`)
    await one.release()
    await other.release()
    assert.deepEqual(folder.lines(), ['1 one', '2 other', '3 one'])
  })

  it('stays open until the last one has given it back, and is written whole by then', async () => {
    const [one, other] = [shareLogFile(folder.file(), owner()), shareLogFile(folder.file(), owner())]
    assert.equal(await one.release(), 0)
    assert.equal(openLogFiles(), 1)
    for (let line = 0; line < 20; line += 1) other.append(() => `${line}\n`)
    assert.equal(await other.release(), 0)
    assert.equal(openLogFiles(), 0)
    assert.equal(folder.lines().length, 20)
  })

  it('is kept by one who comes while the last one gives it back', async () => {
    const one = shareLogFile(folder.file(), owner())
    one.append(({ sequence }) => `${sequence}\n`)
    const ended = one.release()
    const other = shareLogFile(folder.file(), owner())
    await ended
    assert.equal(openLogFiles(), 1)
    other.append(({ sequence }) => `${sequence}\n`)
    await other.release()
    assert.deepEqual(folder.lines(), ['1', '2'])
  })

  it('has the larger limits of those who share it', async () => {
    const [one, other] = [shareLogFile(folder.file(), owner(10, 0)), shareLogFile(folder.file(), owner(1000, 2))]
    for (let line = 0; line < 20; line += 1) one.append(() => `${line}\n`)
    await one.release()
    await other.release()
    assert.deepEqual(folder.names(), ['hmonitor.ndjson'])
    assert.equal(folder.lines().length, 20)
  })

  it('tells all of them that it cannot be written, and the last one how much that cost', async () => {
    writeFileSync(join(folder.path, 'logs'), '')
    const owners = [owner(), owner()]
    const [one, other] = owners.map((each) => shareLogFile(folder.file(), each))
    one?.append(() => 'one\n')
    other?.append(() => 'other\n')
    assert.equal(await one?.release(), 0)
    const begin = performance.now()
    assert.equal(await other?.release(), 2)
    assert.ok(performance.now() - begin < 1000, 'it does not wait for what fails')
    assert.equal(owners[1]?.changes, 1)
    rmSync(join(folder.path, 'logs'))
    assert.equal(existsSync(folder.file()), false)
  })

  it('leaves nothing behind, a hundred times', async () => {
    for (let round = 0; round < 100; round += 1) {
      const share = shareLogFile(folder.file(), owner(1_000_000))
      share.append(() => `${round}\n`)
      await share.release()
    }
    assert.equal(folder.lines().length, 100)
  })
})
