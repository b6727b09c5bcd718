import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it, type TestContext } from 'node:test'
import { EventTimes } from '../../src/objectives/event-times.ts'
import type { State } from '../../src/observation/observation.ts'
import { measurements } from '../metrics/observations.ts'

/** Seconds for which an observation holds. */
const HOLDS = 5
const START = Date.parse('2026-03-01T10:00:00Z')

function observed(state: State, second: number, expected = true) {
  const time = new Date(START + second * 1000).toISOString()
  const what = { kind: 'stream', target: 'main', labels: {}, time, sequence: second } as const
  return { ...what, state, expected, score: null, measurements: measurements(), issues: [] }
}

class Stream {
  times = new EventTimes()
  second = 0

  /** Another process goes on, after some seconds in which none ran. */
  restart(path: string, away = 0): this {
    this.times = new EventTimes()
    this.times.open(path, (file) => assert.fail(file.what))
    this.second += away
    return this
  }

  /** Observes once a second. */
  be(state: State, seconds: number, expected = state !== 'off'): this {
    for (let passed = 0; passed < seconds; passed++) this.observe(state, expected, 1)
    return this
  }

  observe(state: State, expected: boolean, after: number): this {
    this.second += after
    this.times.observe(observed(state, this.second, expected), this.second, HOLDS)
    return this
  }

  get time() {
    const event = this.times.of('main')
    return event && [event.expected, event.measured, event.bad]
  }
}

describe('the time of an event', () => {
  it('is what was expected, what of it was measured, and what of that was off the air', () => {
    const stream = new Stream()
      .be('off', 100)
      .be('ok', 600)
      .be('down', 20)
      .be('degraded', 80)
      .be('unknown', 50)
      .be('ok', 1)
    assert.deepEqual(stream.time, [750, 700, 20])
    assert.equal(stream.times.of('main')?.startedAt, START + 101_000)
  })

  it('counts no more than it knows where the monitor paused', () => {
    const stream = new Stream().be('ok', 11).observe('ok', true, 100)
    assert.deepEqual(stream.time, [110, 10 + HOLDS, 0])
  })

  it('is none while the stream is not expected', () => {
    assert.equal(new Stream().be('off', 10).time, null)
    assert.equal(new Stream().be('ok', 10).be('off', 10).time, null)
  })

  it('goes on where somebody ended it by mistake, and begins anew ten minutes later', () => {
    assert.deepEqual(new Stream().be('ok', 100).be('ok', 300, false).be('ok', 100).time, [199, 199, 0])
    assert.deepEqual(new Stream().be('ok', 100).be('off', 700).be('ok', 101).time, [100, 100, 0])
  })

  it('is forgotten with its target', () => {
    const stream = new Stream().be('ok', 100)
    stream.times.forget('main')
    assert.equal(stream.time, null)
  })

  it('goes on over a restart, in which it was expected and not measured', (t) => {
    const path = pathOf(t)
    const stream = new Stream().restart(path).be('ok', 300).be('down', 21).restart(path, 30).be('ok', 10)
    const { expected = 0, measured = 0, bad = 0, startedAt } = stream.times.of('main') ?? {}
    assert.equal(startedAt, START + 1000)
    assert.equal(expected, 360)
    // What was counted last is lost by a sudden end, and no more.
    assert.ok(bad >= 15 && bad <= 20, `${bad}`)
    assert.ok(measured >= 324 && measured <= 330, `${measured}`)
    assert.equal(stream.times.takeEndedUnseen('main'), false)
  })

  it('begins anew where nobody looked for longer than ten minutes, and the one before has ended', (t) => {
    const path = pathOf(t)
    const stream = new Stream().restart(path).be('ok', 300).restart(path, 3600).be('ok', 10)
    assert.deepEqual(stream.time, [9, 9, 0])
    assert.equal(stream.times.takeEndedUnseen('main'), true)
    assert.equal(stream.times.takeEndedUnseen('main'), false)
  })

  it('that ended while nobody looked is told once, and one that had ended before is not', (t) => {
    const path = pathOf(t)
    const stream = new Stream().restart(path).be('ok', 300).restart(path, 60).be('off', 3)
    assert.equal(stream.time, null)
    assert.equal(stream.times.takeEndedUnseen('main'), true)
    stream.restart(path, 60).be('off', 3)
    assert.equal(stream.times.takeEndedUnseen('main'), false)
  })

  it('is written at most once a second, of however many streams that go away together', (t) => {
    const path = pathOf(t)
    const times = new EventTimes()
    times.open(path, (file) => assert.fail(file.what))
    for (const target of Array.from({ length: 100 }, (_, n) => `s${n}`)) {
      times.observe({ ...observed('ok', 1), target }, 1, HOLDS)
    }
    const first = readFileSync(path, 'utf8')
    assert.equal(JSON.parse(first).events.length, 1)
    times.observe({ ...observed('ok', 2), target: 's0' }, 2, HOLDS)
    assert.equal(JSON.parse(readFileSync(path, 'utf8')).events.length, 100)
  })
})

function pathOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'event-times-'))
  t.after(() => rmSync(folder, { recursive: true }))
  return join(folder, 'events', 'm1.json')
}
