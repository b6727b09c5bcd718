import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it, mock, type TestContext } from 'node:test'
import { KINDS } from '../../src/kinds/kinds.ts'
import { MonitorState } from '../../src/monitor/state.ts'
import type { State } from '../../src/observation/observation.ts'
import { EventEnds } from '../../src/report/event-ends.ts'
import type { Report } from '../../src/report/report.ts'
import { Reports } from '../../src/report/reports.ts'
import { openStore } from '../history/fixtures.ts'
import { observation } from '../metrics/observations.ts'
import { mockedClock, mockTime, pass, START } from '../monitor/fixtures.ts'

const { signal } = new AbortController()
const WHOLE_EVENT = { target: 'main', from: null, to: null, timezone: 'Europe/Berlin' }

describe('the reports of a monitor', () => {
  let state: MonitorState
  beforeEach(() => {
    mockTime()
    state = new MonitorState('m1', KINDS, mockedClock)
    state.directory.enter('stream', 'main', 'test', 1)
  })
  afterEach(() => {
    state.history.close()
    mock.timers.reset()
  })
  const keep = (t: TestContext) => {
    const { store } = openStore(t)
    const ask = (question: never) => Promise.resolve(store.answer(question))
    state.history.open({ write: (batch) => void store.write([batch]), ask: ask as never })
  }
  let sequence = 0
  /** One observation a second. */
  const watch = (seconds: number, is: State, expected = true) => {
    for (let second = 0; second < seconds; second++) {
      sequence += 1
      state.newest.put({ ...observation(), state: is, expected, sequence, time: new Date(Date.now()).toISOString() })
      pass(1)
    }
  }
  const make = (request: Partial<Parameters<Reports['make']>[0]> = {}): Promise<Report> =>
    state.part(Reports).make({ ...WHOLE_EVENT, ...request }, signal)

  it('are of the event that was last, with lengths that add up', async (t) => {
    keep(t)
    watch(30, 'off', false)
    watch(60, 'ok')
    watch(25, 'down')
    watch(40, 'ok')
    watch(60, 'off', false)
    const { from, to, account, interruptions, verdict, series } = await make()
    assert.deepEqual([Date.parse(from) - START, Date.parse(to) - START], [30_000, 155_000])
    assert.deepEqual(account, { expected: 125, up: 100, degraded: 0, down: 25, unknown: 0 })
    assert.deepEqual(
      interruptions.map(({ seconds, endedBy }) => [seconds, endedBy]),
      [[25, 'media']],
    )
    assert.equal(verdict.says, 'On the air 1:40 of 2:05 (80 %), one interruption of 25 s.')
    assert.deepEqual(
      series.map(({ measure }) => measure),
      ['videoBytesPerSecond', 'framesPerSecond', 'drift'],
    )
  })

  it('know nothing of the time in which the monitor was killed, and go on over it', async (t) => {
    keep(t)
    watch(60, 'ok')
    pass(90)
    watch(60, 'ok')
    watch(30, 'off', false)
    const { account, gaps } = await make()
    // What was observed last says something for some seconds more.
    assert.equal(account.expected, 210)
    assert.ok(account.unknown > 80 && account.unknown <= 90, `${account.unknown}`)
    assert.equal(account.up + account.unknown, 210)
    assert.deepEqual(
      gaps.map(({ seconds }) => seconds),
      [account.unknown],
    )
  })

  it('cover what they are asked for, and say why not', async (t) => {
    keep(t)
    watch(60, 'ok')
    const { account } = await make({ from: START + 10_000, to: START + 30_000 })
    assert.equal(account.up, 20)
    const refused = async (request: Parameters<typeof make>[0], code: string) =>
      assert.rejects(make(request), (error: { code?: string }) => error.code === code)
    await refused({ target: 'other' }, 'unknown-target')
    await refused({ from: START + 30_000, to: START + 10_000 }, 'invalid-message')
    await refused({ from: START - 40 * 86_400_000 }, 'invalid-message')
  })

  it('are none where no history is kept, or nothing was ever expected', async (t) => {
    await assert.rejects(make(), { code: 'no-history' })
    keep(t)
    watch(30, 'off', false)
    await assert.rejects(make(), { code: 'no-history' })
  })

  it('are due when an event has been over for a while, and not when it goes on', () => {
    const ended: string[] = []
    const ends = new EventEnds(state, {
      ...{ hour: null, timezone: 'UTC' },
      ended: (target) => ended.push(target),
      hourCame: () => {},
    })
    watch(5, 'ok')
    watch(20, 'off', false)
    watch(5, 'ok')
    watch(39, 'off', false)
    assert.deepEqual(ended, [])
    watch(2, 'off', false)
    assert.deepEqual(ended, ['main'])
    watch(90, 'off', false)
    assert.deepEqual(ended, ['main'])
    ends.close()
  })

  it('are due when the monitor runs again after an event that it has not seen end', (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'event-ends-'))
    t.after(() => rmSync(folder, { recursive: true }))
    const start = () => {
      state = new MonitorState('m1', KINDS, mockedClock)
      state.directory.enter('stream', 'main', 'test', 1)
      state.eventTimes.open(join(folder, 'events.json'), (file) => assert.fail(file.what))
    }
    start()
    watch(30, 'ok')
    pass(300)
    start()
    const ended: string[] = []
    const ends = new EventEnds(state, {
      ...{ hour: null, timezone: 'UTC' },
      ended: (target) => ended.push(target),
      hourCame: () => {},
    })
    t.after(() => ends.close())
    watch(100, 'off', false)
    assert.deepEqual(ended, ['main'])
  })
})
