import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { makeReport } from '../../src/report/make-report.ts'
import { ReportFiles } from '../../src/report/report-files.ts'
import { SAMPLE, START } from './sample.ts'

const HOUR = 3_600_000

describe('the kept reports', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'reports-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const report = (hours: number, target = 'main') => {
    const from = new Date(START + hours * HOUR).toISOString()
    return { ...makeReport(SAMPLE), target, from, madeAt: from }
  }
  const names = () => readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name))

  it('are a page, a table and the data of each, and nothing half', async () => {
    assert.equal(await new ReportFiles(folder).keep(report(0), 'en'), null)
    assert.deepEqual(
      names()
        .map((name) => name.replace(/^main-[0-9a-f]{8}\//, ''))
        .sort(),
      ['.csv', '.html', '.json'].map((ending) => `2026-03-01T10-00-00.000Z${ending}`),
    )
  })

  it('say what the last eight events of the same stream were, the newest first', async () => {
    const files = new ReportFiles(folder)
    for (let hours = 0; hours < 10; hours++) await files.keep(report(hours), 'en')
    await files.keep(report(3, 'other'), 'en')
    const past = await files.past('main', START + 9 * HOUR)
    assert.deepEqual(
      past.map(({ from }) => (from - START) / HOUR),
      [8, 7, 6, 5, 4, 3, 2, 1],
    )
    assert.deepEqual([past[0]?.down, past[0]?.interruptions, past[0]?.videoBytesPerSecond], [45_800, 2, 560_000])
  })

  it('pass over what is no report', async () => {
    const files = new ReportFiles(folder)
    await files.keep(report(0), 'en')
    const own = join(folder, readdirSync(folder)[0] ?? '')
    for (const text of ['', '{', '5', '{"version":1}', '{"version":2,"account":{}}']) {
      writeFileSync(join(own, `2026-03-01T09-00-0${text.length % 10}.json`), text)
    }
    assert.equal((await files.past('main', START + HOUR)).length, 1)
  })

  it('stay within a folder, whatever a stream is called, and tell two names apart', async () => {
    const files = new ReportFiles(folder)
    for (const target of ['../../../evil', '..', 'a/b', 'a?b', 'x'.repeat(256)]) {
      assert.equal(await files.keep(report(0, target), 'de'), null)
      assert.equal((await files.past(target, START + HOUR)).length, 1)
    }
    assert.equal(readdirSync(folder).length, 5)
  })

  it('go after a year', async () => {
    const files = new ReportFiles(folder)
    await files.keep(report(0), 'en')
    await files.keep(report(24 * 367), 'en')
    assert.equal(names().length, 3)
  })

  it('say why they cannot be kept', async () => {
    writeFileSync(join(folder, 'file'), '')
    assert.match(
      (await new ReportFiles(join(folder, 'file')).keep(report(0), 'en')) ?? '',
      /a part of that path is a file/,
    )
  })
})
