import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EventTimes } from '../../src/objectives/event-times.ts'
import type { State } from '../../src/observation/observation.ts'
import { measurements } from '../metrics/observations.ts'

/** Seconds for which an observation holds. */
const HOLDS = 5
const START = Date.parse('2026-03-01T10:00:00Z')

class Stream {
  readonly times = new EventTimes()
  second = 0

  /** Observes once a second. */
  be(state: State, seconds: number, expected = state !== 'off'): this {
    for (let passed = 0; passed < seconds; passed++) this.observe(state, expected, 1)
    return this
  }

  observe(state: State, expected: boolean, after: number): this {
    this.second += after
    const time = new Date(START + this.second * 1000).toISOString()
    const what = { kind: 'stream', target: 'main', labels: {}, time, sequence: this.second } as const
    const observation = { ...what, state, expected, score: null, measurements: measurements(), issues: [] }
    this.times.observe(observation, this.second, HOLDS)
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
})
