import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { STREAM_CHECKS } from '../../src/health/checks/stream.ts'
import { startNginxRtmp } from '../fixtures/servers/nginx-rtmp.ts'
import { startNodeMediaServer } from '../fixtures/servers/node-media-server.ts'
import { isFault, withReader } from './case.ts'
import { ROWS } from './cases/all.ts'
import { deadlineOf } from './deadline.ts'
import { footageFile } from './footage.ts'
import { line } from './report.ts'
import { isWorthASecondTime, type Play, play } from './runner.ts'
import type { Servers } from './stage.ts'

const faults = ROWS.filter(isFault)
const short = ROWS.filter((row) => row.short)
/** Played here with FFmpeg's programs too. */
const BY_FFPROBE: ReadonlySet<string> = new Set(['power', 'ok-plain'])
const plays = short.flatMap((row): Play[] => [
  { row, reader: 'auto' },
  ...(BY_FFPROBE.has(row.id) ? [{ row, reader: 'ffprobe' } as const] : []),
])

/** Checks for which no fault can be made, and where they are tested. */
const NOT_MADE: Readonly<Record<string, string>> = {
  soundNotHeard: 'ffmpeg publishes no sound that ffmpeg cannot decode; test/stream/content/meter.test.ts',
  stillSending: 'comes ten minutes after an event was ended; test/health/checks/after-event.test.ts',
  eventBudgetHalf: 'is about a whole event, of which 300 s are measured first; test/objectives/event-budget.test.ts',
  eventBudgetSpent: 'the same',
  unusual: 'needs broadcasts before this one; test/baselines',
}

describe('the fault suite', () => {
  it('makes at least 50 faults, and as many healthy streams', () => {
    assert.ok(faults.length >= 50, `${faults.length} faults`)
    assert.ok(ROWS.length - faults.length >= 50, `${ROWS.length - faults.length} healthy streams`)
    assert.equal(new Set(ROWS.map(({ id }) => id)).size, ROWS.length)
  })

  it('has a fault for every check of a stream', () => {
    const expected = new Set(faults.flatMap(({ expects }) => expects))
    assert.deepEqual(
      new Set(STREAM_CHECKS.map(({ type }) => type).filter((type) => !expected.has(type))),
      new Set(Object.keys(NOT_MADE)),
    )
  })

  it('gives every fault a deadline that follows from the table of checks', () => {
    for (const row of faults) for (const type of row.expects) assert.ok(deadlineOf(type, row) >= 3, `${row.id} ${type}`)
  })

  it('has a row of every kind in this test, the rest being played by npm run test:faults', () => {
    const kinds = new Set(ROWS.filter(({ kind }) => kind !== 'generated').map(({ kind }) => kind))
    assert.deepEqual(new Set(short.map(({ kind }) => kind)), kinds)
  })
})

describe('one fault of each kind, and a healthy stream', { concurrency: plays.length }, () => {
  let servers: Servers
  before(async () => {
    for (const footage of short.flatMap((row) => row.footage ?? [])) await footageFile(footage)
    servers = { nginx: await startNginxRtmp(), nms: await startNodeMediaServer() }
  })
  after(() => Promise.all([servers?.nginx.stop(), servers?.nms.stop()]))

  for (const one of plays) {
    const { what, ...row } = withReader(one.row, one.reader)
    const expected = 'expects' in row ? row.expects.join(', ') : 'no warning and no error'
    it(`${what} (${one.reader}): ${expected}`, async () => {
      const first = await play(one, servers)
      const result = isWorthASecondTime(first) ? await play(one, servers) : first
      assert.ok(result.ok, line(result))
    })
  }
})
