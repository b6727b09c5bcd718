import assert from 'node:assert/strict'
import { afterEach, beforeEach, describe, it, mock } from 'node:test'
import type { Batch } from '../../src/history/crossing.ts'
import { incidentEntry } from '../../src/history/entries.ts'
import { Recorder } from '../../src/history/recorder.ts'
import type { TargetName } from '../../src/history/records.ts'
import { KINDS } from '../../src/kinds/kinds.ts'
import type { Incident } from '../../src/observation/incident.ts'
import type { Observation } from '../../src/observation/observation.ts'
import { observation } from '../metrics/observations.ts'
import { MAIN, START } from './fixtures.ts'

class Monitor {
  observe: (observation: Observation) => void = () => {}
  leave: (target: TargetName) => void = () => {}
  written: Batch[] = []
  readonly recorder = new Recorder({
    monitor: 'm1',
    kinds: KINDS,
    clock: { wall: () => Date.now(), monotonic: () => Date.now() / 1000 },
    onObservation: (listener) => {
      this.observe = listener
      return () => {
        this.observe = () => {}
      }
    },
    onLeft: (listener) => {
      this.leave = listener
      return () => {}
    },
    holds: () => 5,
    redact: (text) => text.replaceAll('s3cret', '***'),
  })

  open(): void {
    this.recorder.open({
      write: (batch) => void this.written.push(batch),
      ask: () => Promise.reject(new Error('not here')),
    })
  }

  /** A second each, with an observation at its beginning. */
  watch(seconds: number, changes: Parameters<typeof observation>[0] = {}): void {
    for (let second = 0; second < seconds; second++) {
      this.observe(observation(changes))
      mock.timers.tick(1000)
    }
  }

  get slices() {
    return this.written.flatMap(({ slices }) => slices)
  }
  get states() {
    return this.written.flatMap(({ states }) => states)
  }
}

describe('the recorder', () => {
  let monitor: Monitor
  beforeEach(() => {
    mock.timers.enable({ apis: ['setTimeout', 'Date'], now: START })
    monitor = new Monitor()
  })
  afterEach(() => {
    monitor.recorder.close()
    mock.timers.reset()
  })

  it('writes what is complete right after each ten seconds', () => {
    monitor.open()
    monitor.watch(10)
    assert.deepEqual(monitor.written, [])
    mock.timers.tick(50)
    assert.deepEqual(
      monitor.slices.map(({ from, values }) => [from - START, JSON.parse(values).framesPerSecond]),
      [[0, [30, 30, 30, 10, 10]]],
    )
    assert.deepEqual(monitor.states, [{ ...MAIN, from: START, to: START + 10_050, state: 'ok', expected: true }])
    monitor.watch(20)
    assert.equal(monitor.slices.length, 3)
  })

  it('says what was until it closes, and then nothing', () => {
    monitor.open()
    monitor.watch(3)
    monitor.recorder.close()
    assert.deepEqual(
      monitor.slices.map(({ values }) => JSON.parse(values).drift),
      [[0.012, 0.012, 0.012, 3, 3]],
    )
    monitor.watch(30)
    assert.equal(monitor.written.length, 1)
  })

  it('ends a target that is watched no more', () => {
    monitor.open()
    monitor.watch(3)
    monitor.leave(MAIN)
    mock.timers.tick(60_000)
    assert.deepEqual(
      monitor.states.map(({ from, to }) => [from - START, to - START]),
      [[0, 3000]],
    )
  })

  it('leaves the time of a probe that has died unmeasured', () => {
    monitor.open()
    monitor.watch(1)
    mock.timers.tick(60_000)
    assert.equal(monitor.states.at(-1)?.to, START + 5000)
  })

  it('keeps no secret and no address of what happened', () => {
    monitor.open()
    const content = {
      ...{ summary: 'rtmp://relay.example/live/s3cret-key is away, says s3cret', times: 3 },
      dashboardUrl: 'https://monitor.example/dashboard',
    }
    monitor.recorder.add({ type: 'alert', of: MAIN, time: START, ended: null, key: 'a', content })
    mock.timers.tick(10_050)
    assert.deepEqual(
      monitor.written.flatMap(({ entries }) => entries.map((entry) => JSON.parse(entry.content))),
      [{ summary: 'rtmp://… is away, says ***', times: 3 }],
    )
  })

  it('keeps an incident as one entry for its whole life', () => {
    const incident = {
      ...{ id: 'a1', monitor: 'hall', site: '', severity: 'critical', status: 'open', change: 'opened' },
      ...{ startsAt: new Date(START).toISOString(), members: [], diagnosis: null, remedy: [], timeline: [] },
      ...{ via: 'notify', time: new Date(START).toISOString() },
    } as const satisfies Readonly<Record<string, unknown>>
    const said = (more: Partial<Incident>) => incidentEntry({ ...structuredClone(incident), ...more } as Incident)
    const [open, ended] = [said({}), said({ status: 'ended', endsAt: new Date(START + 60_000).toISOString() })]
    assert.deepEqual([open.key, open.time, open.ended], ['a1', START, null])
    assert.deepEqual([ended.key, ended.time, ended.ended], ['a1', START, START + 60_000])
  })

  it('keeps nothing, and grows by nothing, while it is not open', async () => {
    monitor.recorder.add({ type: 'event', of: MAIN, time: START, ended: null, key: null, content: {} })
    monitor.watch(30)
    monitor.open()
    mock.timers.tick(20_000)
    assert.deepEqual(monitor.written, [])
    monitor.recorder.close()
    await assert.rejects(monitor.recorder.ask({ ask: 'extent' }), { code: 'no-history' })
  })
})
